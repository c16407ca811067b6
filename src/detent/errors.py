"""The root of every error that Detent raises on purpose."""

import copyreg
from collections.abc import Callable
from typing import Any


class DetentError(Exception):
    """Base of Detent's errors; a subclass carries what it speaks of as attributes, not only as text.

    Attributes:
        hint: What to do about it, where the message does not say so; tracebacks show it beneath the message.
    """

    hint: str = ""

    def advise(self, hint: str) -> None:
        """Say what to do about the error."""
        self.hint = hint
        self.add_note(hint)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """Pickle the error with what it carries."""
        # Exception would call the class with the message, where a subclass takes what it speaks of.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
