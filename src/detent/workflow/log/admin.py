"""The admin pages of the default transition log, which nobody edits."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from detent.workflow.admin import RecordAdmin
from detent.workflow.enabled import state_fields
from detent.workflow.log.models import TransitionLog
from detent.workflow.storable import fault_of_text


class TransitionFilter(admin.SimpleListFilter):
    """Entries by transition: the choices are those that the models declare, so that the log is not asked for them."""

    title = _("transition")
    parameter_name = "transition"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Iterable[tuple[str, str]]:
        """Return the transitions of all models."""
        fields = (field for model in apps.get_models() for field in state_fields(model).values())
        names = {transition.name for field in fields for transition in field.workflow.transitions}
        return [(name, name) for name in sorted(names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the entries of the chosen one."""
        return queryset.filter(transition=self.value()) if self.value() else queryset


@admin.register(TransitionLog)
class TransitionLogAdmin(RecordAdmin):
    """Lists and shows transitions, the newest first; offers no change of any kind."""

    actions = None
    list_display = ("modified_object", "transition", "from_state", "to_state", "user", "timestamp", "cause")
    list_filter: ClassVar[tuple[Any, ...]] = ("content_type", TransitionFilter)
    list_select_related = ("user", "content_type")
    fields = readonly_fields = (
        *("user", "modified_object", "state_field", "transition", "from_state", "to_state"),
        *("timestamp", "cause", "context"),
    )
    search_fields: ClassVar[tuple[str, ...]] = ("transition",)
    search_help_text: ClassVar[Any] = _("A whole transition, a cause such as delivery:17, or the name of a user.")

    def prepare_rows(self, rows: list[Any]) -> None:
        """Read the objects of a page's entries, in one query for each of their models."""
        prefetch_related_objects(rows, "modified_object")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the entries that have the whole of what is searched for, and that none is there twice."""
        term = search_term.strip()
        if not term or fault_of_text(term):
            return (queryset.none() if term else queryset), False
        users = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: term})
        found = Q(transition=term) | Q(cause=term) | Q(user__in=users.values("pk"))
        return queryset.filter(found), False
