"""Where the subcommands of `manage.py detent` are found.

A subcommand is a class `Command(BaseCommand)` in `<app>/management/subcommands/<name>.py` of an installed app: Django's
own form of a command, one folder further. Of two with the same name, that of the app installed first is taken.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps
from django.core.management.base import BaseCommand


def find_subcommands() -> dict[str, str]:
    """Return the module of each subcommand by its name, sorted."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        folder = Path(config.path) / "management" / "subcommands"
        for _, name, is_package in iter_modules([str(folder)]):
            if not is_package and not name.startswith("_"):
                found.setdefault(name, f"{config.name}.management.subcommands.{name}")
    return dict(sorted(found.items()))


def load_subcommand(module: str) -> type[BaseCommand]:
    """Return the class of a subcommand.

    Args:
        module: The path of its module.
    """
    command: type[BaseCommand] = import_module(module).Command
    return command
