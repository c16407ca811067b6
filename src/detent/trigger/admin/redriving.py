"""Retrying many deliveries at once: what would happen is shown first."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from detent.trigger.delivery import operators
from detent.trigger.models import Delivery
from detent.workflow.admin.pages import page

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

CONFIRMED = "confirmed"
AT_ONCE = 500
"""How many a request retries, each in a transaction of its own; whoever has more repeats it, or runs the command.

Their keys are fields of the form, of which Django takes 1000 in a request.
"""


def ask_before_redriving(
    model_admin: "ModelAdmin[Any]", request: HttpRequest, deliveries: QuerySet[Delivery]
) -> HttpResponse:
    """Show what a redrive would come to, or carry it out if that has been seen.

    Args:
        model_admin: The admin of deliveries.
        request: The request of the action.
        deliveries: The selected ones.
    """
    keys = list(deliveries.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    chosen = Delivery._base_manager.using(deliveries.db).filter(pk__in=keys[:AT_ONCE])
    if CONFIRMED in request.POST:
        return _carry_out(request, operators.redrive(chosen, by=request.user))
    said: dict[str, Any] = {
        "forecast": operators.redrive(chosen, by=request.user, dry_run=True),
        "refused": _worded(chosen),
        "keys": keys[:AT_ONCE],
        "is_cut": len(keys) > AT_ONCE,
        "at_once": AT_ONCE,
        "action": request.POST.get("action", ""),
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
    }
    return page(model_admin, request, "admin/trigger/delivery/confirm_redrive.html", "Retry deliveries", **said)


def _carry_out(request: HttpRequest, operated: operators.Operated) -> HttpResponse:
    moved, refused = len(operated.moved), sum(operated.refused.values())
    if moved:
        messages.success(request, f"{moved} {'delivery is' if moved == 1 else 'deliveries are'} tried again.")
    if refused:
        reasons = ", ".join(f"{code}: {count}" for code, count in operated.refused.items())
        messages.warning(request, f"{refused} could not be retried ({reasons}).")
    return HttpResponseRedirect(request.get_full_path())


def _worded(deliveries: QuerySet[Delivery]) -> Sequence[tuple[str, int]]:
    """Return the reasons for which deliveries would be refused, with how many there are of each."""
    verdicts = (delivery.redrive.explain() for delivery in deliveries)
    return Counter(str(verdict.message) for verdict in verdicts if not verdict.allowed).most_common()
