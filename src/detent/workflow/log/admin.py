"""The admin pages of the default transition log, which nobody edits."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from detent.workflow.log.models import TransitionLog

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[TransitionLog]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(TransitionLog)
class TransitionLogAdmin(_ModelAdmin):
    """Lists and shows transitions; offers no change of any kind."""

    actions = None
    date_hierarchy = "timestamp"
    list_display = ("modified_object", "transition", "from_state", "to_state", "user", "timestamp")
    list_filter = ("content_type", "transition")
    fields = readonly_fields = (
        *("user", "modified_object", "state_field", "transition", "from_state", "to_state"),
        *("timestamp", "cause", "context"),
    )
    search_fields = ("transition", "user__username")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: only transitions write the log."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: TransitionLog | None = None) -> bool:
        """Allow looking only."""
        return request.method == "GET"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show an entry, with no button to save it."""
        no_buttons = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **no_buttons})

    def has_delete_permission(self, request: HttpRequest, obj: TransitionLog | None = None) -> bool:
        """Refuse: the log outlives what it tells of."""
        return False
