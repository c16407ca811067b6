"""The history of an object: the rows of its log, page by page."""

from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework import status
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from detent.workflow.errors import NoLog, UnknownStateField
from detent.workflow.rest.problem import FieldError, Problem, invalid

FIELD = "field"


class LatestFirst(CursorPagination):
    """Pages of 50 rows of a log, the latest first; no page counts the table."""

    page_size = 50
    ordering = ("-timestamp", "-pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins.

        Raises:
            NotFound: The cursor is none that a page gave.
        """
        cursor = super().decode_cursor(request)
        if cursor and cursor.position and not _is_time(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_time(text: str) -> bool:
    try:
        return parse_datetime(text) is not None
    except ValueError:
        return False


def entries_of(found: Any, field: str | None) -> QuerySet[Any]:
    """Return the log rows of an object.

    Args:
        found: The object.
        field: The name of the state field whose rows are wanted; None for those of its first log.

    Raises:
        Problem: It has no such field, or no log.
    """
    try:
        rows = found.transition_logs if field is None else found.logs_of(field)
    except NoLog as error:
        reason, fix = "Its transitions are not logged.", "Have the workflow given a log."
        raise Problem(
            status.HTTP_404_NOT_FOUND, reason, kind="no-history", errors=[FieldError("path", reason, fix)]
        ) from error
    except UnknownStateField as error:
        raise invalid(FieldError(FIELD, str(error), f"Give one of: {', '.join(error.fields)}.")) from error
    user = rows.model.column_for("user")
    history: QuerySet[Any] = rows.select_related(user) if user else rows
    return history


def entry(row: Any) -> dict[str, object]:
    """Return what the history tells of one log row: which transition, from where, to where, when, by whom and why."""
    return {
        "id": row.pk,
        "field": _fact(row, "state_field") or None,
        "transition": row.transition,
        "from": row.from_state,
        "to": row.to_state,
        "at": row.timestamp,
        "by": None if (user := _fact(row, "user")) is None else str(user),
        "cause": _fact(row, "cause") or None,
    }


def _fact(row: Any, name: str) -> Any:
    column = row.column_for(name)
    return getattr(row, column) if column else None


def require_view(user: Any, found: Any) -> None:
    """Let those see the history of an object who may view or change it, as in Django's admin.

    Args:
        user: Who asks.
        found: The object.

    Raises:
        PermissionDenied: They may do neither.
    """
    meta = found._meta
    wanted = [f"{meta.app_label}.{does}_{meta.model_name}" for does in ("view", "change")]
    if not any(user.has_perm(permission) or user.has_perm(permission, found) for permission in wanted):
        raise PermissionDenied(f"To read its history you need the permission {wanted[0]}.")
