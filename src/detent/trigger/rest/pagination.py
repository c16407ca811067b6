"""The pages of a list."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Pages of 100 rows, the newest first; no page counts the table."""

    page_size = 100
    ordering = "-id"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins.

        Raises:
            NotFound: The cursor is none that a page gave.
        """
        cursor = super().decode_cursor(request)
        try:
            int(cursor.position or 0 if cursor else 0)
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
