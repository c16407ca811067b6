"""A replay makes of the past what would have come of it."""

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from detent.trigger import Emission, TriggerEvent, emit_many, replay
from tests.integration.trigger.factories import make_rule

TYPES = st.sampled_from(["order.paid", "order.sent"])
HAPPENINGS = st.lists(st.tuples(TYPES, st.integers(0, 3)), max_size=12)
RULES = st.lists(st.tuples(TYPES, st.sets(st.integers(0, 3), min_size=1)), max_size=4)


def happen(happenings: list[tuple[str, int]], first: int = 0) -> None:
    """Emit what happens, numbered from `first` on; all of it is kept."""
    numbered = enumerate(happenings, first)
    emissions = [Emission(name, {"kind": kind}, "shop", f"{number:03}") for number, (name, kind) in numbered]
    emit_many(emissions, record=True)


def make_rules(rules: list[tuple[str, set[int]]]) -> None:
    """Make rules, named by their numbers."""
    for number, (name, kinds) in enumerate(rules):
        configuration = {"version": "1.0", "pattern": {"type": [name], "data": {"kind": sorted(kinds)}}}
        make_rule("EVENT", configuration, f"rule {number}")


def triggered() -> set[tuple[str, str]]:
    """Return which rule each occurrence has triggered, once; an event that is there twice is an error."""
    events = list(TriggerEvent.objects.values_list("occurrence__identifier", "rule__name"))
    assert len(events) == len(set(events))
    return set(events)


@pytest.mark.django_db
@settings(max_examples=30)
@given(before=HAPPENINGS, after=HAPPENINGS, rules=RULES, batch_size=st.integers(1, 5), cut=st.integers(0, 24))
def test_what_is_replayed_is_what_would_have_been_triggered(
    before: list[tuple[str, int]],
    after: list[tuple[str, int]],
    rules: list[tuple[str, set[int]]],
    batch_size: int,
    cut: int,
) -> None:
    """Whatever happened before the rules and after, in whatever batches, and however often it is begun anew."""
    with transaction.atomic():
        make_rules(rules)
        happen([*before, *after])
        expected = triggered()
        transaction.set_rollback(True)
    with transaction.atomic():
        happen(before)
        make_rules(rules)
        happen(after, len(before))
        tried = replay(dry_run=True, batch_size=batch_size)

        def interrupt(report: object) -> None:
            if len(triggered()) > cut:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            replay(batch_size=batch_size, progress=interrupt)
        done = len(triggered())
        report = replay(batch_size=batch_size)
        assert triggered() == expected
        assert report.triggered == len(expected) - done
        assert sum(rule.triggered + rule.already for rule in tried.rules) == len(expected)
        transaction.set_rollback(True)
