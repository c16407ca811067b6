"""Many rows as parameters of one PostgreSQL statement: a JSON array for each column, and always the same text."""

import json
from collections.abc import Sequence
from typing import Any


def select_columns(casts: Sequence[str], more: str = "") -> str:
    """Return a query whose parameters are the texts of `json_columns`.

    Args:
        casts: What makes the text of each column a value of its type, such as `::bigint`; "" for a text.
        more: What is selected beside them, with a comma before it.
    """
    names = [f"column_{place}" for place, _ in enumerate(casts)]
    typed = ", ".join(name + cast for name, cast in zip(names, casts, strict=True))
    arrays = ", ".join(["json_array_elements_text(%s::json)"] * len(names))
    return f"SELECT {typed}{more} FROM ROWS FROM ({arrays}) AS given ({', '.join(names)})"  # noqa: S608 - own names


def json_columns(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return the parameters: a parameter for each value, or a list of the driver's, takes three times as long."""
    return [json.dumps(column, default=str, ensure_ascii=False) for column in zip(*rows, strict=True)]
