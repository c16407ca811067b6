"""Takes over a database that the original package has left, for `test_legacy`, and prints what it found as JSON."""

import json
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

DUMP = Path(__file__).parents[2] / "legacy" / "scale.sql"


def main() -> None:
    """Do it, in the empty database that DATABASE_URL names."""
    django.setup()
    # These need the apps.
    from django.db.migrations.recorder import MigrationRecorder

    from detent.trigger import TriggerEvent, TriggerRule, emit

    with connection.cursor() as cursor:
        cursor.execute(DUMP.read_text())
    call_command("migrate", verbosity=0)
    files = {"file_id": 99, "file_name": "z.txt", "media_type": "text/plain", "data_types": ["foo", "bar"]}
    (event,) = emit("INGEST", files, source="legacy").events
    seen = {
        "migrations": sorted(MigrationRecorder(connection).applied_migrations().keys() & expected_migrations()),
        "rules": list(TriggerRule.objects.order_by("pk").values_list("type", "name", "is_active")),
        "lineages": TriggerRule.objects.values("lineage").distinct().count(),
        "own lineage": all(rule.lineage == rule.uuid for rule in TriggerRule.objects.all()),
        "versions": [rule.get_configuration().get_dict()["version"] for rule in TriggerRule.objects.order_by("pk")],
        "events": list(TriggerEvent.objects.order_by("pk").values_list("type", "rule__name", "occurrence", "outcome")),
        "descriptions": TriggerEvent.objects.get(type="USER").description,
        "triggered": [event.rule_id, event.description],
        "tables": tables(),
    }
    revised = {rule.name: rule.revise(rule.configuration) for rule in TriggerRule.objects.filter(archived=None)}
    (again,) = emit("INGEST", files, source="legacy").events
    seen["revised"] = sorted(revised)
    seen["of their lineages"] = all(rule.lineage == rule.supersedes.lineage for rule in revised.values())
    seen["archived"] = TriggerRule.objects.exclude(archived=None).count()
    seen["triggered again"] = [again.rule_id == revised[""].pk, again.lineage == event.lineage]
    seen["versions of files"] = sorted(
        {rule.configuration["version"] for rule in revised.values() if rule.type == "INGEST"}
    )
    seen["old events of the first rule"] = TriggerEvent.objects.filter(rule_id=1, occurrence=None).count()
    sys.stdout.write(json.dumps(seen))


def tables() -> list[str]:
    """Return the tables that are not the original's, as far as they are of the trigger app."""
    from django.apps import apps

    made = set(connection.introspection.table_names())
    ours = {model._meta.db_table for model in apps.get_app_config("trigger").get_models()}
    return sorted(ours & made - {"trigger_rule", "trigger_event"})


def expected_migrations() -> set[tuple[str, str]]:
    """Return the names of all migrations of the trigger app, the original's and Detent's."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {key for key in loader.disk_migrations if key[0] == "trigger"}
    return ours | {replaced for key in ours for replaced in loader.disk_migrations[key].replaces}


if __name__ == "__main__":
    main()
