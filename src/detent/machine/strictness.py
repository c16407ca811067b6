"""What xworkflows let pass in a workflow's declaration, and Detent refuses."""

from collections.abc import Iterator, Sequence
from keyword import iskeyword

from detent.machine.definition import State, Transition
from detent.machine.errors import DuplicateState, DuplicateTransition, InvalidName, MalformedDefinition


def refuse_faults(workflow: str, states: Sequence[State], transitions: Sequence[Transition]) -> None:
    """Refuse what one class declares of its own, if something is wrong with it.

    Args:
        workflow: The name of the class.
        states: The states that it declares.
        transitions: The transitions that it declares.

    Raises:
        DuplicateState: Two states have one name.
        DuplicateTransition: Two transitions have one name.
        InvalidName: No method can have a transition's name.
        MalformedDefinition: A transition starts nowhere.
    """
    for name in _twice([state.name for state in states]):
        message = f"{workflow} declares the state {name!r} twice; give one of them another name."
        raise DuplicateState(message, workflow=workflow, name=name)
    for name in _twice([transition.name for transition in transitions]):
        message = f"{workflow} declares the transition {name!r} twice; give one of them another name."
        raise DuplicateTransition(message, workflow=workflow, name=name, transition=name)
    for transition in transitions:
        _refuse_name(workflow, transition.name)
        if not transition.source:
            name = transition.name
            message = f"{workflow}.{name} has no source; name the states in which it starts."
            raise MalformedDefinition(message, workflow=workflow, name=name, transition=name)


def refuse_no_states(workflow: str) -> None:
    """Refuse a class that declares its states, and there are none.

    Args:
        workflow: The name of the class.

    Raises:
        MalformedDefinition: Always.
    """
    message = f"{workflow} declares no states; list them as (name, title), or leave the attribute out."
    raise MalformedDefinition(message, workflow=workflow, name="states")


def _twice(names: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _refuse_name(workflow: str, name: str) -> None:
    if isinstance(name, str) and name.isidentifier() and not iskeyword(name):
        return
    message = f"{workflow} has a transition named {name!r}, which no method can be called; use a Python identifier."
    raise InvalidName(message, workflow=workflow, name=str(name), transition=str(name))
