"""The rules that an occurrence was held against and did not trigger, and why not, for many rules at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps

from detent.patterns import Pattern
from detent.patterns.explain import ExplainedChoice, ExplainedField, ExplainedObject
from detent.trigger.document import Document

if TYPE_CHECKING:
    from detent.trigger.models.occurrence import Occurrence
    from detent.trigger.models.rule import TriggerRule

MOST = 25
UNMET_SHOWN = 3


@dataclass(frozen=True)
class ConsideredRule:
    """A rule that an occurrence did not trigger.

    Attributes:
        rule: The rule.
        reason: Why not, as the rule stands today.
    """

    rule: "TriggerRule"
    reason: str


def considered_rules(occurrence: "Occurrence", triggered: Collection[UUID | None]) -> list[ConsideredRule]:
    """Say of the newest rules in force why an occurrence did not trigger them: of up to `MOST`, in one query.

    Args:
        occurrence: The occurrence.
        triggered: The lineages of the rules that it did trigger.
    """
    # Its module asks for that of explanations, which asks for this one.
    rules: type[TriggerRule] = apps.get_model("trigger", "TriggerRule")
    in_force = rules.objects.using(occurrence._state.db).in_force()
    others = in_force.exclude(lineage__in=[lineage for lineage in triggered if lineage]).order_by("-pk")[:MOST]
    document = occurrence.document()
    return [ConsideredRule(rule, _reason(rule, occurrence, document)) for rule in others]


def _reason(rule: "TriggerRule", occurrence: "Occurrence", document: Document) -> str:
    if rule.created > occurrence.recorded:
        return "this revision was made after it had happened"
    try:
        source = rule.get_configuration().pattern_of_lineage(str(rule.lineage))
        explained = None if source is None else Pattern(source).explain(document)
    except Exception as error:  # noqa: BLE001 - as where the rules in force are compiled
        return f"the rule cannot be used: {type(error).__name__}: {error}"
    if explained is None:
        return "no occurrence triggers a rule of this type"
    if explained.matched:
        return "its pattern is met: it was paused then, or the condition of its type was not met"
    unmet = list(_unmet(explained.pattern))
    more = f" and {len(unmet) - UNMET_SHOWN} more" if len(unmet) > UNMET_SHOWN else ""
    return f"not met: {', '.join(unmet[:UNMET_SHOWN])}{more}" if unmet else explained.note


def _unmet(clause: ExplainedObject | ExplainedChoice) -> Iterator[str]:
    if isinstance(clause, ExplainedChoice):
        yield "none of the branches of $or"
        return
    yield from (f"{field.path} is {_seen(field)}" for field in clause.fields if not field.met)
    for choice in clause.choices:
        if not choice.met:
            yield from _unmet(choice)


def _seen(field: ExplainedField) -> str:
    return repr(field.values[0]) if field.values else "absent"
