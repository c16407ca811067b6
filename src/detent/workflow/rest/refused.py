"""A transition that did not take place, as a problem that holds the verdict."""

from typing import Any

from rest_framework import status

from detent.machine import AbortTransition, Verdict
from detent.machine.bound import BoundTransition
from detent.workflow.rest.problem import FieldError, Problem

FIXES = {
    "wrong_state": "Make it from one of the states: {sources}.",
    "unknown_state": "Have the object's state repaired: the workflow no longer has it.",
    "check": "Meet what the check asks, and try again.",
    "permission": "Let someone make it who has the permission.",
    "concurrent": "Read the object again, and decide anew.",
}
"""What who asked may do, by the code of the verdict."""


class TransitionRefused(Problem):
    """A transition did not take place: 403 if who asks lacks the permission, 409 for every other reason.

    Attributes:
        verdict: Why.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        message = str(verdict.message)
        super().__init__(
            status.HTTP_403_FORBIDDEN if verdict.code == "permission" else status.HTTP_409_CONFLICT,
            message,
            kind="transition-refused",
            errors=[FieldError(verdict.field, message, FIXES[verdict.code].format(sources=", ".join(verdict.sources)))],
            code=verdict.code,
            check=verdict.check,
            state=verdict.state,
            transition=verdict.transition,
            pending=list(verdict.pending),
        )


def verdict_of(refusal: AbortTransition, move: BoundTransition[..., Any]) -> Verdict:
    """Return the verdict of a refusal; what a hook has stopped has the one that `explain` would word.

    Args:
        refusal: The error.
        move: The transition of the object.
    """
    if refusal.verdict is not None:
        return refusal.verdict
    state = move.current_state.name
    return Verdict(move.transition.name, state, "check", str(refusal), field=move.field_name)
