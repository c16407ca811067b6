"""The least that Django needs around one model. Imported by all, also where there is no Django."""

from typing import Any

STATES = ("draft", "placed", "paid")
TRANSITIONS = (("place", "draft", "placed"), ("pay", "placed", "paid"), ("reopen", "paid", "draft"))


def ring(size: int) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Return the states and transitions of a workflow in which each state leads to the next, the last to the first."""
    states = [f"state{index}" for index in range(size)]
    return states, [(f"move{index}", state, states[(index + 1) % size]) for index, state in enumerate(states)]


def configure(apps: list[str], database: dict[str, Any]) -> None:
    """Set Django up with a contestant's apps; the contestant's models join the app `orders`."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps, "orders.OrdersConfig"],
        DATABASES={"default": database},
        USE_TZ=True,
    )
    django.setup()


def create_tables() -> None:
    """Create the tables of all apps; those of `orders` have no migrations."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("orders").get_models():
            editor.create_model(model)
