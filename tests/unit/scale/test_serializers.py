"""Points 69 to 71 of Scale's triggers: what its REST interface showed of rules and events."""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework import serializers as rest

from trigger import serializers
from trigger.models import TriggerEvent, TriggerRule

WHEN = datetime(2017, 11, 28, tzinfo=UTC)
BASE = ["id", "type", "name", "is_active"]
TIMES = ["created", "archived", "last_modified"]


def event() -> TriggerEvent:
    """Return an event of a rule, neither of them stored."""
    rule = TriggerRule(id=3, type="PARSE", name="landsat", configuration={"version": "1.1"}, created=WHEN)
    return TriggerEvent(id=5, type="PARSE", rule=rule, description={"file_id": 14}, occurred=WHEN)


def shown(name: str, value: object) -> dict[str, Any]:
    """Return what a serializer makes of a row."""
    data: dict[str, Any] = getattr(serializers, name)(value).data
    return data


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("TriggerRuleBaseSerializer", BASE),
        ("TriggerRuleSerializer", [*BASE, *TIMES]),
        ("TriggerRuleDetailsSerializer", [*BASE, "configuration"]),
    ],
)
def test_rules_are_shown_in_three_sizes(name: str, keys: list[str]) -> None:
    """Point 69: base, with its times, with its configuration."""
    assert list(shown(name, event().rule)) == keys


@pytest.mark.parametrize("version", ["", "V5"])
@pytest.mark.parametrize(
    ("size", "keys", "of_the_rule"),
    [
        ("Base", ["id", "type", "rule", "occurred"], ["id"]),
        ("", ["id", "type", "rule", "occurred"], [*BASE, *TIMES]),
        ("Details", ["id", "type", "rule", "occurred", "description"], [*BASE, "configuration"]),
    ],
)
def test_events_are_shown_with_their_rule(version: str, size: str, keys: list[str], of_the_rule: list[str]) -> None:
    """Points 69 and 70: in 2017 and in version 5, which is the same."""
    data = shown(f"TriggerEvent{size}Serializer{version}", event())
    assert sorted(data) == sorted(keys)
    assert list(data["rule"]) == of_the_rule


@pytest.mark.parametrize(("size", "more"), [("Base", []), ("", []), ("Details", ["description"])])
def test_version_6_shows_events_without_their_rule(size: str, more: list[str]) -> None:
    """Point 70: no `rule` key at all."""
    assert list(shown(f"TriggerEvent{size}SerializerV6", event())) == ["id", "type", "occurred", *more]


def test_a_serializer_of_a_project_shows_the_event_of_its_own_rows() -> None:
    """Point 71: as the job list did with the base, and the job's details with the details."""

    class JobSerializer(rest.Serializer[Any]):
        event = serializers.TriggerEventBaseSerializer()

    class JobDetailsSerializer(JobSerializer):
        event = serializers.TriggerEventDetailsSerializer()

    class Job:
        """A row with an event."""

        def __init__(self) -> None:
            self.event = event()

    assert JobSerializer(Job()).data["event"]["rule"] == {"id": 3}
    assert JobDetailsSerializer(Job()).data["event"]["rule"]["configuration"] == {"version": "1.1"}
