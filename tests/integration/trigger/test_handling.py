"""What all rules of a type do is done by its handler, as a delivery of its own."""

from datetime import timedelta
from typing import Any

import pytest

from detent.testing import deliver_all
from detent.trigger import Reject, Retry, TriggerEvent, TriggerRuleHandler, emit
from detent.trigger.handler import TRIGGER_RULE_HANDLERS
from detent.trigger.models import Delivery
from detent.trigger.types.event import EventConfiguration
from tests.integration.trigger.factories import event_rule, make_rule
from tests.shop.models import Parcel

pytestmark = pytest.mark.django_db
STOCK: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["stock.counted"]}}


class StockHandler(TriggerRuleHandler):
    """Sends a parcel for each event, and then answers as it is told."""

    def __init__(self, answer: Any = None) -> None:
        super().__init__("STOCK")
        self.answer = answer

    def create_configuration(self, config_dict: dict[str, Any]) -> EventConfiguration:
        """Make what an EVENT rule has."""
        return EventConfiguration(self.trigger_rule_type, config_dict)

    def handle(self, event: TriggerEvent) -> Any:
        """Make a parcel, and return or raise the answer."""
        assert event.occurrence is not None
        Parcel.objects.create(code=event.occurrence.data["code"])
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def count_stock(monkeypatch: pytest.MonkeyPatch, answer: Any, **parts: Any) -> Delivery:
    """Have a rule of the type triggered, do what is due, and return its delivery."""
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "STOCK", StockHandler(answer))
    make_rule("STOCK", {**STOCK, **parts})
    emit("stock.counted", {"code": "P-1"}, source="shop")
    deliver_all()
    return Delivery.objects.get()


def test_what_a_handler_does_commits_with_its_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once."""
    assert count_stock(monkeypatch, None).state == "done"
    assert Parcel.objects.get().code == "P-1"


def test_what_a_handler_did_before_it_failed_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is dead after as many attempts as the rule gives it."""
    delivery = count_stock(monkeypatch, RuntimeError("full"), delivery={"attempts": 1, "priority": 7})
    assert (delivery.state, delivery.priority, "full" in delivery.error) == ("dead", 7, True)
    assert not Parcel.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state"), [(Retry(after=timedelta(hours=1), reason="busy"), "waiting"), (Reject("no"), "dead")]
)
def test_a_handler_answers_as_an_action_does(monkeypatch: pytest.MonkeyPatch, answer: Any, state: str) -> None:
    """With Retry or Reject, returned or raised."""
    assert count_stock(monkeypatch, answer).state == state


def test_a_delivery_whose_handler_is_gone_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker may have it, as while a release is rolled out."""
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "STOCK", StockHandler())
    make_rule("STOCK", STOCK)
    emit("stock.counted", {"code": "P-1"}, source="shop")
    monkeypatch.delitem(TRIGGER_RULE_HANDLERS, "STOCK")
    deliver_all()
    delivery = Delivery.objects.get()
    assert (delivery.state, "STOCK is an invalid trigger rule type" in delivery.error) == ("waiting", True)


def test_a_rule_of_another_type_is_not_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the same occurrence triggers it."""
    event_rule("stock.counted")
    assert count_stock(monkeypatch, None).event.rule.type == "STOCK"
