"""What a call of a transition runs, in which order, and what it refuses."""

import logging
from decimal import Decimal

import pytest
from django.db import connection

from detent.workflow import ForbiddenTransition, InvalidTransitionError, MissingArgument, transitioned
from detent.workflow.signals import Moved
from tests.shop.models import Letter, Order

pytestmark = pytest.mark.django_db


def test_a_transition_runs_its_method_saves_the_state_and_returns_the_result(make_order):
    order = make_order(state="placed")
    assert order.pay(amount=Decimal(50), reference="ch_1") == Decimal(10)
    stored = Order.objects.get()
    assert (stored.state, stored.reference) == ("paid", "ch_1")


def test_checks_hooks_save_and_after_hooks_run_in_the_documented_order(django_capture_on_commit_callbacks):
    letter = Letter.objects.create(text="Dear")
    with django_capture_on_commit_callbacks(execute=True):
        letter.stamp(2)
    assert letter.steps == [
        "check in written",
        "before with 2 in written",
        "leave in written",
        "implementation in written",
        "enter in stamped",
        "after with 2 in stamped",
        "commit in stamped",
        "commit with 2 in stamped",
    ]


def test_what_an_after_hook_sets_is_not_saved():
    letter = Letter.objects.create(text="Dear")
    letter.stamp()
    assert letter.text == "weighed"
    assert Letter.objects.get().text == "Dear"


def test_from_another_state_a_transition_is_refused_and_nothing_is_touched(make_order):
    order = make_order()
    with pytest.raises(
        InvalidTransitionError, match=r"Transition 'ship' isn't available from state 'draft'\."
    ) as refused:
        order.ship()
    assert refused.value.verdict == order.ship.explain()
    assert (order.state, Order.objects.get().state, order.transition_logs.count()) == ("draft", "draft", 0)


def test_a_check_refuses_with_its_reason_and_the_verdict_says_which(make_order):
    order = make_order(state="placed")
    with pytest.raises(ForbiddenTransition, match="does not cover") as refused:
        order.pay(amount=Decimal(5), reference="x")
    verdict = order.pay.explain(amount=Decimal(5), reference="x")
    assert (verdict.allowed, verdict.code, verdict.check) == (False, "check", "covers_the_total")
    assert refused.value.verdict.code == "check"


def test_available_transitions_say_what_is_allowed_and_which_checks_are_pending(make_order):
    verdicts = {verdict.transition: verdict for verdict in make_order(state="placed").available_transitions()}
    assert set(verdicts) == {"pay", "cancel", "expire"}
    assert verdicts["pay"].pending == ("covers_the_total",)
    assert all(verdicts.values())


def test_a_check_whose_argument_is_not_given_refuses_the_call_with_a_message_that_names_it(make_order):
    with pytest.raises(MissingArgument, match="amount"):
        make_order(state="placed").pay()


def test_an_implementation_that_assigns_the_state_changes_the_logged_source(monkeypatch, make_order):
    order = make_order()
    monkeypatch.setattr(Order.place, "implementation", lambda instance: setattr(instance, "state", "review"))
    order.place()
    assert order.transition_logs.get().from_state == "review"
    assert Order.objects.get().state == "placed"


def test_a_transition_may_call_another_of_the_same_object(monkeypatch, make_order):
    order = make_order()
    monkeypatch.setattr(Order.expire, "implementation", lambda instance: instance.pay(amount=Decimal(40)))
    order.place()
    order.expire()
    moves = [(log.from_state, log.to_state) for log in order.transition_logs.order_by("pk")]
    assert moves == [("draft", "placed"), ("placed", "paid"), ("paid", "cancelled")]


def test_a_new_object_is_inserted(make_order):
    order = Order(customer="C1", total=Decimal(1))
    order.place()
    assert Order.objects.get().state == "placed"
    assert order.transition_logs.get().to_state == "placed"


def test_a_transition_is_told_to_the_python_log(make_order, caplog):
    with caplog.at_level(logging.INFO, "detent.transitions"):
        make_order(pk=7).place()
    assert caplog.messages == ["<Order: order 7 of C7> performed transition OrderWorkflow.place (draft -> placed)"]


def test_the_signal_tells_who_moved_what_from_where_inside_the_transaction(make_order, make_user):
    heard = []

    def receiver(sender, **told):
        heard.append((sender, told, connection.in_atomic_block))

    user, order = make_user("ann", "cancel_order"), make_order()
    transitioned.connect(receiver, sender=Order)
    order.cancel.options(by=user, context={"why": "late"})()
    transitioned.disconnect(receiver, sender=Order)
    [(sender, told, atomic)] = heard
    assert (sender, atomic) == (Order, True)
    assert told["moves"] == [Moved(order.pk, "draft", "cancelled")]
    assert (told["workflow"], told["transition"], told["field"]) == (Order.state, Order.cancel.transition, "state")
    assert (told["user"], told["context"], told["using"], told["key"]) == (user, {"why": "late"}, "default", None)


def test_options_leave_out_the_saving_or_the_log_and_reach_neither_hook_nor_method(make_order):
    order = make_order()
    order.place.options(save=False)()
    assert (order.state, Order.objects.get().state, order.transition_logs.count()) == ("placed", "draft", 1)
    order.pay.options(log=False)(amount=Decimal(40))
    assert (Order.objects.get().state, order.transition_logs.count()) == ("paid", 1)


def test_options_do_not_change_the_transition_on_which_they_are_chosen(make_order):
    place = make_order().place
    place.options(log=False)
    assert place.chosen.log


def test_a_bound_transition_knows_its_object_state_workflow_and_doc_and_the_class_has_none_to_call(make_order):
    order = make_order(state="placed")
    assert (order.pay.instance, order.pay.current_state, order.pay.workflow) == (order, "placed", Order.state)
    assert order.pay.__doc__ == "Take a payment; returns what is left to pay back."
    assert order.pay is not order.pay
    with pytest.raises(TypeError, match="not callable"):
        Order.pay()


def test_an_exception_of_a_check_reaches_the_caller():
    letter = Letter.objects.create(text="fail in check")
    with pytest.raises(RuntimeError, match="check"):
        letter.stamp.is_available()
