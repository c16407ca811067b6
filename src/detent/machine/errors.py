"""Errors of state machines: in a definition, and of transitions that do not take place."""

from collections.abc import Callable, Iterable
from typing import Any

from detent.errors import DetentError
from detent.machine.verdict import Verdict


class WorkflowError(DetentError):
    """Base of the errors of workflows (the name is xworkflows').

    Attributes:
        instance: The object; None where the error speaks of none, and in one that comes from another process.
    """

    instance: object = None

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Pickle the error without the object and without who acts, which stay where they are."""
        make, args, carried = super().__reduce__()
        return make, args, {name: None if name in ("instance", "actor") else value for name, value in carried.items()}


class InvalidDefinition(WorkflowError):
    """A workflow, or a class that uses one, is declared wrongly.

    Attributes:
        workflow: The name of the class in which the fault stands; "" where it has no name yet.
        name: The state, transition, hook or attribute at fault.
        transition: The name of the transition that is declared wrongly; "" where it is something else.
        instance: The object of which a transition was asked; None where the fault was found without one.
    """

    def __init__(
        self,
        message: str,
        *,
        workflow: str = "",
        name: str = "",
        transition: str = "",
        hint: str = "",
        instance: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.workflow = workflow
        self.name = name
        self.transition = transition
        self.instance = instance
        if hint:
            self.advise(hint)

    def __str__(self) -> str:
        """Return the message; KeyError, a base of one subclass, would quote it."""
        return self.message


class MalformedDefinition(InvalidDefinition, TypeError):
    """A state or transition is not declared in one of the forms that are understood."""


class InvalidName(InvalidDefinition, ValueError):
    """The name of a state is not a word, or that of a transition cannot be the name of a method."""


class UnknownName(InvalidDefinition, KeyError):
    """A name is none of a workflow's."""


class UnknownState(UnknownName):
    """The workflow has no such state; where it is declared, a transition or the initial state names it."""


class UnknownTransition(UnknownName):
    """The workflow has no such transition."""


class DuplicateState(InvalidDefinition, ValueError):
    """One workflow declares a state twice."""


class DuplicateTransition(InvalidDefinition, ValueError):
    """One workflow declares a transition twice."""


class ConflictingImplementation(InvalidDefinition, ValueError):
    """A transition has two implementations, or an attribute stands where its implementation belongs."""


class NotEnabled(InvalidDefinition, TypeError):
    """A transition stands on an object whose class has no such state."""


class InvalidState(WorkflowError, ValueError):
    """A value that is no state of the workflow was assigned.

    Attributes:
        value: What was assigned.
        workflow: The name of the workflow's class.
        known: The names of the workflow's states.
        instance: The object that was to have it; None where a state was only asked for.
    """

    def __init__(self, value: object, workflow: str, known: Iterable[str] = (), *, instance: object = None) -> None:
        super().__init__(f"Value {value} is not a valid state for workflow {workflow}.")
        self.value = value
        self.workflow = workflow
        self.known = tuple(known)
        self.instance = instance
        if self.known:
            self.advise(f"Assign one of {', '.join(self.known)}, or a State of {workflow} itself.")


class AbortTransition(WorkflowError):
    """A transition does not take place; a hook may raise it to stop one.

    Where the machine itself refused, the error says what it speaks of; where a hook raised it, these are empty.

    Attributes:
        verdict: Why; None if a hook raised the error.
        instance: The object that was to be moved; None in an error that comes from another process.
    """

    def __init__(self, *args: object, verdict: Verdict | None = None, instance: object = None) -> None:
        super().__init__(*args)
        self.verdict = verdict
        self.instance = instance
        hint = "" if verdict is None else verdict.hint
        if hint:
            self.advise(hint)

    @property
    def workflow(self) -> str:
        """The name of the workflow's class."""
        return self.verdict.workflow if self.verdict is not None else ""

    @property
    def transition(self) -> str:
        """The name of the transition."""
        return self.verdict.transition if self.verdict is not None else ""

    @property
    def state(self) -> str:
        """The name of the state in which the object is."""
        return self.verdict.state if self.verdict is not None else ""


class InvalidTransitionError(AbortTransition):
    """The transition does not start in the object's state."""


class ForbiddenTransition(AbortTransition):
    """A check refused the transition."""


class MissingArgument(AbortTransition, TypeError):
    """A check needs an argument that the call did not give."""


class MustBeAwaited(WorkflowError, TypeError):
    """A transition with coroutines among its parts is called as if it had none; nothing has been touched.

    Attributes:
        transition: The name of the transition.
        workflow: The name of the workflow's class.
        parts: What must be awaited, in words.
        state: The name of the state in which the object is.
        instance: The object; None in an error that comes from another process.
    """

    def __init__(
        self, transition: str, workflow: str, parts: tuple[str, ...], *, state: str = "", instance: object = None
    ) -> None:
        super().__init__(
            f"Transition {transition!r} has parts that must be awaited: {', '.join(parts)}. Write: await "
            f"<object>.{transition}.acall(...)."
        )
        self.transition = transition
        self.workflow = workflow
        self.parts = parts
        self.state = state
        self.instance = instance


class UnknownFormat(WorkflowError, ValueError):
    """A diagram is asked for in a format that there is not.

    Attributes:
        format: What was asked for.
        known: The formats that there are.
        workflow: The name of the workflow's class.
    """

    def __init__(
        self,
        format: str,  # noqa: A002 - as `diagram` calls it
        known: tuple[str, ...],
        *,
        workflow: str = "",
    ) -> None:
        super().__init__(f"There are no diagrams in the format {format!r}; ask for one of {', '.join(known)}.")
        self.format = format
        self.known = known
        self.workflow = workflow
