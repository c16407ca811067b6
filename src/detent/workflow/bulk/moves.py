"""The moves that a bulk transition announces, without an object for each until someone asks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, overload

from detent.workflow.signals import Moved


class MovesByState(Sequence[Moved]):
    """The moves of many objects into one state, kept as the keys of those that left each state.

    Args:
        keys: The primary keys, by the name of the state that was left.
        to_state: The name of the state that was entered.
    """

    def __init__(self, keys: Mapping[str, Sequence[Any]], to_state: str) -> None:
        self._keys = keys
        self._to_state = to_state

    def __iter__(self) -> Iterator[Moved]:
        return (Moved(key, state, self._to_state) for state, keys in self._keys.items() for key in keys)

    def __len__(self) -> int:
        return sum(map(len, self._keys.values()))

    @overload
    def __getitem__(self, index: int) -> Moved: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Moved]: ...

    def __getitem__(self, index: int | slice) -> Moved | Sequence[Moved]:
        positions = range(len(self))[index]
        if isinstance(positions, int):
            return next(islice(self, positions, None))
        return list(self)[index] if isinstance(index, slice) else []

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} into {self._to_state!r}>"
