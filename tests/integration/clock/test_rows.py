"""Each clock rule in force has a row with its next due time."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from detent.trigger import TriggerRule
from detent.trigger.clock.schedules import keep_schedules
from detent.trigger.models import ClockSchedule, Ruleset
from tests.integration.clock.conftest import NOON, FakeClock
from tests.integration.clock.factories import clock_rule
from tests.integration.trigger.factories import event_rule, statements, stored_rule

pytestmark = pytest.mark.django_db


def due() -> dict[object, str | None]:
    """Bring the rows up to date, and return by lineage when each is due."""
    keep_schedules("default")
    rows = ClockSchedule.objects.values_list("lineage", "due")
    return {lineage: moment and moment.strftime("%d %H:%M") for lineage, moment in rows}


def test_a_clock_rule_gets_a_row_with_its_next_tick(clock: FakeClock) -> None:
    """Other types of rules get none."""
    rule = clock_rule()
    event_rule()
    assert due() == {rule.lineage: "04 13:00"}


def test_a_revision_takes_its_rules_row_over(clock: FakeClock) -> None:
    rule = clock_rule("P1D")
    due()
    successor = rule.revise({"event_type": "METRICS", "schedule": "PT1M"})
    due()
    assert ClockSchedule.objects.get().rule == successor


def test_an_archived_rule_has_no_row(clock: FakeClock) -> None:
    rule = clock_rule()
    due()
    rule.archive()
    assert due() == {}


def test_a_paused_rule_has_no_next_tick(clock: FakeClock) -> None:
    """Resumed, it has one again."""
    rule = clock_rule()
    due()
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=False)
    assert due() == {rule.lineage: None}
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=True)
    assert due() == {rule.lineage: "04 13:00"}


def test_a_row_that_is_right_stays_as_it_is(clock: FakeClock) -> None:
    """A missed tick is still due when the rules change."""
    rule = clock_rule()
    due()
    clock.set("18:00")
    event_rule()
    assert due() == {rule.lineage: "04 13:00"}


@pytest.mark.parametrize("schedule", ["sometimes", "P3000000D"], ids=["no period", "no next tick"])
def test_a_rule_that_cannot_tick_does_not_stop_the_others(caplog: pytest.LogCaptureFixture, schedule: str) -> None:
    """It is logged, as it may have come from a fixture."""
    broken = stored_rule("CLOCK", {"event_type": "METRICS", "schedule": schedule})
    rule = clock_rule()
    assert due().keys() == {rule.lineage}
    assert f"Clock rule {broken.pk}" in caplog.text


def test_a_fixture_loaded_again_updates_rule_and_row_in_place(clock: FakeClock, tmp_path: Path) -> None:
    """The original's fixtures have no key but the name; the new schedule holds."""
    fixture = tmp_path / "metrics_trigger_rules.json"
    for schedule, expected in (("PT24H0M0S", "05 00:00"), ("PT2H", "04 14:00")):
        fields = {
            "type": "CLOCK",
            "name": "scale-daily-metrics",
            "configuration": {"version": "1.0", "event_type": "DAILY_METRICS", "schedule": schedule},
            "is_active": True,
            "created": NOON.isoformat(),
            "archived": None,
            "last_modified": "2015-09-22T00:00:00Z",
        }
        fixture.write_text(json.dumps([{"model": "trigger.TriggerRule", "pk": None, "fields": fields}]))
        clock.forward(timedelta(seconds=1))
        call_command("loaddata", str(fixture), verbosity=0)
        assert due() == {TriggerRule.objects.get().lineage: expected}


@pytest.mark.django_db(transaction=True)
def test_while_the_rules_stay_the_same_it_asks_for_the_token_only() -> None:
    """A worker does this each time it looks for work."""
    clock_rule()
    keep_schedules("default")
    with statements() as ran:
        keep_schedules("default")
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_rules_change_it_reads_only_those_whose_rows_do_not_agree(clock: FakeClock) -> None:
    """As many statements, and as many rows, with a hundred rules as with one."""
    costs = []
    for number in (1, 100):
        for _ in range(number):
            clock_rule()
        keep_schedules("default")
        clock_rule()
        with statements() as ran:
            keep_schedules("default")
        (read,) = [statement for statement in ran if "LIMIT 500" in statement]
        costs.append(len(ran))
        assert len(TriggerRule.objects.raw(read)) == 0
        assert ClockSchedule.objects.filter(rule=TriggerRule.objects.latest("pk")).exists()
    assert costs[0] == costs[1]


def test_many_new_rules_get_their_rows_in_steps(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody who changes rules waits long."""
    monkeypatch.setattr("detent.trigger.clock.schedules.RULES_AT_ONCE", 2)
    rules = [clock_rule() for _ in range(5)]
    assert due().keys() == {rule.lineage for rule in rules}


def test_rules_of_a_database_that_never_changed_them_get_rows(clock: FakeClock) -> None:
    """There is no ruleset's token in a database that was taken over."""
    rule = clock_rule()
    Ruleset.objects.all().delete()
    assert due() == {rule.lineage: "04 13:00"}
