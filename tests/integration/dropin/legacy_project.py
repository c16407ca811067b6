"""A copy of the project made with the originals, on the kind of database that the tests run on."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.child import ROOT
from tests.databases import to_url
from tests.documented import Project

PROJECT = ROOT / "tests" / "legacy" / "xworkflows-shop"
OWN_DATABASE = """
from tests.databases import from_url
DATABASES = {{"default": from_url({url!r})}}
"""


class LegacyProject(Project):
    """The project in a folder of its own.

    Args:
        folder: The folder; the project is copied there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {"DJANGO_SETTINGS_MODULE": "settings"})
        shutil.copytree(PROJECT, folder)

    def hide(self, *packages: str) -> None:
        """Let importing some packages fail from now on."""
        for package in packages:
            (self.folder / f"{package}.py").write_text(f"raise ModuleNotFoundError({package!r})\n")


@contextmanager
def legacy_project(folder: Path) -> Iterator[LegacyProject]:
    """Copy the project, with its database as the originals left it; a database on a server is dropped in the end.

    Args:
        folder: Where the copy goes.
    """
    project = LegacyProject(folder)
    if connection.vendor == "sqlite":
        database = sqlite3.connect(folder / "shop.sqlite3")
        database.executescript((folder / "dump.sql").read_text())
        database.close()
        yield project
        return
    name = f"{connection.settings_dict['NAME']}_legacy"
    with (folder / "settings.py").open("a") as settings:
        settings.write(OWN_DATABASE.format(url=to_url({**connection.settings_dict, "NAME": name})))
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            project.run(sys.executable, "-m", "tests.integration.dropin.load_dump")
            yield project
        finally:
            cursor.execute(f"DROP DATABASE {name}")
