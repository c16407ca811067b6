"""Lists of tables that may have millions of rows: nothing is counted, and a page begins after a key."""

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest

LARGEST_KEY = 2**63 - 1


class UncountedChangeList(ChangeList):
    """A list, the newest row first; "older" is a link to the rows whose keys are smaller than the last one's.

    The whole table is never counted, and no row is read to be passed over, however far back a page is.

    Attributes:
        is_newest: Whether this page begins with the newest row.
        older: The query string of the next page, or "" at the end.
        newest: The query string of the first page.
    """

    is_newest: bool
    older: str
    newest: str
    model_admin: Any

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """Return the order that makes a key a place in the list, whatever the query string asks for."""
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        """Read the rows of one page, and one more to see whether there is another."""
        before = _key(request.GET.get(PAGE_VAR))
        rows = self.queryset if before is None else self.queryset.filter(pk__lt=before)
        found = list(rows[: self.list_per_page + 1])
        self.result_list: Any = found[: self.list_per_page]
        self.is_newest = before is None
        self.newest = self.get_query_string()
        has_older = len(found) > self.list_per_page
        self.older = self.get_query_string({PAGE_VAR: self.result_list[-1].pk}) if has_older else ""
        self._tell_templates()
        self.model_admin.prepare_rows(self.result_list)

    def _tell_templates(self) -> None:
        """Set what Django's templates read, as for a list that has this one page."""
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = False
        self.show_admin_actions = bool(self.result_list)
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(self.result_list, self.list_per_page)


def _key(text: str | None) -> int | None:
    try:
        key = int(text or "")
    except ValueError:
        return None
    return key if 0 < key <= LARGEST_KEY else None
