"""What a batch says: through which rule it takes which files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from detent.errors import DetentError
from detent.trigger.types.file import FileConfiguration
from detent.trigger.types.file_condition import FileCondition
from pipeline.interface import TypeWarning
from pipeline.models import RecipeType

MOMENT = {"type": "string"}
SCHEMA = Draft202012Validator(
    {
        "type": "object",
        "required": ["trigger_rule"],
        "additionalProperties": False,
        "properties": {
            "trigger_rule": {
                "oneOf": [
                    {"const": True},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "media_type": {"type": "string"},
                            "data_types": {"type": "array", "items": {"type": "string"}},
                        },
                    },
                ]
            },
            "date_range": {
                "type": "object",
                "required": ["type"],
                "additionalProperties": False,
                "properties": {"type": {"enum": ["created", "data"]}, "started": MOMENT, "ended": MOMENT},
            },
        },
    }
)

DATES = {"created": "taken_in", "data": "modified"}
"""The file's date that a range of each type is about."""


class InvalidBatch(DetentError, ValueError):
    """What a batch says cannot be done.

    Attributes:
        path: Where in its definition, such as `date_range.started`; "" for the whole.
        reason: What is wrong there.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class BatchDefinition:
    """What a batch says.

    Attributes:
        document: `trigger_rule`, true for the recipe type's own rule or an object with `media_type` and `data_types`,
            and a `date_range` with `type` (created: when a file came in; data: when its content was written),
            `started` and `ended`, both of which belong to the range.

    Raises:
        InvalidBatch: It does not have that form.
    """

    document: Mapping[str, Any]

    def __post_init__(self) -> None:
        if error := best_match(SCHEMA.iter_errors(self.document)):
            raise InvalidBatch(error.message, ".".join(map(str, error.absolute_path)))
        self.files()

    def condition(self, recipe_type: RecipeType) -> FileCondition | None:
        """Return which files the rule is for; None: there is no rule.

        Args:
            recipe_type: The recipe type whose rule it is, where the batch says so.

        Raises:
            InvalidBatch: The recipe type's rule is not about files.
        """
        wanted = self.document["trigger_rule"]
        if wanted is not True:
            return FileCondition("BATCH", wanted.get("media_type") or None, tuple(wanted.get("data_types", ())))
        rule = recipe_type.rule_in_force()
        if rule is None:
            return None
        configuration = rule.get_configuration()
        if not isinstance(configuration, FileConfiguration):
            raise InvalidBatch(f"{rule.type} rule {str(rule)!r} is not about files", "trigger_rule")
        return configuration.get_condition()

    def files(self) -> Q:
        """Return which files lie in the date range."""
        date_range = self.document.get("date_range", {"type": "created"})
        column = DATES[date_range["type"]]
        ends = {"started": "gte", "ended": "lte"}
        return Q(**{f"{column}__{ends[name]}": _moment(date_range[name], name) for name in ends if name in date_range})

    def warnings(self, recipe_type: RecipeType) -> list[TypeWarning]:
        """Say what may go wrong; errors as of `condition`."""
        if self.condition(recipe_type) is None:
            return [
                TypeWarning("NO_TRIGGER_RULE", f"Recipe type {recipe_type.name!r} has no rule to take files through")
            ]
        return []


def _moment(text: str, name: str) -> datetime:
    """Read the end of a range; a date alone stands for its whole day."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidBatch(f"{text!r} is no ISO 8601 date, with or without a time", f"date_range.{name}") from error
    if name == "ended" and "T" not in text and " " not in text:
        moment = datetime.combine(moment, time.max)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
