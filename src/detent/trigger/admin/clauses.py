"""The clauses of an explained pattern, as a tree that a template can show."""

import json
from dataclasses import dataclass
from typing import Any

from detent.patterns.explain import SHOWN_VALUES, ExplainedChoice, ExplainedCondition, ExplainedField, ExplainedObject


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause.

    Attributes:
        met: Whether it is met.
        code: What is to be met, as it is written in the pattern; "" where words say it.
        words: What is seen, or what kind of clause it is.
        parts: The clauses inside.
    """

    met: bool
    code: str
    words: str
    parts: tuple["ShownClause", ...] = ()


def clauses_of(pattern: ExplainedObject) -> tuple[ShownClause, ...]:
    """Return the clauses of a pattern, or of a branch of one."""
    return (*map(_field, pattern.fields), *map(_choice, pattern.choices))


def _field(field: ExplainedField) -> ShownClause:
    return ShownClause(field.met, field.path, f"is {_seen(field)}", tuple(map(_condition, field.conditions)))


def _condition(condition: ExplainedCondition) -> ShownClause:
    return ShownClause(condition.met, _as_json(condition.condition), "", tuple(map(_condition, condition.parts)))


def _choice(choice: ExplainedChoice) -> ShownClause:
    branches = (
        ShownClause(branch.met, "", f"branch {number}", clauses_of(branch))
        for number, branch in enumerate(choice.branches, 1)
    )
    return ShownClause(choice.met, "", "one of:", tuple(branches))


def _seen(field: ExplainedField) -> str:
    shown = ", ".join(map(_as_json, field.values[:SHOWN_VALUES]))
    more = len(field.values) - SHOWN_VALUES
    return f"{shown} and {more} more" if more > 0 else shown or "absent"


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
