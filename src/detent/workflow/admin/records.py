"""The admin of rows that are history, or that change by other means than by hand."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from detent.workflow.admin.lists import UncountedChangeList
from detent.workflow.admin.styled import StyledAdmin


class RecordAdmin(StyledAdmin):
    """Lists rows with integer keys, the newest first, without counting them; nobody adds, edits or deletes one."""

    change_list_template = "admin/detent_workflow/change_list.html"
    show_full_result_count = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedChangeList]:
        """Return the class of the list."""
        return UncountedChangeList

    def prepare_rows(self, rows: list[Any]) -> None:
        """Read what the columns show beside the rows themselves, for all rows of a page at once.

        Args:
            rows: The rows of the page, on which it is kept.
        """

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: "QuerySet[Any]", **location: Any
    ) -> HttpResponse | None:
        """Carry out an action, unless what was selected are no keys.

        Args:
            request: The request.
            queryset: The rows of the list.
            **location: Where the action was chosen, which Django tells from 6.1 on.
        """
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(key)
        except ValidationError:
            messages.error(request, _("What was selected is not in this list."))
            return None
        return super().response_action(request, queryset, **location)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody delete."""
        return False

    def may(self, request: HttpRequest, act: str) -> bool:
        """Tell whether a request's user has one of Django's permissions of the model, such as "change"."""
        return request.user.has_perm(f"{self.opts.app_label}.{act}_{self.opts.model_name}")
