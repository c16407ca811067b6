"""Drafts: what a rule would do that is not in force."""

import pytest

from detent.trigger import TriggerEvent, replay
from detent.trigger.replaying import InvalidDrafts, InvalidReplay, RuleNotInForce
from detent.trigger.rule_files import RuleEntry
from tests.integration.replay.factories import happened, paid_configuration, paid_rule

pytestmark = pytest.mark.django_db


def draft(name: str = "review", type: str = "EVENT", **data: object) -> RuleEntry:  # noqa: A002
    """Return an entry of a rule file."""
    return RuleEntry(name, type, paid_configuration(**data))


def test_a_draft_is_tried_on_what_happened() -> None:
    """Though no row of it exists; the rules in force are not asked."""
    happened(3)
    paid_rule("in force")
    (found,) = replay(drafts=[draft(order=[1, 2])], dry_run=True).rules
    assert (found.name, found.rule, found.triggered) == ("review", None, 2)


def test_a_draft_of_a_rule_knows_what_triggered_it() -> None:
    """By name it is the rule's next revision: what triggered the rule would not trigger that again."""
    happened(2)
    paid_rule("review", order=[0])
    replay()
    (found,) = replay(drafts=[draft()], dry_run=True).rules
    assert (found.triggered, found.already) == (1, 1)


def test_some_of_the_drafts_may_be_tried() -> None:
    """By name."""
    happened(1)
    report = replay(drafts=[draft("first"), draft("second")], rules=["second"], dry_run=True)
    assert [found.name for found in report.rules] == ["second"]
    with pytest.raises(RuleNotInForce, match="no entry"):
        replay(drafts=[draft("first")], rules=["third"], dry_run=True)


def test_a_draft_triggers_nothing_for_real() -> None:
    """An event names its rule, and a draft is none; the error says to import it."""
    happened(1)
    with pytest.raises(InvalidReplay, match="rules import"):
        replay(drafts=[draft()])
    assert not TriggerEvent.objects.exists()


def test_what_is_wrong_with_drafts_is_said_of_all_of_them() -> None:
    """By their names."""
    wrong = [RuleEntry("first", "EVENT", {}), RuleEntry("second", "NONE", {}), draft("third")]
    with pytest.raises(InvalidDrafts) as raised:
        replay(drafts=wrong, dry_run=True)
    assert [complaint.split(":")[0] for complaint in raised.value.complaints] == ["rule 'first'", "rule 'second'"]


def test_a_draft_with_the_name_of_a_rule_of_another_type_is_refused() -> None:
    """As it would be when it is imported."""
    paid_rule("review")
    entry = RuleEntry("review", "TRANSITION", {"version": "1.0"})
    with pytest.raises(InvalidDrafts, match="of type EVENT"):
        replay(drafts=[entry], dry_run=True)
