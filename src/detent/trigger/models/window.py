"""The lock on a window, and when to look at it again."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from detent.trigger.windows.key import LONGEST_KEY


class Window(models.Model):
    """One key of one rule's window, as long as something is to be decided.

    The row is what workers lock; what is known of the key stands on its events.

    Attributes:
        lineage: The lineage of the rule; its revisions share the window.
        key: What the rule's `by` gives, as JSON text.
        due: When a worker must look at it, by the database's clock, though nothing happens.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField()
    key = models.CharField(max_length=LONGEST_KEY)
    due = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "trigger"
        db_table = "trigger_window"
        constraints = [models.UniqueConstraint(fields=["lineage", "key"], name="trigger_window_once")]

    def __str__(self) -> str:
        return f"window {self.key} of rule {self.lineage}"


class WindowIndex(models.Index):
    """An index of the events that have a window, where a database can index some of the rows; else of all.

    A condition given to `models.Index` itself would warn the users of those that cannot.
    """

    def _get_condition_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        if not schema_editor.connection.features.supports_partial_indexes:
            return None
        return f"{schema_editor.quote_name('window_key')} IS NOT NULL"
