"""What the tests of delivery share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from detent.trigger.actions import actions
from detent.trigger.actions.registry import Outcome

Register = Callable[..., str]


@pytest.fixture
def register() -> Iterator[Register]:
    """Register functions as actions until the test ends; returns the action's name."""
    with ExitStack() as stack:

        def register(function: Callable[..., Outcome], *, atomic: bool = True) -> str:
            name = f"tests.{function.__name__}"
            stack.enter_context(actions.registered(name, function, atomic=atomic))
            return name

        yield register
