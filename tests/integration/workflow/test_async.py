"""Transitions of models in coroutines."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User

from detent.machine import ForbiddenTransition, MustBeAwaited
from detent.workflow import TransitionNotPermitted, acting
from detent.workflow.cause import caused_by
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Charge, Letter

pytestmark = pytest.mark.django_db(transaction=True)


def awaited(bound: Any, *args: Any, **kwargs: Any) -> Any:
    return async_to_sync(bound.acall)(*args, **kwargs)


def test_an_awaited_call_moves_saves_and_logs_as_a_call_does_and_waits_for_coroutines() -> None:
    charge = Charge.objects.create()
    assert awaited(charge.take, "visa") == "VISA"
    assert Charge.objects.get().state == charge.state == "taken"
    assert TransitionLog.objects.get().transition == "take"
    assert charge.steps == [("note", "open"), ("take", None, 1), ("thank", "VISA", "taken"), "receipt"]


def test_a_transition_without_coroutines_may_be_awaited_too() -> None:
    letter = Letter.objects.create(text="Dear")
    assert awaited(letter.stamp, count=2) == 2
    assert Letter.objects.get().state == "stamped"
    assert letter.steps[-1] == "commit with 2 in stamped"


def test_a_call_of_a_transition_with_coroutines_says_what_to_write_and_touches_nothing() -> None:
    charge = Charge.objects.create()
    with pytest.raises(MustBeAwaited, match=r"the implementation, after_commit 'print_receipt'.*take\.acall"):
        charge.take("visa")
    assert (charge.steps, Charge.objects.get().state) == ([], "open")
    assert not TransitionLog.objects.exists()


def test_a_coroutine_that_fails_undoes_the_transition() -> None:
    charge = Charge.objects.create()
    with pytest.raises(LookupError, match="stolen"):
        awaited(charge.take, "stolen")
    assert charge.state == Charge.objects.get().state == "open"
    assert not TransitionLog.objects.exists()


def test_a_coroutine_that_checks_refuses() -> None:
    charge = Charge.objects.create()
    with pytest.raises(ForbiddenTransition, match="The card is empty"):
        awaited(charge.take, "empty")
    assert charge.steps == []


def test_asked_in_a_coroutine_a_transition_asks_its_coroutines() -> None:
    charge = Charge.objects.create()
    assert async_to_sync(charge.take.aexplain)("empty").check == "is_covered"
    assert async_to_sync(charge.take.ais_available)("visa")
    assert charge.take.explain("empty").pending == ("is_covered",)


def test_who_acts_is_who_acts_in_the_coroutine_that_calls() -> None:
    clerk = User.objects.create_user("clerk")
    charge = Charge.objects.create()

    async def call() -> None:
        with acting(user=clerk):
            await charge.take.acall("visa")

    async_to_sync(call)()
    assert ("take", clerk, 1) in charge.steps
    assert TransitionLog.objects.get().user == clerk


def test_what_causes_the_transition_is_what_causes_what_the_coroutine_does() -> None:
    charge = Charge.objects.create()

    async def call() -> None:
        with caused_by("delivery:7"):
            await charge.take.acall("visa")

    async_to_sync(call)()
    assert TransitionLog.objects.get().cause == "delivery:7"


def test_options_hold_for_an_awaited_call() -> None:
    clerk = User.objects.create_user("clerk")
    charge = Charge.objects.create(state="taken")
    with pytest.raises(TransitionNotPermitted):
        awaited(charge.refund.by(clerk))
    awaited(charge.refund.options(log=False))
    assert Charge.objects.get().state == "refunded"
    assert not TransitionLog.objects.exists()


def test_a_call_cancelled_while_it_waits_for_a_coroutine_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def call() -> None:
        begun = asyncio.Event()

        async def wait(charge: Charge, card: str) -> None:
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(Charge.take, "implementation", wait)
        task = asyncio.create_task(charge.take.acall("visa"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    charge = Charge.objects.create()
    async_to_sync(call)()
    assert charge.state == Charge.objects.get().state == "open"
    assert charge.steps == [("note", "open")]
