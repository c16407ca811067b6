"""Random rules with windows, rules of the clock and what happens: what their explanation says, a worker decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from detent.trigger import Emission, Emitted, TriggerEvent, TriggerRule, emit_many
from detent.trigger.explanation import RuleExplanation
from detent.trigger.occurrences.emission import checked
from detent.trigger.ruleset import current_ruleset
from detent.trigger.windows.deciding import decide
from tests.integration.trigger.factories import event_rule, make_rule

pytestmark = pytest.mark.django_db

BY = "${data.key}"
WINDOWS: list[dict[str, Any]] = [
    {},
    {"throttle": {"by": BY, "limit": 1, "per": "PT1H"}},
    {"throttle": {"by": BY, "limit": 2, "per": "PT40M"}},
    {"debounce": {"by": BY, "quiet": "PT30M", "at_most": "PT1H"}},
    {"threshold": {"by": BY, "count": 2, "within": "PT1H"}},
    {"absence": {"of": {"type": ["b"]}, "by": BY, "within": "PT1H"}},
    {"absence": {"of": {"type": ["a"]}, "by": BY, "within": "PT40M"}},
]
Rule = tuple[str, dict[str, Any], dict[str, Any]]
patterns: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"data": {"size": [{"numeric": [">", 1]}]}}])
types = st.sampled_from("aaab")
event_rules = st.tuples(types, patterns, st.sampled_from(WINDOWS))
clock_rules: st.SearchStrategy[Rule] = st.tuples(st.just("tick"), st.just({}), st.sampled_from(WINDOWS[:5]))
rules = st.lists(st.one_of(event_rules, event_rules, clock_rules), min_size=1, max_size=5)
# How long ago, in minutes. None is past, or would be due, at the very moment at which the test runs.
times = st.sampled_from([1, 12, 25, 47, 83, 134])
data = st.fixed_dictionaries({"size": st.sampled_from([1, 2, 2]), "key": st.sampled_from(["k", "k", "k", "l", None])})
happenings = st.lists(st.tuples(st.one_of(types, types, st.integers(0, 4)), times, data), min_size=1, max_size=7)


def make(rule: Rule) -> TriggerRule:
    """Make a rule: of the clock if its occurrences are ticks."""
    event_type, pattern, window = rule
    if event_type == "tick":
        return make_rule("CLOCK", {"version": "1.1", "event_type": "tick", "schedule": "PT1H", **window})
    return event_rule(event_type, pattern=pattern, **window)


def said(made: list[TriggerRule], number: int, what: str | int, minutes: int, data: dict[str, Any]) -> Emission:
    """Say what happened: something of a type, or the tick of a rule, be it one of the clock or not."""
    occurred = timezone.now() - timedelta(minutes=minutes)
    if isinstance(what, str):
        return Emission(what, data, "shop", str(number), occurred=occurred)
    return Emission("tick", data, "clock", str(number), str(made[what % len(made)].lineage), occurred)


def expected(explained: dict[int, RuleExplanation]) -> dict[int | None, str]:
    """Return the outcome of the event of each rule that has one, as the explanations say."""
    decided: dict[int | None, str] = {key: "" for key, explanation in explained.items() if explanation.triggered}
    return decided | {key: explanation.window.outcome for key, explanation in explained.items() if explanation.window}


@settings(max_examples=40)
@given(rules, happenings, st.lists(st.booleans(), min_size=7, max_size=7))
def test_a_worker_decides_what_an_explanation_says(
    several: list[Rule],
    happen: list[tuple[str | int, int, dict[str, Any]]],
    at_work: list[bool],
) -> None:
    """Whatever has happened before, in whatever order it came, and whether a worker has looked at it or not."""
    with transaction.atomic():
        made = [make(rule) for rule in several]
        *earlier, last = [said(made, number, *happened) for number, happened in enumerate(happen)]
        for emission, is_at_work in zip(earlier, at_work, strict=False):
            emit_many([emission])
            if is_at_work:
                decide("default")
        document = checked(last, timezone.now()).document
        explained = {rule.pk: rule.explain(document) for rule in made}
        concerned = {rule.id for rule in current_ruleset("default").match(document)}
        (emitted,) = emit_many([last])
        decide("default")
        outcomes = dict(TriggerEvent.objects.filter(pk__in=keys_of(emitted)).values_list("rule", "outcome"))
        transaction.set_rollback(True)
    assert outcomes == expected(explained)
    assert concerned == outcomes.keys()
    fired = {key for key, outcome in outcomes.items() if not outcome}
    assert fired == {key for key, explanation in explained.items() if explanation.triggered}


def keys_of(emitted: Emitted) -> list[int]:
    """Return the keys of the events that an emission made."""
    return [event.pk for event in (*emitted.events, *emitted.failures)]
