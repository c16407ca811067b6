"""The state machines of the installed models, as rules name them: by model, workflow, transition and state."""

from collections.abc import Iterable
from typing import NamedTuple

from django.apps import apps
from django.db import models

from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.nearest import suggestion
from detent.workflow import Workflow
from detent.workflow.enabled import WorkflowEnabled, state_fields


class Machine(NamedTuple):
    """A workflow on a model.

    Attributes:
        model: The model.
        field: The name of the state field.
        workflow: The workflow.
    """

    model: type[models.Model]
    field: str
    workflow: Workflow

    @property
    def model_name(self) -> str:
        """The model as rules name it."""
        return self.model._meta.label_lower

    @property
    def workflow_name(self) -> str:
        """The workflow as rules name it."""
        return type(self.workflow).__name__

    @property
    def states(self) -> set[str]:
        """The names of its states."""
        return {state.name for state in self.workflow.states}

    @property
    def transitions(self) -> set[str]:
        """The names of its transitions."""
        return {transition.name for transition in self.workflow.transitions}

    @property
    def methods(self) -> set[str]:
        """The names of the methods that take them."""
        if not issubclass(self.model, WorkflowEnabled):
            return set()
        return set(self.model._xworkflows_implems[self.field].transitions_at.values())


def installed_machines() -> list[Machine]:
    """Return the machines of all installed models, those that a child or a proxy inherits included."""
    return [
        Machine(model, name, field.workflow)
        for model in apps.get_models()
        for name, field in state_fields(model).items()
    ]


def machines_of(model_name: str, path: str) -> list[Machine]:
    """Return the machines of a model.

    Args:
        model_name: The model as "app_label.model", in any case.
        path: Where the name stands in the configuration.

    Raises:
        InvalidTriggerRule: No installed model of that name has a workflow; the error names the nearest that has.
    """
    machines = installed_machines()
    found = [machine for machine in machines if machine.model_name == model_name.lower()]
    if not found:
        known = {machine.model_name for machine in machines}
        raise InvalidTriggerRule(f"no model {model_name!r} has a workflow; {suggestion(model_name, known)}", path)
    return found


def check_name(kind: str, name: str, known: Iterable[str], path: str) -> None:
    """Refuse a name that is not known.

    Args:
        kind: What it is the name of.
        name: The name.
        known: The names there are.
        path: Where the name stands in the configuration.

    Raises:
        InvalidTriggerRule: It is not known; the error names the nearest.
    """
    names = set(known)
    if name not in names:
        raise InvalidTriggerRule(f"there is no {kind} {name!r}; {suggestion(name, names)}", path)
