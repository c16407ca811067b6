"""Moving rows in sets: a few statements for thousands, in which no object is loaded."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F

from detent.machine.verdict import Code
from detent.workflow.bulk.entries import Entries
from detent.workflow.bulk.moves import MovesByState
from detent.workflow.bulk.result import Refusals
from detent.workflow.bulk.selection import batches
from detent.workflow.statements.plain import FILLED_IN

if TYPE_CHECKING:
    from detent.workflow.bulk.move import BulkMove


def move_in_sets(move: "BulkMove", refusals: Refusals) -> MovesByState:
    """Move the rows of a bulk transition; in a dry run, only say which.

    Args:
        move: The bulk transition, to which there is no obstacle.
        refusals: Where those are counted that are refused.

    Returns:
        The moves.
    """
    by_state = move.selection.keys_by_state(move.field_name, lock=move.locks_rows)
    for state in [state for state in by_state if state not in move.transition.source_names]:
        code: Code = "wrong_state" if state in move.workflow.states else "unknown_state"
        refusals.add(code, state, by_state.pop(state))
    if not move.dry_run:
        _write(move, by_state)
    return MovesByState(by_state, move.transition.target.name)


def _write(move: "BulkMove", by_state: Mapping[str, Sequence[Any]]) -> None:
    entries = Entries.of(move, move.log_model) if move.log_model else None
    values = _values(move)
    for keys in batches([key for some in by_state.values() for key in some], move.using):
        rows = move.selection.all_rows.filter(move.selection.among(keys))
        if entries:
            # First, for they take from the rows which state these leave.
            entries.write(rows)
        rows.update(**values)


def _values(move: "BulkMove") -> dict[str, Any]:
    """Return what is written to each row, by field name: what `save()` would not find there already."""
    written = move.workflow.written_fields(move.field_name)
    values = {name: value for name, value in _filled_in(move.model).items() if not written or name in written}
    if move.workflow.version:
        values[move.workflow.version] = F(move.workflow.version) + 1
    return {**values, move.field_name: move.transition.target.name}


def _filled_in(model: type[models.Model]) -> dict[str, Any]:
    """Return the values that saving any row of a model fills in now, as for `auto_now`, by field name."""

    class Row:
        """What a field's `pre_save` sets its value on."""

    meta: Any = model._meta
    return {
        field.name: field.pre_save(Row(), False)
        for field in meta.concrete_fields
        if type(field).pre_save in FILLED_IN and field.auto_now
    }
