"""How a class gets its transitions: its own methods, those it inherits, and a plain one for each of the rest."""

import inspect
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

from detent.machine.declaration import TransitionWrapper
from detent.machine.definition import State, Transition
from detent.machine.errors import ConflictingImplementation
from detent.machine.hooks import DeclaredHook, Hook, declared_hooks
from detent.machine.implementation import ImplementationProperty
from detent.machine.moves import refuse_unknown_moves
from detent.machine.state_property import GuardedStateProperty, StateProperty, guarded
from detent.machine.unbound import noop
from detent.machine.workflow import Workflow


def iterclass(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each class-level attribute and its value by name, inherited ones included, without binding descriptors."""
    attributes: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        attributes.update(vars(base))
    yield from sorted(attributes.items(), key=itemgetter(0))


class ImplementationList:
    """The transitions of one state field of a class, and what implements each.

    Args:
        state_field: The attribute that holds the state.
        workflow: The workflow.
    """

    def __init__(self, state_field: str, workflow: Workflow) -> None:
        self.state_field = state_field
        self.workflow = workflow
        self.implementations: dict[str, ImplementationProperty[..., Any]] = {}
        self.transitions_at: dict[str, str] = {}

    def collect(self, cls: type[Any]) -> None:
        """Take the implementations that stand on a class and its bases; those of the class itself first.

        Raises:
            ConflictingImplementation: Two implement one transition.
        """
        for name, value in sorted(iterclass(cls), key=lambda item: item[0] not in vars(cls)):
            if isinstance(value, TransitionWrapper) and self._concerns(value):
                self._add(cls, name, self._property(value.trname, value.func))
            elif isinstance(value, ImplementationProperty) and self._is_inherited(cls, name, value):
                self._add(cls, name, self._property(value.transition.name, value.implementation))

    def _property(self, name: str, function: Callable[..., Any]) -> ImplementationProperty[..., Any]:
        return ImplementationProperty(self.state_field, self.workflow.transitions[name], self.workflow, function)

    def _concerns(self, value: TransitionWrapper[..., Any]) -> bool:
        return value.trname in self.workflow.transitions and value.field in ("", self.state_field)

    def _is_inherited(self, cls: type[Any], name: str, value: ImplementationProperty[..., Any]) -> bool:
        return (
            name not in vars(cls)
            and value.field_name == self.state_field
            and value.implementation is not noop
            and value.transition.name in self.workflow.transitions
            and value.transition.name not in self.implementations
        )

    def _add(self, cls: type[Any], attribute: str, implementation: ImplementationProperty[..., Any]) -> None:
        name = implementation.transition.name
        if name in self.implementations:
            both = f"{self.transitions_at[name]!r} and {attribute!r}"
            message = f"Transition {name!r} of {cls.__name__} has two implementations, {both}; keep one of them."
            raise ConflictingImplementation(message, workflow=cls.__name__, name=name, transition=name)
        self.implementations[name] = implementation
        self.transitions_at[name] = attribute

    def refuse_displaced(self, cls: type[Any]) -> None:
        """Refuse a class in which an inherited implementation gave way to something that does not implement it.

        Raises:
            ConflictingImplementation: The attribute of an inherited implementation holds something else, or another
                attribute implements its transition.
        """
        for name, attribute in self._inherited_places(cls):
            if self.transitions_at.get(name) != attribute:
                instead = self.transitions_at.get(name) or inspect.getattr_static(cls, attribute)
                message = (
                    f"Can't override transition implementation {attribute!r} of {cls.__name__} with {instead!r}: "
                    f"implement {name!r} under its inherited name, decorated with @transition({name!r})."
                )
                raise ConflictingImplementation(message, workflow=cls.__name__, name=name, transition=name)

    def _inherited_places(self, cls: type[Any]) -> Iterator[tuple[str, str]]:
        for base in cls.__mro__[1:]:
            inherited: ImplementationList | None = vars(base).get("_xworkflows_implems", {}).get(self.state_field)
            if inherited is not None:
                yield from (
                    (name, inherited.transitions_at[name])
                    for name, implementation in inherited.implementations.items()
                    if name in self.workflow.transitions and implementation.implementation is not noop
                )

    def add_missing_implementations(self, cls: type[Any]) -> None:
        """Give each remaining transition a method of its own name that does nothing.

        Raises:
            ConflictingImplementation: The class has something else of that name.
        """
        for transition in self.workflow.transitions:
            if transition.name not in self.implementations:
                self._refuse_other_attribute(cls, transition)
                self._add(
                    cls, transition.name, ImplementationProperty(self.state_field, transition, self.workflow, noop)
                )

    def _refuse_other_attribute(self, cls: type[Any], transition: Transition) -> None:
        if not self.workflow.strict and transition.name not in vars(cls):
            # xworkflows looked at the class itself: a transition takes the place of what a base has.
            return
        other = inspect.getattr_static(cls, transition.name, None)
        if other is None or (isinstance(other, ImplementationProperty) and other.field_name == self.state_field):
            return
        message = (
            f"Can't override transition implementation {transition.name!r} of {cls.__name__} with {other!r}: decorate "
            "the method with @transition(), or rename one of them."
        )
        name = transition.name
        raise ConflictingImplementation(message, workflow=cls.__name__, name=name, transition=name)

    def register_hooks(self, cls: type[Any]) -> None:
        """Collect the hooks declared on a class and its bases, WorkflowEnabled or not."""
        for _, value in iterclass(cls):
            for declared in declared_hooks(function_of(value)):
                if self._is_watched_by(declared):
                    self._add_hook(declared.hook)

    def _is_watched_by(self, declared: DeclaredHook) -> bool:
        # States of one name may stand in two workflows of a class: a hook that names the State itself means one.
        concerned = any(not isinstance(name, State) or self.workflow.declares(name) for name in declared.hook.names)
        return concerned and declared.field in ("", self.state_field)

    def _add_hook(self, hook: Hook) -> None:
        for implementation in self.implementations.values():
            if hook.applies_to(implementation.transition):
                implementation.add_hook(hook)

    def place_on(self, cls: type[Any]) -> None:
        """Put the transitions on the class as attributes."""
        state = inspect.getattr_static(cls, self.state_field, None)
        for name, attribute in self.transitions_at.items():
            implementation = self.implementations[name]
            implementation.owner = cls
            implementation.attribute = state.attribute if type(state) is StateProperty else ""
            setattr(cls, attribute, implementation)


def function_of(value: object) -> object:
    """Return the method as it was written, where a class has a transition in its place."""
    if isinstance(value, TransitionWrapper):
        return value.func
    return value.implementation if isinstance(value, ImplementationProperty) else value


def enable(cls: type[Any], state_field: str, workflow: Workflow) -> ImplementationList:
    """Give a class the transitions of a workflow whose state it holds in an attribute.

    Args:
        cls: The class; methods marked with `@transition()` and hooks are found on it and its bases.
        state_field: The attribute that holds the state.
        workflow: The workflow.

    Returns:
        The transitions and what implements each.

    Raises:
        ConflictingImplementation: A transition has two implementations, or another attribute has its name.
    """
    implementations = ImplementationList(state_field, workflow)
    implementations.collect(cls)
    implementations.refuse_displaced(cls)
    implementations.add_missing_implementations(cls)
    implementations.register_hooks(cls)
    implementations.place_on(cls)
    return implementations


class WorkflowEnabled:
    """Mixin of classes that declare `state = SomeWorkflow()` and get the workflow's transitions as methods."""

    _workflows: dict[str, Any] = {}
    _xworkflows_implems: dict[str, ImplementationList] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, workflow in [item for item in vars(cls).items() if isinstance(item[1], Workflow)]:
            setattr(cls, name, StateProperty(workflow, name))
        fields = [(name, field) for name, field in iterclass(cls) if isinstance(field, StateProperty)]
        cls._workflows = {name: _suited(cls, name, field) for name, field in fields}
        cls._xworkflows_implems = {name: enable(cls, name, field.workflow) for name, field in cls._workflows.items()}
        workflows = [field.workflow for field in cls._workflows.values()]
        if workflows and all(workflow.strict for workflow in workflows):
            refuse_unknown_moves(cls, " or ".join(type(workflow).__name__ for workflow in workflows))


def _suited(cls: type[Any], name: str, field: StateProperty) -> StateProperty:
    """Return what holds the state in objects of a class, put on the class if it is not what the class inherits."""
    if type(field) is StateProperty and guarded(cls):
        field = GuardedStateProperty(field.workflow, field.field_name)
        setattr(cls, name, field)
    return field
