"""Deliveries that were made before they knew their rule learn it from their event, so that a pause holds them too."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

AT_ONCE = 1000
MAY_BEGIN = ("cancelled", "dead", "held", "running", "waiting")


def fill_lineages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Go through what may still begin by its key; of an event without a rule nothing is known."""
    using = schema_editor.connection.alias
    deliveries = apps.get_model("trigger", "Delivery").objects.using(using)
    events = apps.get_model("trigger", "TriggerEvent").objects.using(using).filter(pk=OuterRef("event"))
    lineage = Subquery(events.values(found=Coalesce(F("lineage"), F("rule__lineage"))))
    without = deliveries.filter(lineage=None, state__in=MAY_BEGIN).order_by("pk").values_list("pk", flat=True)
    last = 0
    while keys := list(without.filter(pk__gt=last)[:AT_ONCE]):
        deliveries.filter(pk__in=keys).update(lineage=lineage)
        last = keys[-1]


class Migration(migrations.Migration):
    """Fills `lineage`, batch by batch in transactions of their own; it may be run again where it was broken off."""

    atomic = False
    dependencies = [("trigger", "0013_circuit_breaker")]

    operations = [migrations.RunPython(fill_lineages, migrations.RunPython.noop)]
