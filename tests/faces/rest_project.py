"""A project that offers the REST API, with a few rows of each kind: `python -m tests.faces.rest_project PORT`."""

import os
import sys
from datetime import UTC, datetime

import django
from django.core.management import call_command

SETTINGS = "tests.integration.rest.settings"
USER, PASSWORD = "ann", "secret"


def serve(port: str) -> None:
    """Make the database that DATABASE_URL names, furnish it, and serve until the process ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)
    furnish()
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, use_threading=False, skip_checks=True)


def furnish() -> None:
    """Make a few rows of each kind."""
    # These need the models, which are loaded only now.
    from django.contrib.auth.models import User

    from detent.trigger import TriggerEvent, emit
    from tests.integration.trigger.factories import event_rule
    from tests.shop.models import Order

    User.objects.create_superuser(USER, password=PASSWORD)
    for number in range(5):
        rule = event_rule(name=f"rule {number}", actions=[{"action": "emit", "input": {"type": "order.seen"}}])
        Order.objects.create(customer="C7", total=5)
        TriggerEvent.objects.create_trigger_event("EVENT", rule, {"order": number}, datetime.now(UTC))
    for number in range(3):
        emit("order.paid", {"order": number}, source="shop")


if __name__ == "__main__":
    serve(sys.argv[1])
