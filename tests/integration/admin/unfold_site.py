"""A small project under django-unfold, run as a process by `test_unfold`; it prints what its pages hold as JSON."""

import json
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from tests import settings as suite


def configure(folder: str) -> None:
    """Set up the suite's own project with unfold's admin, and its database in a folder."""
    options = {key: getattr(suite, key) for key in dir(suite) if key.isupper()}
    others = [app for app in suite.INSTALLED_APPS if app != "pipeline"]
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(folder) / "project.sqlite3"}
    settings.configure(**{**options, "DATABASES": {"default": database}, "INSTALLED_APPS": ["unfold", *others]})
    django.setup()


def main(folder: str) -> None:
    """Do it."""
    configure(folder)
    # All of these need the apps.
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.test import Client
    from unfold.admin import ModelAdmin

    from detent.testing import deliver_all
    from detent.trigger import emit
    from detent.trigger.models import Delivery, Occurrence, TriggerEvent
    from detent.workflow.admin import WorkflowAdmin
    from tests.integration.trigger.factories import event_rule
    from tests.shop.models import Claim, Order

    class ClaimAdmin(WorkflowAdmin, ModelAdmin):  # type: ignore[misc] # unfold's is not annotated
        """An admin of unfold's own with states."""

    admin.site.unregister(Claim)
    admin.site.register(Claim, ClaimAdmin)
    call_command("migrate", run_syncdb=True, verbosity=0)
    rule = event_rule(name="orders", actions=[{"action": "emit", "input": {"type": "sold", "data": {}}}])
    emit("order.paid", {}, source="shop")
    deliver_all()
    delivery, event = Delivery.objects.get(), TriggerEvent.objects.get()
    order, claim = Order.objects.create(customer="C7", total=1), Claim.objects.create(text="broken")
    shown = {
        "/admin/trigger/triggerrule/": "in force",
        "/admin/trigger/triggerrule/add/": "configuration",
        f"/admin/trigger/triggerrule/{rule.pk}/change/": "Test against a sample",
        f"/admin/trigger/triggerrule/{rule.pk}/test/": "Something that happened",
        f"/admin/trigger/triggerrule/{rule.pk}/history/": "Revision 1",
        f"/admin/trigger/occurrence/{Occurrence.objects.order_by('pk')[0].pk}/change/": "What it triggered",
        f"/admin/trigger/triggerevent/{event.pk}/change/": "What came of it",
        "/admin/trigger/delivery/": "Retry the selected deliveries",
        f"/admin/trigger/delivery/{delivery.pk}/change/": "Attempts",
        f"/admin/trigger/delivery/{delivery.pk}/act/cancel/": "Cancel",
        "/admin/xworkflow_log/transitionlog/": "transition",
        "/admin/shop/order/": "Transition: ",
        f"/admin/shop/order/{order.pk}/change/": "Draft",
        f"/admin/shop/order/{order.pk}/history/": "Transitions",
        "/admin/shop/order/workflow/": "detent-diagram",
        "/admin/shop/order/workflow/times/": "Median",
        f"/admin/shop/claim/{claim.pk}/change/": "transition/state/examine/",
        "/admin/shop/claim/": "Transition: ",
    }
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("root"))
    pages = {url: client.get(url) for url in shown}
    moved = client.post(f"/admin/shop/claim/{claim.pk}/transition/state/examine/")
    faults = [url for url, page in pages.items() if page.status_code != 200 or shown[url] not in page.content.decode()]
    styled = all("detent_workflow/admin.css" in page.content.decode() for page in pages.values())
    sys.stdout.write(json.dumps({"faults": faults, "styled": styled, "moved": moved.status_code}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(folder)
