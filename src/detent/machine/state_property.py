"""The attribute that holds the state of a plain object."""

from typing import Any, overload

from detent.machine.state_value import StateWrapper
from detent.machine.workflow import Workflow


class StateProperty:
    """The attribute that holds an object's state: the object stores the name, reading gives the state's value.

    Args:
        workflow: The workflow.
        state_field_name: The name of the attribute.

    Attributes:
        attribute: Where objects store the name. It is another one than `state_field_name`, which would have to be
            reached through the object's `__dict__`: Python then keeps a dictionary for each object, and all its
            attributes are slower.
    """

    __slots__ = ("_values", "attribute", "field_name", "workflow")

    def __init__(self, workflow: Workflow, state_field_name: str) -> None:
        self.workflow = workflow
        self.field_name = state_field_name
        self.attribute = f"_detent_{state_field_name}"
        self._values: dict[str | None, StateWrapper] = {}

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> "StateProperty": ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> StateWrapper: ...

    def __get__(self, instance: object, owner: type[Any] | None = None) -> "StateProperty | StateWrapper":
        """Return the state's value; the initial one for an object that was never given another."""
        if instance is None:
            return self
        try:
            return self._values[getattr(instance, self.attribute, None)]
        except KeyError:
            return self._value_of(getattr(instance, self.attribute, None))

    def _value_of(self, name: str | None) -> StateWrapper:
        if not self._values:
            initial = self.workflow.state_value(self.workflow.initial_state.name)
            # At once, for other threads may read meanwhile.
            self._values = {None: initial} | self.workflow.state_values
        return self._values[None] if name is None else self.workflow.state_value(name)

    def __set__(self, instance: object, value: object) -> None:
        """Store a state.

        Raises:
            InvalidState: It is none of the workflow's.
        """
        setattr(instance, self.attribute, self.workflow.name_of(value, instance))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.workflow!r}, {self.field_name!r})"


class GuardedStateProperty(StateProperty):
    """The same for objects that watch how their attributes are read or set; a state passes them by."""

    __slots__ = ()

    def __get__(self, instance: object, owner: type[Any] | None = None) -> Any:
        """Return the state's value; the initial one for an object that was never given another."""
        return self if instance is None else self._value_of(instance.__dict__.get(self.attribute))

    def __set__(self, instance: object, value: object) -> None:
        """Store a state.

        Raises:
            InvalidState: It is none of the workflow's.
        """
        instance.__dict__[self.attribute] = self.workflow.name_of(value, instance)


def guarded(cls: type[Any]) -> bool:
    """Whether objects of a class watch how their attributes are read or set."""
    as_object_does = all(getattr(cls, name) is getattr(object, name) for name in ("__getattribute__", "__setattr__"))
    return hasattr(cls, "__getattr__") or not as_object_does
