"""When an object is moved by itself."""

from django.db import models


class WorkflowTimer(models.Model):
    """A due row: a transition with a `timeout`, of an object that has entered one of its source states.

    Attributes:
        model: The model that has the state field, as "app_label.model".
        field: The name of the state field.
        object_key: The object's primary key as text.
        state: The state that the object is in; a timer of an object that has left it is dropped.
        transition: The transition that it will take.
        due: When, by the database's clock.
        attempts: How often it has been tried.
        error: Why the last try moved nothing, or "".
    """

    id = models.BigAutoField(primary_key=True)
    model = models.CharField(max_length=100)
    field = models.CharField(max_length=100)
    object_key = models.CharField(max_length=255)
    state = models.CharField(max_length=255)
    transition = models.CharField(max_length=100)
    due = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        app_label = "trigger"
        db_table = "trigger_workflow_timer"
        constraints = [
            models.UniqueConstraint(fields=["model", "object_key", "field", "transition"], name="trigger_timer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.transition} of {self.model} {self.object_key} at {self.due.isoformat()}"
