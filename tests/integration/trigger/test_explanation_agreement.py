"""Random rules and documents: what a rule's explanation says, the index and `emit` do."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detent.patterns import InvalidPattern, Pattern
from detent.trigger import Emitted, TriggerRule, emit
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.errors import InvalidOccurrence
from detent.trigger.ruleset import current_ruleset
from tests.integration.trigger.factories import make_rule, rule_type, taken_in
from tests.unit.patterns import languages

pytestmark = pytest.mark.django_db


class Choosy(TriggerRuleConfiguration):
    """A rule with any pattern, and a condition that is met, not met, or fails."""

    def validate(self) -> None:
        """Find nothing wrong."""

    def pattern(self) -> dict[str, Any]:
        """Return the pattern as the rule has it."""
        pattern: dict[str, Any] = self.get_dict()["pattern"]
        return pattern

    def applies_to(self, document: Document) -> bool:
        """Do as the rule says."""
        says: bool | None = self.get_dict()["says"]
        if says is None:
            raise ValueError("It does not say.")
        return says


Rule = tuple[dict[str, Any], bool | None, str]
words = st.sampled_from([1, 2, "a", "b", None, True])
names = st.sampled_from("abc")
# Of patterns in the whole language few are met: as many more are made of fewer words.
likely = st.dictionaries(
    names,
    st.lists(
        words | st.sampled_from([{"exists": True}, {"exists": False}, {"anything-but": ["a"]}]), min_size=1, max_size=3
    ),
    min_size=1,
    max_size=2,
)
patterns = likely | st.builds(lambda one, other: {"$or": [one, other]}, likely, likely) | languages.patterns()
documents = st.dictionaries(names, words | st.lists(words, max_size=3)) | languages.documents
says = st.sampled_from([True, True, True, False, None])
standings = st.sampled_from(["in force", "in force", "revised", "paused", "archived"])
rules = st.lists(
    st.tuples(
        languages.patterns(),
        st.sampled_from([True, True, True, False, None]),
        st.sampled_from(["in force"] * 4 + ["paused", "archived", "revised"]),
    ),
    min_size=1,
    max_size=6,
)


def make(rule: Rule) -> TriggerRule | None:
    """Make a rule, if its pattern can be asked about the data of a document."""
    pattern, says, standing = rule
    configuration = {"pattern": {"data": pattern}, "says": says}
    try:
        Pattern(configuration["pattern"])
        made = make_rule("CHOOSY", configuration)
    except (InvalidPattern, ValueError):
        return None
    if standing == "paused":
        made.pause()
    if standing == "archived":
        made.archive()
    return made.revise(configuration) if standing == "revised" else made


def triggered_by(emitted: Emitted) -> set[int | None]:
    """Return the keys of the rules that were triggered."""
    return {event.rule_id for event in emitted.events}


@settings(max_examples=40)
@given(rules, documents)
def test_an_explanation_says_what_becomes_of_an_occurrence(several: list[Rule], data: dict[str, Any]) -> None:
    """Before it is taken in, and afterwards."""
    with rule_type("CHOOSY", Choosy), transaction.atomic():
        made = [rule for rule in map(make, several) if rule]
        try:
            emitted = emit("order.paid", data, source="shop", id="1", record=True)
        except InvalidOccurrence:
            assume(False)
        document = taken_in(emitted).document()
        asked: Any = {**document, "id": "2"}
        fresh = {rule.pk: rule.explain(asked) for rule in made}
        seen = {rule.pk: rule.explain(document) for rule in made}
        index = {rule.id for rule in current_ruleset("default").match(asked)}
        again = emit("order.paid", data, source="shop", id="2", record=True)
        transaction.set_rollback(True)
    assert {key for key, explanation in fresh.items() if explanation.triggered} == triggered_by(emitted)
    assert triggered_by(again) == triggered_by(emitted)
    assert {event.rule_id for event in emitted.failures} == {
        key
        for key, explanation in fresh.items()
        if explanation.standing.state == "in force" and explanation.condition and explanation.condition.failure
    }
    assert index == {
        key
        for key, explanation in fresh.items()
        if explanation.standing.state == "in force" and explanation.pattern and explanation.pattern.matched
    }
    assert not any(explanation.triggered for explanation in seen.values())
    assert {
        explanation.sighting.rule
        for explanation in seen.values()
        if explanation.sighting and explanation.sighting.event and not explanation.sighting.outcome
    } == triggered_by(emitted)
