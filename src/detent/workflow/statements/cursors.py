"""What a cursor of Django's does at each execution, and need do only once for the text of a compiled statement."""

from collections.abc import Callable
from functools import cache
from typing import Any


def convert_once(cursor: Any) -> None:
    """Let a cursor keep what it makes of a statement's text.

    SQLite's searches the text for its placeholders at each execution, which takes a tenth of a transition; those of the
    other databases have nothing to convert.

    Args:
        cursor: The cursor, as `connection.cursor()` gives it.
    """
    own = cursor.cursor
    if hasattr(own, "convert_query"):
        own.convert_query = _conversion_kept(type(own))  # type: ignore[arg-type] # classes are hashable


@cache
def _conversion_kept(cursor_class: type[Any]) -> Callable[..., str]:
    @cache
    def convert_query(query: str, *, param_names: None = None) -> str:
        converted: str = cursor_class.convert_query(None, query, param_names=param_names)
        return converted

    return convert_query
