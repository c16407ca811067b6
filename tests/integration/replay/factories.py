"""What happened before the rules that the tests of replays make."""

from datetime import UTC, datetime, timedelta
from typing import Any

from detent.trigger import Emission, Occurrence, TriggerEvent, TriggerRule, emit_many
from tests.integration.trigger.factories import make_rule

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def happened(count: int, type: str = "order.paid", source: str = "shop", **data: Any) -> list[Occurrence]:  # noqa: A002
    """Keep occurrences that no rule matched, one an hour from noon on; `data.order` numbers them from 0."""
    emissions = [
        Emission(
            type, {"order": number, **data}, source, f"{type}-{number:03}", occurred=NOON + timedelta(hours=number)
        )
        for number in range(count)
    ]
    kept = [emitted.occurrence for emitted in emit_many(emissions, record=True)]
    return [occurrence for occurrence in kept if occurrence]


def paid_rule(name: str = "", actions: list[dict[str, Any]] | None = None, **data: Any) -> TriggerRule:
    """Make a rule for the orders that are paid, with conditions on their data."""
    return make_rule("EVENT", paid_configuration(actions, **data), name)


def paid_configuration(actions: list[dict[str, Any]] | None = None, **data: Any) -> dict[str, Any]:
    """Return what such a rule says."""
    pattern: dict[str, Any] = {"type": ["order.paid"], **({"data": data} if data else {})}
    return {"version": "1.0", "pattern": pattern, "actions": actions or []}


def triggered_by(rule: TriggerRule) -> list[int]:
    """Return the numbers of the orders whose payment has triggered a rule, in any revision."""
    events = TriggerEvent.objects.filter(lineage=rule.lineage).order_by("occurrence").select_related("occurrence")
    return [event.occurrence.data["order"] for event in events if event.occurrence]
