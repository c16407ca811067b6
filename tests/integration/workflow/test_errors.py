"""Every error of state machines carries what it speaks of, says what to do, and goes to other processes."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from inspect import isclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from detent.machine import Transition, WorkflowEnabled
from detent.machine import errors as machine_errors
from detent.machine.diagram import diagram
from detent.machine.errors import (
    AbortTransition,
    ConflictingImplementation,
    DuplicateState,
    DuplicateTransition,
    ForbiddenTransition,
    InvalidDefinition,
    InvalidName,
    InvalidState,
    InvalidTransitionError,
    MalformedDefinition,
    MissingArgument,
    MustBeAwaited,
    NotEnabled,
    UnknownFormat,
    UnknownName,
    UnknownState,
    UnknownTransition,
    WorkflowError,
)
from detent.workflow import acting, caused_by
from detent.workflow import errors as workflow_errors
from detent.workflow.errors import (
    ConcurrentTransition,
    MisusedWorkflow,
    NoLog,
    TransitionNotPermitted,
    UncertainCreation,
    UnknownStateField,
    UnloggableKey,
    UnmovableSelection,
    UnreadableLog,
    UnsavedObject,
    UnusableActor,
    UnusableCause,
    UnusableContext,
    UnusableKey,
    UnusableOption,
)
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Charge, Invoice, InvoiceLog, LastReminderLog, Letter, Order, Parcel, Ticket
from tests.unit.machine.jobs import JobWorkflow

pytestmark = pytest.mark.django_db

BASES = {WorkflowError, InvalidDefinition, UnknownName, MisusedWorkflow, UnusableOption}
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
Provocation = tuple[Callable[[], Any], dict[str, Any], str]
PROVOKED: dict[type[WorkflowError], Callable[..., Provocation]] = {}


def provokes(error: type[WorkflowError]) -> Callable[[Callable[..., Provocation]], None]:
    """Return a decorator of what gives a call that ends in an error, what the error carries, and what it advises."""

    def keep(provocation: Callable[..., Provocation]) -> None:
        PROVOKED[error] = provocation

    return keep


def subject(instance: Any, transition: str, state: str) -> dict[str, Any]:
    workflow = type(type(instance)._workflows["state"].workflow).__name__
    return {"workflow": workflow, "transition": transition, "state": state, "instance": instance}


def declared(name: str, **changes: Any) -> Callable[[], Any]:
    return lambda: type(name, (JobWorkflow,), changes)


# Definitions


@provokes(MalformedDefinition)
def _(_: Any) -> Provocation:
    call = declared("Jobs", transitions=[("pause", (), "queued")])
    return call, {"workflow": "Jobs", "name": "pause", "transition": "pause"}, "name the states in which it starts"


@provokes(InvalidName)
def _(_: Any) -> Provocation:
    call = declared("Jobs", transitions=[Transition("pau se", "running", "queued")])
    return call, {"workflow": "Jobs", "name": "pau se", "transition": "pau se"}, "use a Python identifier"


@provokes(UnknownState)
def _(_: Any) -> Provocation:
    call = declared("Jobs", transitions=[("pause", "running", "paused")])
    return call, {"workflow": "Jobs", "name": "paused", "transition": "pause"}, "Add it to states"


@provokes(UnknownTransition)
def _(_: Any) -> Provocation:
    expected = {"workflow": "shop.Order", "name": "pause", "transition": "pause"}
    return lambda: Order.objects.transition("pause"), expected, "it has cancel, expire, pay"


@provokes(DuplicateState)
def _(_: Any) -> Provocation:
    call = declared("Jobs", states=[("queued", "Queued"), ("queued", "Waiting")])
    return call, {"workflow": "Jobs", "name": "queued"}, "give one of them another name"


@provokes(DuplicateTransition)
def _(_: Any) -> Provocation:
    call = declared("Jobs", transitions=[("go", "queued", "running"), ("go", "failed", "queued")])
    return call, {"workflow": "Jobs", "name": "go", "transition": "go"}, "give one of them another name"


@provokes(ConflictingImplementation)
def _(_: Any) -> Provocation:
    expected = {"workflow": "Job", "name": "start", "transition": "start"}
    return lambda: type("Job", (WorkflowEnabled,), {"state": JobWorkflow(), "start": 17}), expected, "start"


@provokes(NotEnabled)
def _(_: Any) -> Provocation:
    foreign: Any = type("Foreign", (), {"place": Order.place})()
    expected = {"workflow": "OrderWorkflow", "name": "place", "transition": "place", "instance": foreign}
    return lambda: foreign.place, expected, "Mix WorkflowEnabled into Foreign"


@provokes(InvalidState)
def _(_: Any) -> Provocation:
    job = type("Job", (WorkflowEnabled,), {"state": JobWorkflow()})()
    expected = {"value": "paused", "workflow": "JobWorkflow", "instance": job}
    return lambda: setattr(job, "state", "paused"), expected, "Assign one of queued, running"


@provokes(UnknownFormat)
def _(_: Any) -> Provocation:
    expected = {"format": "png", "workflow": "JobWorkflow"}
    return lambda: diagram(JobWorkflow, "png"), expected, "ask for one of svg"


# Calls


@provokes(AbortTransition)
def _(monkeypatch: pytest.MonkeyPatch) -> Provocation:
    def refuse(*_: object) -> None:
        raise AbortTransition("Not now.")

    letter = Letter.objects.create(text="Dear")
    monkeypatch.setattr(Letter, "note", refuse)
    # What a hook raises is the hook's own.
    return letter.stamp, {"workflow": "", "transition": "", "state": "", "instance": None}, "Not now."


@provokes(InvalidTransitionError)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40)
    return order.ship, subject(order, "ship", "draft"), "It starts in paid, review"


@provokes(ForbiddenTransition)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40, state="placed")
    return lambda: order.pay(amount=30), subject(order, "pay", "placed"), "The check 'covers_the_total' refused"


@provokes(MissingArgument)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40, state="placed")
    return order.pay, subject(order, "pay", "placed"), "amount"


@provokes(MustBeAwaited)
def _(_: Any) -> Provocation:
    charge = Charge.objects.create(amount=5)
    return (
        lambda: charge.take("c1"),
        subject(charge, "take", charge.state.name),
        "Write: await <object>.take.acall(...)",
    )


@provokes(TransitionNotPermitted)
def _(_: Any) -> Provocation:
    order, nobody = Order.objects.create(customer="C7", total=40), Visitor()
    expected = {**subject(order, "cancel", "draft"), "permission": "shop.cancel_order", "actor": nobody}
    return order.cancel.by(nobody), expected, "needs the permission 'shop.cancel_order'"


class Visitor:
    def has_perm(self, permission: str, obj: object = None) -> bool:
        return False


@provokes(UnusableActor)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40)
    expected = {**subject(order, "cancel", "draft"), "permission": "shop.cancel_order", "actor": "alice"}
    return order.cancel.by("alice"), expected, "give a user"


@provokes(ConcurrentTransition)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40)
    Order.objects.update(state="cancelled")
    return order.place, {**subject(order, "place", "draft"), "expected": {"state": "draft"}}, "Load it again"


@provokes(UnusableKey)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40)
    return lambda: order.place.options(key=""), {**subject(order, "place", "draft"), "key": ""}, "1 to 100 characters"


@provokes(UnusableContext)
def _(_: Any) -> Provocation:
    order = Order.objects.create(customer="C7", total=40)
    expected = {**subject(order, "place", "draft"), "context": {"at": {1}}}
    return lambda: order.place.options(context={"at": {1}}), expected, "JSON"


@provokes(UnusableCause)
def _(_: Any) -> Provocation:
    return lambda: caused_by(17).__enter__(), {"cause": 17}, "keep more in the call's context"


# Logs and querysets


@provokes(UnsavedObject)
def _(_: Any) -> Provocation:
    letter = Letter(text="Dear")
    return letter.stamp.options(save=False), subject(letter, "stamp", "written"), "save it, or move it without a log"


@provokes(UnloggableKey)
def _(monkeypatch: pytest.MonkeyPatch) -> Provocation:
    monkeypatch.setattr(Parcel.state, "log_model_class", LastReminderLog)
    parcel = Parcel.objects.create(code="A1")
    expected = {**subject(parcel, "send", "packed"), "log_model": "shop.LastReminderLog", "key": "A1"}
    return parcel.send, expected, "Base the log on DetailedTransitionLog"


@provokes(UnknownStateField)
def _(_: Any) -> Provocation:
    parcel = Parcel(code="A1")
    expected = {"model": "shop.Parcel", "fields": ("state", "label"), "name": "code", "instance": parcel}
    return lambda: parcel.logs_of("code"), expected, "it has state, label"


@provokes(NoLog)
def _(_: Any) -> Provocation:
    parcel = Parcel(code="A1")
    carried = {"model": "shop.Parcel", "field": "label", "workflow": "LabelWorkflow", "state": "none"}
    return lambda: parcel.logs_of("label"), {**carried, "instance": parcel}, "give the workflow a log_model"


@provokes(UnreadableLog)
def _(monkeypatch: pytest.MonkeyPatch) -> Provocation:
    monkeypatch.setattr(InvoiceLog, "columns_of", classmethod(lambda cls, invoice: {"invoice": invoice}), raising=False)
    carried = {"log_model": "shop.InvoiceLog", "model": "shop.Invoice", "field": "state", "workflow": "InvoiceWorkflow"}
    return lambda: Invoice.objects.unknown_at(NOON), carried, "base the log on DetailedTransitionLog"


@provokes(UncertainCreation)
def _(_: Any) -> Provocation:
    call = lambda: Ticket.objects.bulk_create([Ticket(title="a")], ignore_conflicts=True)  # noqa: E731 - as all here
    return call, {"model": "shop.Ticket", "workflow": "TicketWorkflow"}, "ask first which are there"


@provokes(UnmovableSelection)
def _(_: Any) -> Provocation:
    expected = {"model": "shop.Order", "workflow": "OrderWorkflow", "transition": "expire"}
    return lambda: Order.objects.values().transition("expire"), expected, "leave out values()"


@pytest.mark.parametrize("error", PROVOKED, ids=lambda error: error.__name__)
def test_an_error_carries_what_it_speaks_of_says_what_to_do_and_is_pickled_without_objects(error, monkeypatch):
    call, expected, advice = PROVOKED[error](monkeypatch)
    with pytest.raises(error) as caught:
        call()
    raised = caught.value
    assert type(raised) is error
    assert {name: getattr(raised, name) for name in expected} == expected
    assert advice in f"{raised} {raised.hint}"
    carried = pickle.loads(pickle.dumps(raised))
    assert (type(carried), str(carried), carried.hint) == (error, str(raised), raised.hint)
    left = {name: None for name in ("instance", "actor") if name in expected}
    assert {name: getattr(carried, name) for name in expected} == {**expected, **left}


def test_no_error_of_state_machines_is_left_out_above():
    modules = (machine_errors, workflow_errors)
    found = {value for module in modules for value in vars(module).values() if isclass(value)}
    assert {error for error in found if issubclass(error, WorkflowError)} - BASES == set(PROVOKED)


def test_a_row_written_by_hand_for_what_is_not_saved_names_the_workflow_that_has_the_log_if_one_has():
    order, user = Order(customer="C7", total=40), User(username="ann")
    with pytest.raises(UnsavedObject) as refused:
        TransitionLog.log_transition("place", "draft", "placed", order)
    assert {name: getattr(refused.value, name) for name in subject(order, "", "draft")} == subject(order, "", "draft")
    with pytest.raises(UnsavedObject) as refused:
        TransitionLog.log_transition("place", "draft", "placed", user)
    assert (refused.value.workflow, refused.value.instance) == ("", user)


# Who acts


def test_who_acts_need_not_be_a_user_where_no_permission_is_asked(make_order):
    order = make_order()
    order.place.options(by="alice", log=False)()
    assert order.state == "placed"


def test_many_are_not_moved_by_who_cannot_be_asked_for_the_permission(make_order):
    make_order()
    with pytest.raises(UnusableActor, match=r"actor 'alice' of a call of 'cancel'.*has_perm") as refused:
        Order.objects.transition("cancel", by="alice")
    assert (refused.value.workflow, refused.value.transition) == ("OrderWorkflow", "cancel")
    assert Order.objects.get().state == "draft"


def test_whoever_acts_in_a_block_can_be_asked_for_the_permission_or_is_refused(make_order):
    order = make_order()
    with acting(user="alice"), pytest.raises(UnusableActor):
        order.cancel()
    assert order.state == "draft"
