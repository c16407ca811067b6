"""Serializers of both generations of the original's interface."""

from datetime import UTC, datetime
from typing import Any

import pytest

from detent.trigger import TriggerEvent, TriggerRule, serializers

WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
RULE = {"id": 3, "type": "INGEST", "name": "files", "is_active": True}
TIMES = {"created": "2026-11-22T10:00:00Z", "archived": None, "last_modified": "2026-11-22T10:00:00Z"}
EVENT = {"id": 5, "type": "INGEST", "occurred": "2026-11-22T10:00:00Z"}


def rule() -> TriggerRule:
    """Make a rule that is not stored."""
    return TriggerRule(**RULE, configuration={"version": "1.1"}, created=WHEN, last_modified=WHEN)


def event(of_rule: TriggerRule | None) -> TriggerEvent:
    """Make an event that is not stored."""
    return TriggerEvent(id=5, type="INGEST", rule=of_rule, description={"file_id": 12}, occurred=WHEN)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TriggerRuleBaseSerializer", RULE),
        ("TriggerRuleSerializer", RULE | TIMES),
        ("TriggerRuleDetailsSerializer", RULE | {"configuration": {"version": "1.1"}}),
    ],
)
def test_rules(name: str, expected: dict[str, Any]) -> None:
    """Base, with times, with configuration."""
    assert getattr(serializers, name)(rule()).data == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TriggerEventBaseSerializer", EVENT | {"rule": {"id": 3}}),
        ("TriggerEventSerializer", EVENT | {"rule": RULE | TIMES}),
        (
            "TriggerEventDetailsSerializer",
            EVENT | {"rule": RULE | {"configuration": {"version": "1.1"}}, "description": {"file_id": 12}},
        ),
        ("TriggerEventBaseSerializerV6", EVENT),
        ("TriggerEventSerializerV6", EVENT),
        ("TriggerEventDetailsSerializerV6", EVENT | {"description": {"file_id": 12}}),
    ],
)
def test_events(name: str, expected: dict[str, Any]) -> None:
    """The older ones with their rule, the latest without."""
    assert getattr(serializers, name)(event(rule())).data == expected


def test_an_event_without_a_rule() -> None:
    """It has none."""
    assert serializers.TriggerEventDetailsSerializer(event(None)).data["rule"] is None


def test_version_5_is_the_older_one() -> None:
    """Under its own names too."""
    assert serializers.TriggerEventDetailsSerializerV5 is serializers.TriggerEventDetailsSerializer
