"""The life of a delivery, as a workflow; the worker's statements over many rows take their states from it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from detent.workflow import State, Workflow


class DeliveryWorkflow(Workflow):
    """Where a delivery stands. One is held back while its key, the limit of its rule or an operator forbids it to run.

    `cancel` and `redrive` are an operator's and are called on the row, logged like any transition. The others are the
    worker's: one statement each over the rows concerned, fenced by the epoch, with an `Attempt` as their log.
    """

    states = (
        State("held", _("Held back")),
        State("waiting", _("Waiting")),
        State("running", _("Running")),
        State("done", _("Done"), final=True),
        State("dead", _("Dead")),
        State("cancelled", _("Cancelled")),
    )
    transitions = (
        ("claim", "waiting", "running"),
        ("finish", "running", "done"),
        ("retry", "running", "waiting"),
        ("defer", "running", "held"),
        ("bury", "running", "dead"),
        ("release", "running", "waiting"),
        ("hold", "waiting", "held"),
        ("admit", "held", "waiting"),
        ("cancel", ("held", "waiting", "dead"), "cancelled"),
        ("redrive", ("dead", "cancelled"), "waiting"),
    )
    initial_state = "waiting"


class Step(NamedTuple):
    """A transition of `DeliveryWorkflow` as a statement over rows needs it.

    Attributes:
        source: The stored state that the rows must have.
        target: The state that they get.
    """

    source: str
    target: str


def step(name: str) -> Step:
    """Look a transition up in the workflow, so that no statement can take a way that the definition does not have.

    Args:
        name: A transition with one source state.

    Raises:
        AttributeError: The workflow has no such transition.
        ValueError: It starts in several states.
    """
    transition = getattr(DeliveryWorkflow.transitions, name)
    (source,) = transition.source
    return Step(source.name, transition.target.name)


CLAIM, FINISH, RETRY, DEFER, BURY, RELEASE = map(step, ("claim", "finish", "retry", "defer", "bury", "release"))
HOLD, ADMIT = step("hold"), step("admit")
