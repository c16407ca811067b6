"""Hooks and checks get those of a call's arguments that their signature names."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from detent.machine import MissingArgument, WorkflowEnabled, transition_check
from detent.machine.arguments import Call, Parameters
from detent.machine.unbound import noop
from tests.unit.machine.jobs import JobWorkflow


def pay(order: object, amount: int, currency: str = "EUR", *, reference: str = "") -> None: ...


def variadic(order: object, amount: int, *rest: object, **more: object) -> None: ...


def given(hook: Callable[..., Any], call: Call, *result: object) -> Any:
    args, kwargs = Parameters.of(hook).choose(call, *result)
    return hook("order", *args, **kwargs)


def test_arguments_go_by_the_names_that_the_implementation_gives_them() -> None:
    call = Call(pay, (5,), {"reference": "r1"})
    assert given(lambda order, amount: amount, call) == 5
    assert given(lambda order, *, reference: reference, call) == "r1"
    assert given(lambda order, reference, amount: (amount, reference), call) == (5, "r1")


def test_defaults_of_the_implementation_count_as_given() -> None:
    assert given(lambda order, currency: currency, Call(pay, (5,), {})) == "EUR"


def test_a_default_of_the_hook_stands_where_the_call_has_no_such_argument() -> None:
    assert given(lambda order, colour="red": colour, Call(pay, (5,), {})) == "red"


def test_a_hook_that_names_nothing_gets_nothing() -> None:
    assert given(lambda order: order, Call(pay, (5,), {"reference": "r1"})) == "order"


def test_a_hook_that_takes_everything_gets_the_call_as_it_was_made() -> None:
    call = Call(pay, (5,), {"reference": "r1"})
    assert given(lambda order, *args, **kwargs: (args, kwargs), call) == ((5,), {"reference": "r1"})


def test_a_hook_that_takes_any_keywords_gets_those_of_the_call_and_what_it_names() -> None:
    call = Call(pay, (5,), {"reference": "r1"})
    assert given(lambda order, amount, **more: (amount, more), call) == (5, {"reference": "r1"})


def test_the_object_and_the_variadic_parameters_of_the_implementation_are_no_arguments() -> None:
    assert Call(variadic, (5, 6, 7), {"colour": "red"}).named == {"amount": 5, "colour": "red"}
    assert Call(noop, (5,), {"colour": "red"}).named == {"colour": "red"}


def test_arguments_that_the_implementation_will_refuse_go_by_their_own_names() -> None:
    assert Call(pay, (), {"colour": "red"}).named == {"colour": "red"}


@pytest.mark.parametrize(
    "hook",
    [
        lambda order, result: result,
        lambda order, outcome: outcome,
        lambda order, amount, result: result,
        lambda order, result, *args, **kwargs: result,
        lambda order, *args: args[0],
        lambda order, *, result: result,
        lambda order, outcome, amount: outcome,
    ],
)
def test_the_result_goes_to_the_parameter_of_that_name_or_to_the_first_that_is_no_argument(
    hook: Callable[..., object],
) -> None:
    assert given(hook, Call(pay, (5,), {}), "paid") == "paid"


def test_a_hook_that_names_only_arguments_is_not_given_the_result() -> None:
    assert given(lambda order, amount: amount, Call(pay, (5,), {}), "paid") == 5


@pytest.mark.parametrize(
    ("hook", "missing"),
    [
        (lambda order: None, []),
        (lambda order, amount: None, []),
        (lambda order, amount, colour: None, ["colour"]),
        (lambda order, colour="red": None, []),
        (lambda order, *, colour: None, ["colour"]),
        (lambda order, amount, *rest: None, []),
        (lambda order, amount, colour, *rest: None, ["colour"]),
        (lambda order, amount, *rest, colour: None, ["colour"]),
    ],
)
def test_what_a_call_lacks_for_a_check_is_told_by_name(hook: Callable[..., object], missing: list[str]) -> None:
    assert Parameters.of(hook).missing(Call(pay, (5,), {})) == missing


def pick(order: object, amount: int, /, shelf: str = "A", *, fast: bool = False) -> None: ...


def pack(order: object, /, box: str, *items: int, seal: str = "wax", **labels: str) -> None: ...


def by_inspect(call: Call) -> Mapping[str, Any]:
    """The oracle: what `inspect` makes of a call."""
    signature = inspect.signature(call.implementation)
    try:
        bound = signature.bind_partial("order", *call.args, **call.kwargs)
    except TypeError:
        return call.kwargs
    bound.apply_defaults()
    variadic = [p.name for p in signature.parameters.values() if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return {name: value for name, value in bound.arguments.items() if name not in ("order", "instance", *variadic)} | {
        **call.kwargs
    }


names = st.sampled_from(["amount", "currency", "reference", "shelf", "fast", "box", "seal", "colour"])


@given_any(
    implementation=st.sampled_from([pay, pick, pack, variadic, noop]),
    args=st.lists(st.integers(), max_size=4),
    kwargs=st.dictionaries(names, st.integers(), max_size=3),
)
def test_arguments_have_the_names_that_python_gives_them(
    implementation: Callable[..., object], args: list[int], kwargs: dict[str, int]
) -> None:
    call = Call(implementation, tuple(args), kwargs)
    assert call.named == by_inspect(call)


def test_a_transition_without_method_gives_its_checks_what_is_given_by_name() -> None:
    class Job(WorkflowEnabled):
        state = JobWorkflow()

        @transition_check("start")
        def fits(self, memory: int) -> bool:
            return memory <= 8

    assert Job().start.explain(memory=16).check == "fits"
    with pytest.raises(MissingArgument, match="without memory, which fits must know"):
        Job().start(4)
    Job().start(memory=4)
