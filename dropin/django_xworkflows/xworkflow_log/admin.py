"""The admin of the log as django_xworkflows had it, where the app is installed under this name."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from detent.workflow.log.admin import TransitionLogAdmin as DetentTransitionLogAdmin
from detent.workflow.log.models import TransitionLog

__all__ = ["TransitionLogAdmin"]


class TransitionLogAdmin(DetentTransitionLogAdmin):
    """Lists and shows transitions to whoever may enter the admin; searches for parts of names."""

    date_hierarchy = "timestamp"
    list_filter: ClassVar[tuple[Any, ...]] = ("content_type", "transition")
    search_fields: ClassVar[tuple[str, ...]] = ("transition", "user__username")
    search_help_text: ClassVar[Any] = None

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow looking only."""
        return request.method == "GET"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show an entry, with no button to save it."""
        no_buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **no_buttons})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the entries that have what is searched for somewhere in a field."""
        return admin.ModelAdmin.get_search_results(self, request, queryset, search_term)


if apps.is_installed("django_xworkflows.xworkflow_log"):
    admin.site.unregister(TransitionLog)
    admin.site.register(TransitionLog, TransitionLogAdmin)
