"""Keeping a row for each clock rule in force, however the rule came there."""

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connections, transaction
from django.db.models import Exists, Max, Min, OuterRef, QuerySet

from detent.trigger.delivery.database_clock import database_now
from detent.trigger.models import ClockSchedule, Ruleset, TriggerRule
from detent.trigger.ruleset import ask_again
from detent.trigger.types.clock import ClockConfiguration

logger = logging.getLogger("detent.trigger")

RULES_AT_ONCE = 500
WRITTEN = ("rule", "rule_modified", "revised", "due")

_seen: dict[str, str] = {}


def keep_schedules(using: str) -> None:
    """Make the clock schedules agree with the clock rules in force: made, revised, archived, paused, resumed, loaded.

    It asks for the ruleset's token, and for no more while that has not moved; then it reads the rules whose rows do not
    agree with them, and no others.

    Args:
        using: The database alias.
    """
    token = Ruleset.objects.token(using)
    if _seen.get(using) == token:
        return
    # A row that agrees with its rule must not tick by what the rule said before.
    ask_again(using)
    if _agree(using, token) and not connections[using].in_atomic_block:
        _seen[using] = token


def _agree(using: str, token: str) -> bool:
    """Bring rows and rules to agreement in steps, each a short transaction; False: someone else is at it."""
    last = 0
    while True:
        with transaction.atomic(using=using, savepoint=False):
            # Without a token nobody has ever changed a rule.
            if token and not _nobody_changes_rules(using):
                return False
            if not last:
                _end_rows(using)
            rules = list(_without_row(using).filter(pk__gt=last)[:RULES_AT_ONCE])
            if rules:
                _write_rows(using, rules)
        if len(rules) < RULES_AT_ONCE:
            return True
        last = rules[-1].pk


def _nobody_changes_rules(using: str) -> bool:
    """Keep others from changing rules until the end of the transaction; False: someone does that now."""
    return bool(Ruleset.objects.using(using).select_for_update(skip_locked=True))


def _in_force(using: str) -> QuerySet[TriggerRule]:
    in_force: QuerySet[TriggerRule] = TriggerRule.objects.using(using).in_force()
    return in_force.filter(type="CLOCK")


def _end_rows(using: str) -> None:
    """Take the rows of archived rules away, and let those of paused ones have no next tick."""
    ended = ClockSchedule.objects.using(using).exclude(Exists(_in_force(using).filter(lineage=OuterRef("lineage"))))
    ended.filter(rule__in=TriggerRule.objects.using(using).exclude(archived=None)).delete()
    ended.exclude(due=None).update(due=None)


def _without_row(using: str) -> QuerySet[TriggerRule]:
    """Return the rules in force that have no row with a next tick: new ones, or revised, resumed or loaded again."""
    rows = ClockSchedule.objects.using(using).exclude(due=None)
    agreeing = rows.filter(rule=OuterRef("pk"), rule_modified=OuterRef("last_modified"))
    return _in_force(using).exclude(Exists(agreeing)).order_by("pk")


def _write_rows(using: str, rules: Iterable[TriggerRule]) -> None:
    rows = {
        row.lineage: row for row in ClockSchedule.objects.using(using).filter(lineage__in={r.lineage for r in rules})
    }
    new = _begun(using, {rule.lineage for rule in rules} - rows.keys())
    now = database_now(using)
    for rule in rules:
        row = rows.get(rule.lineage) or new[rule.lineage]
        row.rule, row.rule_modified, row.revised = rule, rule.last_modified, rule.created
        row.due = _next_look(row, rule, now)
    ClockSchedule.objects.using(using).bulk_update(rows.values(), WRITTEN, batch_size=100)
    ClockSchedule.objects.using(using).bulk_create(row for row in new.values() if row.due)


def _begun(using: str, lineages: Iterable[UUID]) -> dict[UUID, ClockSchedule]:
    """Make rows for lineages that have none: what a rule had to tell before its last event, it has told."""
    rules = TriggerRule.objects.using(using).filter(lineage__in=lineages).values("lineage").order_by()
    begun = rules.annotate(start=Min("created"), last=Max("triggerevent__occurred"))
    return {
        each["lineage"]: ClockSchedule(
            lineage=each["lineage"], start=each["start"], told=max(each["start"], each["last"] or each["start"])
        )
        for each in begun
    }


def _next_look(row: ClockSchedule, rule: TriggerRule, now: datetime) -> datetime | None:
    """Return when a rule has something to tell: now, if it may be something from under an earlier revision."""
    try:
        configuration = rule.get_configuration()
        if not isinstance(configuration, ClockConfiguration):
            return None
        return now if row.told < rule.created else configuration.next_after(row.told, row.start)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - as where rules are compiled
        logger.warning("Clock rule %s (%s) cannot tick: %r", rule.pk, rule, error)
        return None
