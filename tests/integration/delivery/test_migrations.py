"""Deliveries that an earlier version has made are taken along."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from detent.trigger.delivery.operators import pause
from detent.trigger.models import Delivery, TriggerEvent
from tests.integration.delivery.factories import fresh, make_delivery
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("trigger", "0013_circuit_breaker")]
AFTER = [("trigger", "0014_lineages_of_deliveries")]


@pytest.fixture
def before() -> Iterator[None]:
    """Go back to before the lineages were filled; whatever a test does, the database is there afterwards."""
    executor = MigrationExecutor(connection)
    latest = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "trigger"]
    executor.migrate(BEFORE)
    yield
    MigrationExecutor(connection).migrate(latest)


@pytest.mark.parametrize("state", ["waiting", "dead"])
def test_a_pause_holds_what_was_made_before_deliveries_knew_their_rule(before: None, state: str) -> None:
    rule = event_rule()
    made = [make_delivery("any", state=state) for _ in range(3)]
    TriggerEvent.objects.update(rule=rule)
    MigrationExecutor(connection).migrate(AFTER)
    assert {fresh(each).lineage for each in made} == {rule.lineage}
    assert pause(rule.lineage) == (3 if state == "waiting" else 0)


def test_what_knows_its_rule_and_what_has_none_stay_as_they_are(before: None) -> None:
    of_other, of_none, lineage = make_delivery("any", lineage=uuid4()), make_delivery("any"), uuid4()
    TriggerEvent.objects.filter(pk=of_other.event_id).update(lineage=lineage)
    MigrationExecutor(connection).migrate(AFTER)
    assert fresh(of_other).lineage == of_other.lineage != lineage
    assert fresh(of_none).lineage is None


def test_more_than_one_batch_is_gone_through(before: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = event_rule()
    for _ in range(7):
        make_delivery("any")
    TriggerEvent.objects.filter(pk__gt=TriggerEvent.objects.earliest("pk").pk).update(lineage=rule.lineage)
    executor = MigrationExecutor(connection)
    migration = executor.loader.disk_migrations[AFTER[0]]
    monkeypatch.setitem(migration.operations[0].code.__globals__, "AT_ONCE", 2)
    executor.migrate(AFTER)
    assert Delivery.objects.filter(lineage=rule.lineage).count() == 6
