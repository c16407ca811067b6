"""The transitions of one object as its page shows them, and how one is made."""

from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync

from detent.machine import AbortTransition, MissingArgument, Verdict
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.call_signature import arguments_of


@dataclass(frozen=True, slots=True)
class OfferedMove:
    """A transition that starts in the state of an object.

    Attributes:
        field: The name of the state field.
        name: The name of the transition.
        title: What the button says.
        target: The title of the state to which it leads.
        verdict: Whether it is allowed and, if not, why.
        asks: Whether it takes arguments, so that a form comes first.
    """

    field: str
    name: str
    title: str
    target: str
    verdict: Verdict
    asks: bool


@dataclass(frozen=True, slots=True)
class FieldState:
    """The state of an object in one of its state fields.

    Attributes:
        label: What the field is called.
        title: The title of the state.
        known: Whether the workflow has the state.
        moves: The transitions that start there.
    """

    label: str
    title: str
    known: bool
    moves: tuple[OfferedMove, ...]


def states_of(moved: Any, user: Any) -> list[FieldState]:
    """Return the states of an object, each with the transitions that start there, as a user may make them.

    Args:
        moved: The object.
        user: Who would act.
    """
    return [_field_state(moved, name, user) for name in moved._xworkflows_implems]


def _field_state(moved: Any, name: str, user: Any) -> FieldState:
    state, field = getattr(moved, name), moved._meta.get_field(name)
    return FieldState(
        str(field.verbose_name),
        str(state.title),
        state.known,
        tuple(_offered(bound(moved, name, each.name), user) for each in state.transitions()),
    )


def _offered(move: ModelTransition[..., Any], user: Any) -> OfferedMove:
    transition = move.transition
    return OfferedMove(
        move.field_name,
        transition.name,
        str(transition.title),
        str(transition.target.title),
        move.by(user).explain(),
        bool(arguments_of(move)),
    )


def bound(moved: Any, field: str, name: str) -> ModelTransition[..., Any]:
    """Return a transition of an object.

    Raises:
        LookupError: It has no such transition.
    """
    move: ModelTransition[..., Any] = getattr(moved, moved._xworkflows_implems[field].transitions_at[name])
    return move


def make(move: ModelTransition[..., Any], arguments: dict[str, Any]) -> str:
    """Make a transition.

    Args:
        move: The transition, with who acts.
        arguments: The arguments of the call.

    Returns:
        Why it was refused; "" if the object has moved.
    """
    try:
        if move.plan.coroutines:
            async_to_sync(move.acall)(**arguments)
        else:
            move(**arguments)
    except MissingArgument as error:
        return str(error)
    except AbortTransition as error:
        return str(error if error.verdict is None else error.verdict.message)
    return ""
