"""TRANSITION rules: triggered when an object moves, in the transaction of the move."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.machines import Machine, check_name, installed_machines, machines_of
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.handler import TriggerRuleHandler

OCCURRENCE_TYPE = "detent.transition"
MOST_NAMES = 100
NAMES = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "maxItems": MOST_NAMES, "items": {"type": "string", "minLength": 1}},
    ]
}


class TransitionConfiguration(TriggerRuleConfiguration):
    """What a TRANSITION rule says: each of its fields a name, or several of which one has to be met.

    `workflow` is the name of the workflow's class, `model` its model as "app_label.model", `transition`, `from` and
    `to` are as the workflow calls them. What is left out may be anything. A model stands for its proxies and for the
    models that inherit from it, too.
    """

    schema = {
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "properties": {
            "version": {"const": "1.0"},
            "model": NAMES,
            "workflow": NAMES,
            "transition": NAMES,
            "from": NAMES,
            "to": NAMES,
        },
    }

    def validate(self) -> None:
        """Check that some installed model can move as the rule says.

        Raises:
            InvalidTriggerRule: A model, workflow, transition or state does not exist, of which the error names the
                nearest that does; or no transition fits all that the rule says.
        """
        machines = self._machines()
        for path, name in self._named("transition"):
            check_name("transition", name, {each for machine in machines for each in machine.transitions}, path)
        for field in ("from", "to"):
            for path, name in self._named(field):
                check_name("state", name, {each for machine in machines for each in machine.states}, path)
        if not any(self._is_met_in(machine) for machine in machines):
            raise InvalidTriggerRule("no transition of any installed model fits all of this; the rule is never met")

    def pattern(self) -> dict[str, Any]:
        """Return the pattern for which the fields are shorthand."""
        fields = {
            name: [{"exactly": value} for value in self._values(name)]
            for name in ("model", "workflow", "transition", "from", "to")
            if name in self._dict
        }
        return {"type": [OCCURRENCE_TYPE], **({"data": fields} if fields else {})}

    def _machines(self) -> list[Machine]:
        """Return the machines of the models and workflows that the rule names, or all."""
        named = [machine for path, name in self._named("model") for machine in machines_of(name, path)]
        machines = named or installed_machines()
        for path, name in self._named("workflow"):
            check_name("workflow", name, {machine.workflow_name for machine in machines}, path)
        workflows = self._names("workflow")
        return [machine for machine in machines if not workflows or machine.workflow_name in workflows]

    def _is_met_in(self, machine: Machine) -> bool:
        names, sources, targets = self._names("transition"), set(self._names("from")), self._names("to")
        return any(
            (not names or transition.name in names)
            and (not sources or not sources.isdisjoint(state.name for state in transition.source))
            and (not targets or transition.target.name in targets)
            for transition in machine.workflow.transitions
        )

    def _values(self, field: str) -> list[str]:
        """Return what the field of a document may be."""
        names = self._names(field)
        return list(dict.fromkeys(each for name in names for each in _with_heirs(name))) if field == "model" else names

    def _names(self, field: str) -> list[str]:
        names: str | list[str] = self._dict.get(field, [])
        return [names] if isinstance(names, str) else names

    def _named(self, field: str) -> Iterator[tuple[str, str]]:
        """Yield each name that a field has, with its path."""
        is_one = isinstance(self._dict.get(field), str)
        for position, name in enumerate(self._names(field)):
            yield field if is_one else f"{field}.{position}", name


class TransitionHandler(TriggerRuleHandler):
    """Handles TRANSITION rules."""

    def __init__(self) -> None:
        super().__init__("TRANSITION")

    def create_configuration(self, config_dict: dict[str, Any]) -> TransitionConfiguration:
        """Return the configuration of a TRANSITION rule."""
        return TransitionConfiguration(self.trigger_rule_type, config_dict)


def _with_heirs(name: str) -> list[str]:
    """Return a model's name in small letters, and those of its proxies and of the models that inherit from it."""
    model = next((each for each in apps.get_models() if each._meta.label_lower == name.lower()), None)
    heirs = [each._meta.label_lower for each in apps.get_models() if model and issubclass(each, model)]
    return heirs or [name.lower()]
