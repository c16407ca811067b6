"""`why(object)`: each of its transitions with what caused it, up to the top."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from pytest_django import Settings

from detent.testing import deliver_all
from detent.trigger import Delivery, Occurrence, Retry, TriggerEvent, TriggerRule, emit, why
from detent.trigger.actions import actions
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.thread import NothingKnown, cause_of
from detent.workflow.cause import caused_by
from detent.workflow.log.models import TransitionLog
from tests.integration.thread.factories import (
    event_above,
    move_configuration,
    move_rule,
    occurrence_above,
    present,
)
from tests.integration.trigger.factories import event_rule, statements
from tests.shop.models import Claim, ExpressClaim, Loan, Order, Seat
from tests.till.models import PostedReceipt, Receipt, Sale

pytestmark = pytest.mark.django_db


def paid_sale(**fields: Any) -> Sale:
    """Make a sale that alice has paid."""
    sale = Sale.objects.create(**fields)
    sale.pay.by(User.objects.get_or_create(username="alice")[0])(charge=f"ch_{sale.pk}")
    return sale


def test_a_transition_by_a_person_is_told_with_who_it_was() -> None:
    """Newest first, down to the creation."""
    thread = why(paid_sale())
    assert [(link.from_state, link.to_state, link.user) for link in thread.transitions] == [
        ("placed", "paid", "alice"),
        ("", "placed", ""),
    ]
    assert all(link.delivery is None for link in thread.transitions)
    assert (thread.model, thread.exists, thread.is_cut) == ("till.Sale", True, False)


def test_a_transition_by_a_rule_leads_to_what_caused_it() -> None:
    """The delivery, the event, the rule in its revision, the occurrence, and the transition that emitted it."""
    rule = move_rule("order.paid", "review").revise(move_configuration("sale.paid", "review"))
    sale = paid_sale()
    deliver_all()
    reviewed = why(sale).transitions[0]
    delivery = present(reviewed.delivery)
    assert (delivery.action, delivery.state, len(delivery.attempts)) == ("transition", "done", 1)
    told = present(event_above(reviewed).rule)
    assert (told.key, told.name, told.revision) == (rule.pk, "review", 2)
    occurrence = occurrence_above(reviewed)
    assert (occurrence.type, occurrence.id, occurrence.delivery) == ("sale.paid", f"ch_{sale.pk}", None)
    cause = present(occurrence.transition)
    assert (cause.model, cause.object_key, cause.transition) == ("till.Sale", str(sale.pk), "pay")
    assert (cause.from_state, cause.to_state, cause.user) == ("placed", "paid", "alice")


def test_a_thread_goes_up_to_the_top() -> None:
    """From one delivery to the next, however many there are between."""
    move_rule("sale.paid", "review")
    configuration = move_configuration("detent.transition", "ship", data={"to": ["review"]})
    TriggerRule.objects.create(type="EVENT", name="ship", configuration=configuration)
    sale = paid_sale()
    deliver_all()
    shipped = why(sale).transitions[0]
    assert shipped.transition == "ship"
    reviewed = present(occurrence_above(shipped).transition)
    assert reviewed.transition == "review"
    paid = present(occurrence_above(reviewed).transition)
    assert (paid.transition, paid.user, paid.delivery) == ("pay", "alice", None)


def test_a_log_row_and_an_occurrence_lead_to_their_cause_by_themselves() -> None:
    """The event, the rule and the occurrence, as the thread of the object has them."""
    move_rule("sale.paid", "review")
    sale = paid_sale()
    deliver_all()
    reviewed, paid = sale.transition_logs[:2]
    delivery = present(cause_of(reviewed))
    assert delivery == why(sale).transitions[0].delivery
    emitted = emit("note", {}, source="tests", record=True).occurrence
    assert cause_of(present(emitted)) is None
    Occurrence.objects.filter(type="note").update(cause=reviewed.cause)
    assert cause_of(Occurrence.objects.get(type="note")) == delivery
    assert cause_of(paid) is None


def test_a_log_that_keeps_no_causes_leads_nowhere() -> None:
    """As one of a project's own may be."""
    loan = Loan.objects.create(reader="Ada")
    assert cause_of(loan.logs_of("state")[0]) is None


def test_attempts_that_failed_are_told_with_their_reasons() -> None:
    """Of the delivery whose later attempt made the transition."""
    tries = []

    def review(delivery: Delivery, *, sale: int) -> None:
        """Fail at first."""
        tries.append(delivery)
        if len(tries) == 1:
            raise Retry(after=0, reason="not yet")
        Sale.objects.get(pk=sale).review()

    with actions.registered("test.review", review):
        event_rule("sale.paid", actions=[{"action": "test.review", "input": {"sale": "${data.sale}"}}])
        sale = paid_sale()
        deliver_all()
        Delivery.objects.update(due=DatabaseNow())
        deliver_all()
    assert [(one.number, one.outcome, one.error) for one in present(why(sale).transitions[0].delivery).attempts] == [
        (1, "retry", "not yet"),
        (2, "done", ""),
    ]


def test_the_log_of_an_object_that_is_deleted_still_tells() -> None:
    """Asked for by one that has its key."""
    sale = paid_sale()
    key = sale.pk
    sale.delete()
    thread = why(Sale(pk=key))
    assert (thread.exists, len(thread.transitions)) == (False, 2)


def test_an_object_that_an_event_created_leads_to_it(settings: Settings) -> None:
    """Though it has no log, by its foreign key."""
    settings.DETENT = {"CREATABLE_MODELS": ["till.receipt"]}
    create = {"action": "create", "input": {"model": "till.receipt", "values": {"text": "${data.order}"}}}
    rule = event_rule(actions=[create], name="receipts")
    emit("order.paid", {"order": "17"}, source="shop")
    deliver_all()
    thread = why(Receipt.objects.get())
    (event,) = thread.events
    assert (present(event.rule).key, present(event.occurrence).type) == (rule.pk, "order.paid")
    assert thread.transitions == ()


def test_all_events_at_which_an_object_points_are_told() -> None:
    """By its own keys and by those of its parents, each once."""
    now = timezone.now()
    first, second = (TriggerEvent.objects.create_trigger_event("USER", None, {}, now) for _ in range(2))
    receipt = PostedReceipt.objects.create(event=first, copied_by=first, posted_by=second)
    assert [event.key for event in why(receipt).events] == [first.pk, second.pk]


def test_a_logged_creation_leads_to_the_delivery_that_made_the_object(settings: Settings) -> None:
    """Where an object has no key to its event."""
    settings.DETENT = {"CREATABLE_MODELS": ["till.sale"]}
    create = {"action": "create", "input": {"model": "till.sale", "values": {"total": "${data.total}"}}}
    rule = event_rule(actions=[create])
    emit("order.paid", {"total": 40}, source="shop")
    deliver_all()
    (created,) = why(Sale.objects.get()).transitions
    assert (created.from_state, created.to_state) == ("", "placed")
    assert present(event_above(created).rule).key == rule.pk


def test_a_child_of_several_tables_is_one_object() -> None:
    """Moved as the child or as its parent, both are told of whichever is asked for."""
    express = ExpressClaim.objects.create()
    express.settle()
    Claim.objects.get(pk=express.pk).reopen()
    for asked in (express, Claim.objects.get(pk=express.pk)):
        assert [link.transition for link in why(asked).transitions] == ["reopen", "settle"]


def test_the_logs_of_all_states_of_an_object_are_told() -> None:
    """Logs of one's own say what they keep: these name neither causes nor users."""
    loan = Loan.objects.create(reader="Ada")
    loan.remind()
    loan.give_back()
    assert {link.to_state for link in why(loan).transitions} == {"lent", "returned", "once"}


def test_an_object_with_a_key_of_several_columns_is_told_of() -> None:
    seat = Seat.objects.create(hall="north", number=5)
    seat.take()
    assert [link.transition for link in why(seat).transitions] == ["take"]


def test_what_was_done_in_the_course_of_something_else_says_so() -> None:
    """A cause that is no delivery is told as it stands."""
    order = Order.objects.create(customer="C7", total=1)
    with caused_by("import:7"):
        order.place()
    (link,) = why(order).transitions
    assert (link.cause, link.delivery) == ("import:7", None)


@pytest.mark.parametrize("cause", ["delivery:", "delivery:x", "delivery:-1", "delivery:" + "9" * 40, "delivery:²"])
def test_a_cause_that_only_looks_like_a_delivery_is_told_as_it_stands(cause: str) -> None:
    order = Order.objects.create(customer="C7", total=1)
    with caused_by(cause):
        order.place()
    assert [(link.cause, link.delivery) for link in why(order).transitions] == [(cause, None)]


def test_a_delivery_that_is_pruned_is_told_by_its_key() -> None:
    order = Order.objects.create(customer="C7", total=1)
    with caused_by("delivery:987654"):
        order.place()
    delivery = present(why(order).transitions[0].delivery)
    assert (delivery.key, delivery.event, delivery.cut) == (987654, None, False)


def test_a_thread_that_leads_back_to_itself_is_cut() -> None:
    """It cannot come about by emitting, but rows can be written by hand."""
    move_rule("sale.paid", "review")
    sale = paid_sale()
    deliver_all()
    Occurrence.objects.update(cause=Delivery.objects.get().key)
    reviewed = why(sale).transitions[0]
    again = present(occurrence_above(reviewed).delivery)
    assert (again.key, again.event, again.cut) == (present(reviewed.delivery).key, None, True)


def test_a_thread_without_end_is_cut() -> None:
    """However long a chain is, it is followed so far and no further."""
    now = timezone.now()
    occurrences = [
        Occurrence.objects.create(type="step", source="tests", identifier=str(number), time=now, data={})
        for number in range(70)
    ]
    for above, below in zip([None, *occurrences], occurrences, strict=False):
        event = TriggerEvent.objects.create(type="step", occurred=now, occurrence=below)
        delivery = Delivery.objects.create(event=event, action="any", position=0)
        if above:
            Occurrence.objects.filter(pk=above.pk).update(cause=delivery.key)
    link, depth = present(why(occurrences[0]).occurrence), 0
    while present(link.delivery).event:
        link, depth = occurrence_above(link), depth + 1
    assert (depth, present(link.delivery).cut) == (64, True)


def test_the_newest_transitions_are_told_as_many_as_are_asked_for() -> None:
    """And whether there are older ones."""
    sale = paid_sale()
    sale.review()
    assert [link.transition for link in why(sale, limit=2).transitions] == ["review", "pay"]
    assert (why(sale, limit=2).is_cut, why(sale, limit=3).is_cut) == (True, False)


def test_a_history_of_a_hundred_rows_costs_as_many_statements_as_one_of_two() -> None:
    """They grow with the length of the chain of causes, not with the history."""
    rule = move_rule("sale.paid", "review")
    short, long = paid_sale(), paid_sale()
    deliver_all()
    template = TransitionLog.objects.filter(object_key=str(long.pk), transition="review").get()
    for number in range(98):
        emitted = emit("sale.paid", {"sale": 0}, source="tests", id=str(number))
        delivery = Delivery.objects.get(event=emitted.events[0])
        template.pk, template.cause = None, delivery.key
        template.timestamp += timedelta(seconds=1)
        template.save(force_insert=True)
    why(short)
    with statements() as of_short:
        why(short)
    with statements() as of_long:
        thread = why(long)
    rules = {present(event_above(link).rule).key for link in thread.transitions if link.transition == "review"}
    assert (len(thread.transitions), rules) == (100, {rule.pk})
    assert len(of_short) == len(of_long) <= 6


def test_a_thread_is_data_that_json_can_keep() -> None:
    """With Django's encoder."""
    move_rule("sale.paid", "review")
    sale = paid_sale()
    deliver_all()
    told = json.loads(json.dumps(why(sale).as_data(), cls=DjangoJSONEncoder))
    assert told["transitions"][0]["delivery"]["event"]["occurrence"]["transition"]["user"] == "alice"


def test_an_object_that_was_never_there_is_an_error() -> None:
    """It names the object and the database that was asked."""
    with pytest.raises(NothingKnown, match=r"till\.Sale 404: there is none in database 'default'") as raised:
        why(Sale(pk=404))
    assert (raised.value.model, raised.value.key) == ("till.Sale", 404)


def test_an_object_of_which_nothing_is_ever_kept_is_an_error() -> None:
    """It says how that is changed."""
    user = User.objects.create(username="bob")
    with pytest.raises(NothingKnown, match=r"auth\.User .*log_model.*trigger\.TriggerEvent"):
        why(user)


def test_an_object_that_has_not_moved_has_an_empty_thread() -> None:
    thread = why(Order.objects.create(customer="C7", total=1))
    assert (thread.exists, thread.transitions, thread.events) == (True, (), ())
