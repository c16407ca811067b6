"""`manage.py rebuild_transitionlog_states app.Model ...`: fills in what old log rows lack."""

from typing import Any

from django.core.management.base import CommandError, CommandParser, LabelCommand
from django.db import DEFAULT_DB_ALIAS, models

from detent.workflow.enabled import state_fields
from detent.workflow.fields import StateField
from detent.workflow.logs import BaseTransitionLog
from detent.workflow.management.states import find_model


class Command(LabelCommand):
    """Fills in the states that log rows lack, from the transitions that they name.

    The rows of each object are read in the order of their time. An empty `from_state` is where the row before led, the
    initial state for the first; an empty `to_state` is the transition's target. What is there stays.
    """

    help = "Fill in the empty from and to states in the transition logs of some models."
    label = "app.Model"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the models and the database."""
        super().add_arguments(parser)
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database to work on.")

    def handle_label(self, label: str, **options: Any) -> None:
        """Fill in the log rows of the objects of a model.

        Raises:
            CommandError: There is no such model, it has no workflow, or one of its workflows has no log.
        """
        fields = state_fields(find_model(label)).values()
        if not fields:
            raise CommandError(f"Model {label} isn't attached to a workflow.")
        self.verbosity: int = options["verbosity"]
        self._say(f"Rebuilding TransitionLog states for {label}\n")
        unlogged = [field for field in fields if field.workflow.get_log_model() is None]
        for field in fields:
            if field not in unlogged:
                self._rebuild(field, label, options["database"])
        if unlogged:
            raise CommandError(f"Field {unlogged[0].name} of {label} does not log to a model.")

    def _rebuild(self, field: StateField, label: str, using: str) -> None:
        model = find_model(label)
        self._say(f"{model!r}.{field.name}: ")
        for instance in model._base_manager.using(using).order_by("pk").iterator():
            self._say(f"\n  {instance.pk}:", verbosity=2)
            self._rebuild_rows(field, instance, f"{label} {instance.pk}")
        self._say("\n")

    def _rebuild_rows(self, field: StateField, instance: models.Model, named: str) -> None:
        state = field.workflow.initial_state.name
        for row in _rows(field, instance):
            if row.transition in field.workflow.transitions:
                target = field.workflow.transitions[row.transition].target.name
                if _fill(row, from_state=state, to_state=target):
                    self._say(".")
                state = row.to_state
            elif not _is_of_another_field(row, field, instance):
                self.stderr.write(f"Unknown transition {row.transition} in log {row.pk} for {named}")

    def _say(self, text: str, verbosity: int = 1) -> None:
        if self.verbosity >= verbosity:
            self.stdout.write(text, ending="")


def _rows(field: StateField, instance: models.Model) -> list[BaseTransitionLog]:
    """Return the log rows of an object in the order of their time, without those that say they are of another field."""
    log_model = field.workflow.get_log_model()
    rows = log_model.entries_of(instance).order_by("timestamp", "pk") if log_model else ()
    return [row for row in rows if getattr(row, "state_field", "") in ("", field.name)]


def _is_of_another_field(row: BaseTransitionLog, field: StateField, instance: models.Model) -> bool:
    others = [other.workflow for other in state_fields(type(instance)).values() if other.name != field.name]
    return any(row.transition in other.transitions and other.get_log_model() is type(row) for other in others)


def _fill(row: BaseTransitionLog, **states: str) -> bool:
    """Give a row the states that it lacks; return whether it lacked any."""
    lacking = {name: state for name, state in states.items() if not getattr(row, name)}
    for name, state in lacking.items():
        setattr(row, name, state)
    if lacking:
        row.save(update_fields=lacking)
    return bool(lacking)
