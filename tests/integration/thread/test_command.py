"""`manage.py detent why`."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from detent.testing import deliver_all
from detent.trigger import Delivery, Occurrence, TriggerEvent
from detent.trigger.thread import why
from detent.trigger.thread.text import thread_text
from detent.workflow.cause import caused_by
from tests.integration.thread.factories import detent_why, move_configuration, move_rule
from tests.shop.models import Claim, Seat
from tests.till.models import Receipt, Sale

pytestmark = pytest.mark.django_db


def reviewed_sale() -> Sale:
    """Make a sale that alice has paid and that a rule, revised once, has put under review."""
    move_rule("order.paid", "review", "review large sales").revise(move_configuration("sale.paid", "review"))
    sale = Sale.objects.create()
    sale.pay.by(User.objects.create(username="alice"))(charge="ch_1")
    deliver_all()
    return sale


def test_why_tells_each_transition_and_beneath_it_what_caused_it() -> None:
    """As the tour has it."""
    sale = reviewed_sale()
    assert detent_why("till.Sale", sale.pk).splitlines() == [
        'paid → under review   review   TIME   by rule "review large sales" (revision 2)',
        "  delivery N (transition), attempt 1",
        "  event N sale.paid from shop, id ch_1",
        "    placed → paid   pay   TIME   by alice",
        "placed → paid   pay   TIME   by alice",
        "→ placed   created   TIME",
    ]


def test_why_tells_why_earlier_attempts_failed() -> None:
    sale = reviewed_sale()
    delivery = Delivery.objects.get()
    delivery.tries.update(number=2)
    attempt = delivery.tries.get()
    attempt.pk, attempt.number, attempt.outcome, attempt.error = None, 1, "retry", "ConcurrentTransition"
    attempt.save()
    assert "delivery N (transition), attempt 2 (attempt 1: ConcurrentTransition)" in detent_why("till.sale", sale.pk)


def test_why_tells_what_an_occurrence_came_of_and_led_to() -> None:
    sale = reviewed_sale()
    assert detent_why("trigger.Occurrence", Occurrence.objects.get().pk).splitlines() == [
        "occurrence N sale.paid from shop, id ch_1",
        f"  placed → paid   pay   TIME   by alice   till.Sale {sale.pk}",
        "and led to",
        '  event N sale.paid by rule "review large sales" (revision 2)',
        "    delivery N (transition), attempt 1",
        f"      paid → under review   review   TIME   till.Sale {sale.pk}",
    ]


def test_why_tells_the_rule_by_which_an_object_is_there() -> None:
    """By the event at which it points; the event itself is told as such."""
    sale = reviewed_sale()
    event = TriggerEvent.objects.get()
    told = [
        'by rule "review large sales" (revision 2)',
        "  event N sale.paid from shop, id ch_1",
        f"    placed → paid   pay   TIME   by alice   till.Sale {sale.pk}",
    ]
    assert detent_why("trigger.TriggerEvent", event.pk).splitlines()[:3] == told
    receipt = Receipt.objects.create(event=event)
    assert detent_why("till.Receipt", receipt.pk).splitlines() == [f"it points at an event {told[0]}", *told[1:]]


def test_why_tells_of_deleted_objects() -> None:
    sale = reviewed_sale()
    key = sale.pk
    sale.delete()
    assert detent_why("till.Sale", key).startswith(f"till.Sale {key} is deleted")


def test_why_tells_of_an_object_that_has_not_moved() -> None:
    assert "no transition of it was logged" in detent_why("shop.Claim", Claim.objects.create().pk)


def test_why_prints_the_thread_as_json() -> None:
    """The same data as the function returns."""
    sale = reviewed_sale()
    output = io.StringIO()
    call_command("detent", "why", "till.Sale", str(sale.pk), "--json", "--limit", "1", stdout=output)
    told = json.loads(output.getvalue())
    assert (told["model"], told["is_cut"], len(told["transitions"])) == ("till.Sale", True, 1)
    assert told["transitions"][0]["delivery"]["event"]["rule"]["revision"] == 2


def test_a_thread_that_is_cut_says_so() -> None:
    sale = reviewed_sale()
    TriggerEvent.objects.update(outcome="failed", reason="LookupError: 17")
    Occurrence.objects.update(cause=Delivery.objects.get().key, transition=None)
    text = thread_text(why(sale, limit=1))
    for said in ("which is not followed further", ", failed: LookupError: 17", "... and older ones"):
        assert said in text


def test_a_cause_that_is_no_delivery_is_told() -> None:
    claim = Claim.objects.create()
    with caused_by("import:7"):
        claim.settle()
    assert detent_why("shop.Claim", claim.pk) == "open → settled   settle   TIME   in the course of import:7"


def test_a_state_that_its_workflow_knows_no_more_is_told_by_name() -> None:
    claim = Claim.objects.create()
    claim.settle()
    claim.transition_logs.update(from_state="lost")
    assert detent_why("shop.Claim", claim.pk).startswith("lost → settled")


def test_a_key_of_several_columns_is_a_json_list() -> None:
    seat = Seat.objects.create(hall="north", number=5)
    seat.take()
    assert "take" in detent_why("shop.Seat", '["north", 5]')


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shop.Nothing", "1"), r"'shop\.Nothing' is no model"),
        (("nothing", "1"), r"'nothing' is no model"),
        (("till.Sale", "seventeen"), r"'seventeen' is no key of till\.Sale: .*integer"),
        (("shop.Claim", "17"), r"'17' is no key of shop\.Claim: .*UUID"),
        (("shop.Seat", "5"), r"'5' is no key of shop\.Seat: .*JSON list of hall, number"),
        (("shop.Seat", "north"), r"'north' is no key of shop\.Seat"),
        (("till.Sale", "404"), r"till\.Sale 404: there is none in database 'default', and no log"),
        (("auth.User", "404"), r"auth\.User 404: there is none"),
        (("till.Sale", "9" * 30), r"till\.Sale 9{30}: there is none"),
        (("till.Sale", "1", "--limit", "0"), r"--limit must be 1 or more"),
    ],
)
def test_what_cannot_be_told_of_is_refused_by_name(arguments: tuple[str, ...], message: str) -> None:
    """The model, the key or the object, and what to write instead."""
    with pytest.raises(CommandError, match=message):
        detent_why(*arguments)
