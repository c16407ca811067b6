"""What a search in a list of millions of rows looks for: what an index finds."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from detent.trigger.payload import text_complaint
from detent.workflow.admin import RecordAdmin
from detent.workflow.admin.lists import LARGEST_KEY


class AnyKeyAdmin(RecordAdmin):
    """Searches by number, or by a whole text: a part of a text would have every row read."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that are searched for, and that none is there twice."""
        term = search_term.strip()
        if not term or not self.get_search_fields(request):
            return queryset, False
        if text_complaint(term):
            return queryset.none(), False
        number = int(term) if term.isdecimal() and len(term) < len(str(LARGEST_KEY)) else None
        return queryset.filter(self.matching_text(term) if number is None else self.matching(number)), False

    def matching(self, number: int) -> Q:
        """Return what a searched number may be."""
        return Q(pk=number)

    def matching_text(self, text: str) -> Q:
        """Return what a searched text may be."""
        return Q(pk__in=())
