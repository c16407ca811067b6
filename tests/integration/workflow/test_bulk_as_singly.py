"""What a bulk transition does is what single calls do, object by object."""

from collections import Counter

import pytest
from django.db import transaction
from django.db.models import CharField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detent.workflow import AbortTransition, WorkflowQuerySet
from tests.shop.models import Claim, ExpressClaim, Invoice, Letter, Order, OrderWorkflow, Parcel

pytestmark = pytest.mark.django_db

STRAY = "gone"
LOGGED = ("transition", "from_state", "to_state", "state_field", "user", "context", "cause")


def one_by_one(objects, name, field, options, arguments):
    """Return what came of single calls, as a bulk transition would tell it."""
    moved, refused = 0, Counter()
    for each in objects:
        transition = getattr(each, name).options(**options)
        try:
            with transaction.atomic():
                transition(**arguments)
            moved += 1
        except AbortTransition as refusal:
            code = "check" if refusal.verdict is None else refusal.verdict.code
            refused[code, str(getattr(each, field))] += 1
    return moved, refused


def fates(objects, field):
    """Return, for each object, its row and the log of it, without what tells it from its twin."""
    loaded = [type(each)._base_manager.get(pk=each.pk) for each in objects]
    rows = [(str(getattr(each, field)), getattr(each, "stamps", 0)) for each in loaded]
    return [(row, logs(each, field)) for row, each in zip(rows, loaded, strict=True)]


def logs(each, field):
    if isinstance(each, Invoice):
        return list(each.logs.values_list("transition", "from_state", "to_state", "clerk"))
    return list(each.logs_of(field).values_list(*LOGGED)) if field != "label" else []


def make_twins(model, values):
    """Make each object twice; return the first ones, and the second ones."""
    pairs = []
    for number, each in enumerate(values):
        states = {name: state for name, state in each.items() if state != STRAY}
        own = {"Parcel": "code", "Invoice": "number"}.get(model.__name__)
        pair = [
            model._base_manager.create(
                **states, **({own: f"{number}/{twin}/{model._base_manager.count()}"} if own else {})
            )
            for twin in (1, 2)
        ]
        strays = [name for name, state in each.items() if state == STRAY]
        if strays:
            rows = Claim.objects if model is ExpressClaim else model._base_manager
            # An expression, which the field does not look at.
            rows.filter(pk__in=[twin.pk for twin in pair]).update(**{strays[0]: as_text(STRAY)})
        pairs.append(pair)
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def as_text(state):
    return Value(state, output_field=CharField())


def states_of(workflow):
    return st.sampled_from([*(state.name for state in workflow.states), STRAY])


def orders():
    objects = st.fixed_dictionaries({"state": states_of(OrderWorkflow), "total": st.sampled_from([10, 90])})
    names = st.sampled_from([transition.name for transition in OrderWorkflow.transitions])
    return st.tuples(st.just(Order), st.lists(objects, max_size=6), names, st.just("state"))


def plain(model, field, names):
    workflow = model._workflows[field].workflow
    objects = st.fixed_dictionaries({field: states_of(workflow)})
    return st.tuples(st.just(model), st.lists(objects, max_size=6), st.sampled_from(names), st.just(field))


def letters():
    texts = st.sampled_from(["", "hello"])
    objects = st.fixed_dictionaries({"state": st.sampled_from(["written", "stamped", "sent"]), "text": texts})
    names = st.sampled_from(["stamp", "send", "resend"])
    return st.tuples(st.just(Letter), st.lists(objects, max_size=6), names, st.just("state"))


# The fixture only makes users, in the transaction that each example rolls back.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    asked=st.one_of(
        orders(),
        letters(),
        plain(Claim, "state", ["drop", "settle", "reopen"]),
        plain(ExpressClaim, "state", ["drop", "settle"]),
        plain(Invoice, "state", ["pay", "write_off", "find"]),
        plain(Parcel, "state", ["send", "lose"]),
        plain(Parcel, "label", ["queue_label", "reset_label"]),
    ),
    actor=st.sampled_from([None, "staff", "boss"]),
    context=st.sampled_from([{}, {"why": "late"}]),
)
def test_a_bulk_transition_comes_to_what_single_calls_come_to(asked, actor, context, make_user):
    model, values, name, field = asked
    with transaction.atomic():
        by = actor and make_user(actor, *(["cancel_order"] if actor == "boss" else []))
        singly, together = make_twins(model, values)
        arguments = {"amount": 50} if name == "pay" and model is Order else {}
        again = [model._base_manager.get(pk=each.pk) for each in singly]
        expected = one_by_one(again, name, field, {"by": by, "context": context}, arguments)
        queryset = WorkflowQuerySet(model).filter(pk__in=[each.pk for each in together])
        result = queryset.transition(name, by=by, context=context, arguments=arguments, field=field)
        refused = {(code, state): n for code, states in result.refused.states.items() for state, n in states.items()}
        assert (result.moved, refused) == expected
        assert fates(together, field) == fates(singly, field)
        transaction.set_rollback(True)
