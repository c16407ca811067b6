"""A small project under the app names given as arguments, run as a process by `test_django_xworkflows_app_names`.

It migrates a fresh database, moves an order, looks at the log in the admin, and prints what it saw as JSON.
"""

import json
import sys
from decimal import Decimal
from io import StringIO

import django
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.utils import translation

from detent.workflow import StateField
from tests import settings as suite


def configure(names: list[str]) -> None:
    """Set up the suite's own project with other names for Detent's apps."""
    others = [name for name in suite.INSTALLED_APPS if name.startswith("django.")]
    options = {name: getattr(suite, name) for name in dir(suite) if name.isupper()}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    installed = [*others, *names, "tests.shop"]
    settings.configure(**{**options, "DATABASES": {"default": database}, "INSTALLED_APPS": installed})
    django.setup()


def output(*command: str, **options: object) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue().strip()


def french_labels() -> list[str]:
    """Return a label of each of the two apps, as a French user sees it."""
    from detent.workflow.log.models import TransitionLog

    with translation.override("fr"):
        return [str(StateField.description), str(TransitionLog._meta.get_field("user").verbose_name)]


def main(names: list[str]) -> None:
    """Do it."""
    configure(names)
    # Both need the apps.
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.shop.models import Order

    call_command("migrate", run_syncdb=True, verbosity=0)
    order = Order.objects.create(customer="C7", total=Decimal(40))
    order.place()
    log = order.transition_logs.get()
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("root"))
    pages = ["", f"{log.pk}/change/", "add/"]
    seen = {
        "migrations": output("makemigrations", check=True, dry_run=True),
        "check": output("check"),
        "command": output("detent", "audit"),
        "legacy command": output("rebuild_transitionlog_states", "shop.Order", verbosity=0),
        "template": Template("{{ order.state.title }}").render(Context({"order": order})),
        "french": french_labels(),
        "admin": [client.get(f"/admin/xworkflow_log/transitionlog/{page}").status_code for page in pages],
    }
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1:])
