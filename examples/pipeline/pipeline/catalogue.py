"""The catalogue: a JSON file with the job types, the recipe types and the rules that make them run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from detent.errors import DetentError
from detent.trigger import get_trigger_rule_handler
from detent.trigger.configuration.connection import ValidationWarning
from detent.trigger.models import TriggerRule
from pipeline.models import JobType, RecipeType
from pipeline.types import save_entry, written

Entry = dict[str, Any]
Put = Callable[[Entry], list[ValidationWarning]]

SHIPPED = Path(__file__).resolve().parent.parent / "catalogue.json"


METRICS_RULE = "pipeline-daily-metrics"
"""The rule that the fixture `metrics_trigger_rules` holds."""


class UnreadableCatalogue(DetentError):
    """The catalogue's file cannot be read as JSON.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"{path} cannot be read as a catalogue: {reason}. Mend it, or leave RULES away.")
        self.path = path


@dataclass
class Installed:
    """What came of a catalogue.

    Attributes:
        complaints: One line for each entry that is not valid; the others are in force.
        warnings: One line for each thing that may go wrong.
    """

    complaints: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def install(path: Path) -> Installed:
    """Put a catalogue into force: what is new is made, a rule that changed is revised, the rest stays as it is.

    Args:
        path: The catalogue's file.

    Returns:
        What is wrong with it.

    Raises:
        UnreadableCatalogue: There is no such file, or it is not JSON.
    """
    catalogue, installed = _read(path), Installed()
    _load_metrics_rule()
    for part, put in PARTS.items():
        for entry in catalogue.get(part, ()):
            _put(entry, put, installed)
    return installed


def exported() -> dict[str, list[Entry]]:
    """Return the types with their rules as a catalogue; put into force again, it changes nothing."""
    return {
        "job_types": [written(job_type) for job_type in JobType.objects.order_by("name")],
        "recipe_types": [written(recipe_type) for recipe_type in RecipeType.objects.order_by("name")],
    }


def _load_metrics_rule() -> None:
    """Load the rule of the clock once: a fixture that is loaded again overwrites what an operator has revised."""
    if not TriggerRule.objects.filter(name=METRICS_RULE).exists():
        call_command("loaddata", "metrics_trigger_rules", verbosity=0)


def _read(path: Path) -> dict[str, list[Entry]]:
    try:
        catalogue = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UnreadableCatalogue(path, error) from error
    if not isinstance(catalogue, dict):
        raise UnreadableCatalogue(path, "it is not an object")
    return catalogue


def _put(entry: Entry, put: Put, installed: Installed) -> None:
    try:
        with transaction.atomic():
            installed.warnings += [f"{entry['name']!r}: {warning.details}" for warning in put(entry)]
    except DetentError as error:
        installed.complaints.append(f"entry {entry.get('name')!r} is not in force: {error}")
    except (AttributeError, KeyError, TypeError) as error:
        line = f"entry {entry!r} is not in force: {error!r}. See the shipped catalogue, {SHIPPED}."
        installed.complaints.append(line)


def _put_rule(entry: Entry) -> list[ValidationWarning]:
    """Create or revise a rule that belongs to no type."""
    handler = get_trigger_rule_handler(entry["type"])
    rules = TriggerRule.objects.filter(name=entry["name"], type=entry["type"], archived=None)
    current: TriggerRule | None = rules.first()
    configuration = handler.create_configuration(entry["configuration"]).get_dict()
    if current is None:
        handler.create_trigger_rule(configuration, entry["name"])
    elif current.configuration != configuration:
        current.revise(configuration)
    return []


PARTS: Mapping[str, Put] = {
    "job_types": partial(save_entry, JobType),
    "recipe_types": partial(save_entry, RecipeType),
    "rules": _put_rule,
}
"""The parts of a catalogue, in the order in which they are put into force."""
