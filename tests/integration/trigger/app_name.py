"""A small project that has the trigger app under the name given, run as a process by `test_app_names`.

It migrates a fresh database, has a rule triggered, looks at the rows in the admin, and prints what it saw as JSON.
"""

import json
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tests import settings as suite

PAGES = ("triggerrule", "occurrence", "triggerevent", "delivery", "attempt")


def configure(name: str, folder: str) -> None:
    """Set up the suite's own project with another name for the trigger app, and its database in a folder."""
    options = {key: getattr(suite, key) for key in dir(suite) if key.isupper()}
    others = [app for app in suite.INSTALLED_APPS if app not in ("detent.trigger", "pipeline")]
    installed = [*others, name]
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(folder) / "project.sqlite3"}
    settings.configure(**{**options, "DATABASES": {"default": database}, "INSTALLED_APPS": installed})
    django.setup()


def output(*command: str, **options: Any) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue().strip()


def main(name: str, folder: str) -> None:
    """Do it."""
    configure(name, folder)
    # All of these need the apps.
    from django.apps import apps
    from django.contrib.auth.models import User
    from django.test import Client

    from detent.trigger import emit, models
    from trigger.handler import get_trigger_rule_handler
    from trigger.models import TriggerEvent, TriggerRule

    call_command("migrate", run_syncdb=True, verbosity=0)
    pattern = {"version": "1.0", "pattern": {"type": ["order.paid"]}}
    rule = get_trigger_rule_handler("EVENT").create_trigger_rule(pattern, "orders")
    emit("order.paid", {}, source="shop")
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("root"))
    config = type(apps.get_app_config("trigger"))
    seen = {
        "config": f"{config.__module__}.{config.__qualname__}",
        "one set of models": TriggerRule is models.TriggerRule,
        "migrations": output("makemigrations", check=True, dry_run=True),
        "check": output("check"),
        "command": output("detent", "worker", until_idle=True) is not None,
        "triggered": TriggerEvent.objects.get().rule == rule,
        "lists": [client.get(f"/admin/trigger/{page}/").status_code for page in PAGES],
        "page": client.get(f"/admin/trigger/triggerrule/{rule.pk}/change/").status_code,
        "adding": client.get("/admin/trigger/triggerrule/add/").status_code,
    }
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1], folder)
