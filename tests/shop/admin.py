"""The admin of the shop, as a project that uses `WorkflowAdmin` has it."""

from django.contrib import admin

from detent.workflow.admin import WorkflowAdmin
from tests.shop.models import Charge, Claim, Loan, Order, Parcel


@admin.register(Order)
class OrderAdmin(WorkflowAdmin):
    """Orders, the state of which somebody even tries to edit in the list."""

    list_display = ("id", "customer", "state")
    list_editable = ("state",)
    list_filter = ("state",)


admin.site.register([Charge, Claim, Loan, Parcel], WorkflowAdmin)
