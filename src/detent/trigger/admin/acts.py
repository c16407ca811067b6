"""What an operator does with one row: a button on its page, and a page that asks first where that is called for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from detent.errors import DetentError
from detent.workflow.admin import RecordAdmin
from detent.workflow.admin.pages import found, not_found, page


@dataclass(frozen=True)
class Act:
    """Something to be done with a row, in one POST.

    Attributes:
        name: What its address has.
        label: What the button says.
        perform: Does it with the row and the user, and returns what was done, in a sentence.
        obstacle: Says of a row why it cannot be done now, or "" if it can; None: it is not offered at all.
        question: What is asked before; "": nothing, the button does it at once.
        permission: Which of the model's permissions it needs.
    """

    name: str
    label: str
    perform: Callable[[Any, Any], str]
    obstacle: Callable[[Any], str | None]
    question: str = ""
    permission: str = "change"


@dataclass(frozen=True)
class OfferedAct:
    """An act as the page of a row shows it.

    Attributes:
        act: The act.
        url: Where it is asked for.
        obstacle: Why it cannot be done, or "".
    """

    act: Act
    url: str
    obstacle: str


class OperatedAdmin(RecordAdmin):
    """Shows rows that nobody edits, and that operators do something with.

    Attributes:
        acts: What they do.
    """

    acts: ClassVar[Sequence[Act]] = ()
    change_form_template = "admin/trigger/operated_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the acts, and Django's."""
        view = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:name>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask whether it is meant, or do it."""
        row = found(self, request, object_id)
        if row is None:
            return not_found(self, request, object_id)
        offered = next((each for each in self.offered_acts(request, row) if each.act.name == name), None)
        if offered is None:
            raise Http404
        if request.method != "POST":
            said = {"original": row, "offered": offered}
            return page(self, request, "admin/trigger/confirm_act.html", offered.act.label, **said)
        self._perform(request, offered, row)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )

    def _perform(self, request: HttpRequest, offered: OfferedAct, row: Any) -> None:
        if offered.obstacle:
            messages.error(request, offered.obstacle)
            return
        try:
            done = offered.act.perform(row, request.user)
        except DetentError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)

    def offered_acts(self, request: HttpRequest, row: Any) -> list[OfferedAct]:
        """List the acts that a request's user may do with a row, and what stands in their way."""
        address = partial(reverse, f"admin:{self.opts.app_label}_{self.opts.model_name}_act")
        return [
            OfferedAct(act, address(args=[row.pk, act.name]), obstacle)
            for act in self.acts
            if self.may(request, act.permission) and (obstacle := act.obstacle(row)) is not None
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a row, with what may be done with it."""
        row = found(self, request, object_id)
        shown = {} if row is None else self.shown_with(request, row)
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the page of a row shows beside its columns."""
        return {"offered_acts": self.offered_acts(request, row)}
