"""What `legacy_project` runs in a project on a database server: the tables as the originals left them, and their rows.

The dump is SQLite's. Elsewhere the project's own migrations make the tables, up to those that the originals knew.
"""

import sqlite3
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

MIGRATIONS = (("contenttypes",), ("auth",), ("shop", "0001"), ("xworkflow_log", "0001"))
TABLES = (
    "django_content_type",
    "auth_user",
    "shop_order",
    "shop_refund",
    "shop_refundlog",
    "xworkflow_log_transitionlog",
)
FLAGS = {"is_superuser", "is_staff", "is_active"}


def main() -> None:
    """Load the dump in this folder."""
    django.setup()
    for target in MIGRATIONS:
        call_command("migrate", *target, verbosity=0)
    dump = sqlite3.connect(":memory:")
    dump.row_factory = sqlite3.Row
    dump.executescript(Path("dump.sql").read_text())
    with connection.cursor() as cursor:
        # Django has made some of its own.
        for table in ("auth_permission", "django_content_type"):
            cursor.execute(f"DELETE FROM {table}")
        for table in TABLES:
            for row in dump.execute(f"SELECT * FROM {table}"):
                columns = row.keys()
                values = [bool(row[name]) if name in FLAGS else row[name] for name in columns]
                names = ", ".join(map(connection.ops.quote_name, columns))
                cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(values))})", values)
        models = [model for model in apps.get_models() if model._meta.db_table in TABLES]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


if __name__ == "__main__":
    main()
