"""The compiled rules are those in force: no change is missed, and nothing that was rolled back fires."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TestCase, override_settings

from detent.settings import detent_settings
from detent.trigger import TriggerRule, emit
from detent.trigger.models import Ruleset
from detent.trigger.ruleset import current_ruleset, forget_ruleset
from tests.integration.trigger.factories import event_rule, roll_something_back, statements
from tests.waiting import wait_until

PATTERN: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.paid"]}}


def fires() -> bool:
    """Tell whether some rule is triggered by `order.paid`."""
    return bool(emit("order.paid", {}, source="shop").events)


def token() -> str:
    """Return the ruleset's token."""
    return Ruleset.objects.token("default")


class RulesOfAClass(TestCase):
    """A `TestCase` that makes rules for all its tests, and one in one of them."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make a rule in the transaction of the class."""
        event_rule("order.shipped")

    def test_1_a_rule_of_the_class_fires(self) -> None:
        """It is seen though it is not committed, and so is one made just now."""
        self.assertTrue(emit("order.shipped", {}, source="shop").events)  # noqa: PT009
        self.assertFalse(fires())  # noqa: PT009
        event_rule()
        self.assertTrue(fires())  # noqa: PT009

    def test_2_the_rule_of_the_other_test_is_gone(self) -> None:
        """It was rolled back; that of the class is still there."""
        self.assertFalse(fires())  # noqa: PT009
        self.assertTrue(emit("order.shipped", {}, source="shop").events)  # noqa: PT009


class CallbacksOfATestCase(TestCase):
    """A `TestCase` that runs what waits for a commit that never comes."""

    def test_a_rule_is_still_its_own(self) -> None:
        """The callbacks run, the transaction goes on."""
        with self.captureOnCommitCallbacks(execute=True):
            event_rule("order.shipped")
        self.assertTrue(emit("order.shipped", {}, source="shop").events)  # noqa: PT009


class TheNextClass(TestCase):
    """A `TestCase` that comes after."""

    def test_no_rule_of_the_other_class_is_left(self) -> None:
        """All of them were rolled back."""
        self.assertFalse(emit("order.shipped", {}, source="shop").events)  # noqa: PT009
        self.assertEqual(current_ruleset("default").rules, {})  # noqa: PT009


def make() -> TriggerRule:
    """Make the rule that is changed."""
    return event_rule()


def switch_off(rule: TriggerRule) -> None:
    """Pause by saving."""
    rule.is_active = False
    rule.save(update_fields=["is_active"])


CHANGES: dict[str, Callable[[TriggerRule], object]] = {
    "archive": lambda rule: rule.archive(),
    "revise": lambda rule: rule.revise({"version": "1.0", "pattern": {"type": ["order.placed"]}}),
    "save": switch_off,
    "delete": lambda rule: rule.delete(),
    "update of a queryset": lambda rule: TriggerRule.objects.filter(pk=rule.pk).update(is_active=False),
    "delete of a queryset": lambda rule: TriggerRule.objects.filter(pk=rule.pk).delete(),
    "archive_trigger_rule": lambda rule: TriggerRule.objects.archive_trigger_rule(rule.pk),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_way_to_end_a_rule_is_noticed(change: Callable[[TriggerRule], object]) -> None:
    """The token moves, and the next occurrence does not trigger the rule."""
    rule = event_rule()
    assert current_ruleset("default").rules.keys() == {rule.pk}
    before = token()
    change(rule)
    assert token() != before
    assert not fires()


@pytest.mark.django_db
def test_rules_made_in_bulk_are_noticed() -> None:
    """As those made one by one."""
    assert not fires()
    TriggerRule.objects.bulk_create([TriggerRule(type="EVENT", configuration=PATTERN)])
    assert fires()


@pytest.mark.django_db
def test_a_fixture_that_edits_a_rule_in_place_is_noticed(tmp_path: Any) -> None:
    """Its key stays the same; what it says does not."""
    rule = event_rule(name="orders")
    assert fires()
    path = tmp_path / "rules.json"
    call_command("dumpdata", "trigger.triggerrule", output=str(path), verbosity=0)
    path.write_text(path.read_text().replace("order.paid", "order.placed").replace(str(rule.lineage), ""))
    text = path.read_text().replace('"lineage": "",', "").replace('"uuid": "",', "")
    path.write_text(text)
    call_command("loaddata", str(path), verbosity=0)
    assert not fires()
    assert emit("order.placed", {}, source="shop").events


@pytest.mark.django_db
def test_a_change_in_a_savepoint_that_is_rolled_back_is_undone() -> None:
    """What was compiled inside is not used after."""
    with transaction.atomic():
        event_rule()
        assert fires()
        transaction.set_rollback(True)
    assert not fires()


@pytest.mark.django_db
def test_only_what_is_new_is_read() -> None:
    """A rule that is added costs its own reading, not that of all others."""
    kept = event_rule()
    before = current_ruleset("default").rules[kept.pk]
    event_rule("order.placed")
    after = current_ruleset("default")
    assert after.rules[kept.pk] is before
    assert len(after.rules) == 2


@pytest.mark.django_db
def test_evaluation_issues_no_query() -> None:
    """Once the token is known to be the same, matching is done in memory."""
    event_rule("order.placed")
    fires()
    roll_something_back()
    with statements() as ran:
        fires()
    assert len(ran) == 1
    assert "trigger_ruleset" in ran[0]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_asks_for_the_token_once() -> None:
    """In tests, where it is asked for as often as can be, each transaction asks."""
    event_rule("order.placed")
    fires()
    for _ in range(2):
        with transaction.atomic(), statements() as ran:
            for _ in range(3):
                fires()
        assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_changes_rules_asks_again() -> None:
    """After each change, and not more often."""
    with transaction.atomic():
        assert not fires()
        rule = event_rule()
        assert fires()
        with statements() as ran:
            emit("order.placed", {}, source="shop")
        assert ran == []
        rule.archive()
        assert not fires()


@pytest.mark.django_db
def test_asking_for_the_token_leaves_nothing_to_do_after_the_commit() -> None:
    """So that a test which counts what waits for its commit counts only its own."""
    with TestCase.captureOnCommitCallbacks() as callbacks:
        assert not fires()
    assert callbacks == []


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the age of a snapshot count, as outside tests."""
    monkeypatch.setattr("detent.trigger.ruleset.current._max_age", lambda: detent_settings().RULES_MAX_AGE)
    yield
    forget_ruleset("default")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
@override_settings(DETENT={"RULES_MAX_AGE": 3600.0})
def test_a_young_snapshot_is_used_without_asking() -> None:
    """Unmatched, an occurrence then costs nothing; this process's own changes are seen at once all the same."""
    assert not fires()
    with statements() as ran:
        fires()
    assert ran == []
    event_rule()
    assert fires()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
@override_settings(DETENT={"RULES_MAX_AGE": 3600.0})
def test_a_process_that_has_changed_rules_soon_trusts_its_snapshot_again() -> None:
    """Also one that only ever emits inside transactions, as a worker does."""
    event_rule()
    with transaction.atomic():
        assert fires()
    with transaction.atomic(), statements() as ran:
        emit("order.placed", {}, source="shop")
    assert ran == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
@override_settings(DETENT={"RULES_MAX_AGE": 3600.0})
def test_a_rule_that_is_rolled_back_leaves_no_ghost() -> None:
    """Neither in the thread that made it nor in another, however young the snapshot."""
    fires()
    elsewhere: list[bool] = []

    def look() -> None:
        try:
            elsewhere.append(bool(current_ruleset("default").rules))
        finally:
            connection.close()

    with transaction.atomic():
        event_rule()
        assert fires()
        if connection.vendor != "sqlite":
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            assert elsewhere == [False]
        transaction.set_rollback(True)
    assert not fires()
    with transaction.atomic():
        assert not fires()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
@override_settings(DETENT={"RULES_MAX_AGE": 0.05})
def test_a_change_by_another_process_is_seen_when_the_snapshot_is_old() -> None:
    """Another process moves the token; this one asks again after the age that is set."""
    fires()
    now = datetime.now(UTC)
    rule = TriggerRule(type="EVENT", configuration=PATTERN, created=now, last_modified=now)
    rule.begin_lineage()
    with transaction.atomic():
        rule.save_base(raw=False)
        Ruleset.objects.update_or_create(pk=1, defaults={"token": "another process's"})
    wait_until(fires, "the change seen", patience=10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("production")
@override_settings(DETENT={"RULES_MAX_AGE": 3600.0})
def test_an_emptied_database_is_noticed() -> None:
    """`flush`, with which transactional tests end, does not pass through the rules."""
    event_rule()
    assert fires()
    call_command("flush", interactive=False, verbosity=0)
    assert not fires()
