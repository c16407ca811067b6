"""What a workflow is made of: states, transitions, and the lists of them."""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Generic, Protocol, TypeAlias, TypeVar, cast

from detent.machine.errors import InvalidName, MalformedDefinition, UnknownName, UnknownState, UnknownTransition
from detent.machine.state_value import StateWrapper

_STATE_NAME = re.compile(r"\w+$")


class State:
    """A state of a workflow; compared by identity, so that equal names of two workflows differ.

    Args:
        name: The word that is stored.
        title: What a person reads; text or a lazily translated text. Default: the name.
        final: Whether an object is meant to stay here.

    Raises:
        InvalidName: `name` is not a word.
    """

    known = True

    def __init__(self, name: str, title: object = None, *, final: bool = False) -> None:
        if not (isinstance(name, str) and _STATE_NAME.match(name)):
            hint = "Take one word of letters, digits and underscores; the title may be any text."
            raise InvalidName(f"Invalid state name {name}.", name=str(name), hint=hint)
        self.name = name
        self.title = name if title is None else title
        self.final = final

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name!r}>"


class StrayState(State):
    """A stored state that the workflow does not, or no longer, have; no transition starts in it."""

    known = False

    def __init__(self, name: str) -> None:
        self.name = self.title = name
        self.final = False

    def __eq__(self, other: object) -> bool:
        # Each reading of such a row makes one anew.
        return self.name == other.name if isinstance(other, StrayState) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)


StateLike: TypeAlias = State | StateWrapper | str


def state_name(state: StateLike) -> str:
    """Return the name of a state given as a State, a state's value or a name."""
    return state if isinstance(state, str) else state.name


class Transition:
    """A way from one or several states to another.

    Args:
        name: The name under which objects are moved.
        source: Where it starts: a state or several, each as a State or by name.
        target: Where it ends.
        title: What a person reads; default: the name.
        permission: The permission ("app.codename") that who acts must have.
        timeout: How long an object may stay in the source before it is moved by itself.

    Raises:
        InvalidName: The source or the target is nothing that a state can be called.
        MalformedDefinition: The permission is no text, or the timeout is no positive `timedelta`.
    """

    def __init__(
        self,
        name: str,
        source: StateLike | Iterable[StateLike],
        target: StateLike,
        *,
        title: object = None,
        permission: str = "",
        timeout: timedelta | None = None,
    ) -> None:
        if not isinstance(permission, str):
            raise _malformed(name, f"asks for the permission {permission!r}; name one as 'app.codename'")
        if timeout is not None and not (isinstance(timeout, timedelta) and timeout > timedelta(0)):
            raise _malformed(name, f"has the timeout {timeout!r}; give a timedelta greater than zero")
        self.name = name
        self.source = _as_states(source)
        self.target = _as_state(target)
        self.title = name if title is None else title
        self.permission = permission
        self.timeout = timeout

    def among(self, states: "StateList") -> "Transition":
        """Return this transition between the states of that list which have the names of its own.

        Raises:
            UnknownState: The list lacks one of them.
        """
        own = copy(self)
        vars(own).pop("_sources", None)
        own.source = [states[state] for state in self.source]
        own.target = states[self.target]
        return own

    def starts_in(self, state: State) -> bool:
        """Whether a state is among its sources."""
        return state in self._sources

    @cached_property
    def _sources(self) -> frozenset[State]:
        return frozenset(self.source)

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """The names of its sources."""
        return tuple(state.name for state in self.source)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.source!r}, {self.target!r})"


def _malformed(transition: str, fault: str) -> MalformedDefinition:
    message = f"The transition {transition!r} {fault}."
    return MalformedDefinition(message, name=transition, transition=transition)


def _as_states(source: StateLike | Iterable[StateLike]) -> list[State]:
    one = isinstance(source, State | StateWrapper | str) or not isinstance(source, Iterable)
    return [_as_state(state) for state in cast("Iterable[StateLike]", (source,) if one else source)]


def _as_state(state: StateLike) -> State:
    if isinstance(state, StateWrapper):
        return state.state
    return state if isinstance(state, State) else State(state)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


class _NamedList(Generic[_Item]):
    """Items in the order of their declaration, found by name, as an attribute or by themselves."""

    unknown: ClassVar[type[UnknownName]]

    def __init__(self, items: Iterable[_Item]) -> None:
        self._items = {item.name: item for item in items}

    def __getattr__(self, name: str) -> _Item:
        try:
            return self.__dict__["_items"][name]  # type: ignore[no-any-return]
        except KeyError:
            known = ", ".join(self.__dict__.get("_items", ()))
            raise AttributeError(f"{type(self).__name__} has no {name!r}; it has [{known}].") from None

    def __getitem__(self, key: "str | _Named") -> _Item:
        name = key if isinstance(key, str) else key.name
        try:
            return self._items[name]
        except KeyError:
            known = ", ".join(self._items)
            raise self.unknown(f"{name!r} is not one of [{known}].", name=name) from None

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str):
            return item in self._items
        name = getattr(item, "name", None)
        return isinstance(name, str) and name in self._items and item == self._items[name]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items.values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"


class StateList(_NamedList[State]):
    """The states of a workflow."""

    unknown = UnknownState


class TransitionList(_NamedList[Transition]):
    """The transitions of a workflow."""

    unknown = UnknownTransition

    def available_from(self, state: State | StateWrapper) -> Iterator[Transition]:
        """Yield the transitions that start in a state."""
        return (transition for transition in self._by_source.get(_as_state(state), ()))

    @cached_property
    def _by_source(self) -> dict[State, list[Transition]]:
        starting: dict[State, list[Transition]] = {}
        for transition in self:
            for state in dict.fromkeys(transition.source):
                starting.setdefault(state, []).append(transition)
        return starting
