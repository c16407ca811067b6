"""How a rule asks for what it does to be done: the `delivery` of a configuration of any type."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from detent.schedules import InvalidSchedule, Period
from detent.trigger.actions.template import TemplateError, check_templates, holds_template
from detent.trigger.configuration.exceptions import InvalidTriggerRule

LONGEST_TIME_LIMIT = timedelta(days=1)
LONGEST_OPEN = timedelta(days=30)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "attempts": {"type": "integer", "minimum": 1, "maximum": 1000},
        "priority": {"type": "integer", "minimum": -32768, "maximum": 32767},
        "order_by": {"type": "string", "minLength": 1, "maxLength": 1000},
        "on_dead": {"enum": ["hold", "skip"]},
        "concurrency": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
        "time_limit": {"type": "string", "minLength": 1, "maxLength": 100},
        "circuit_breaker": {
            "type": "object",
            "additionalProperties": False,
            "required": ["failures", "open_for"],
            "properties": {
                "failures": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
                "open_for": {"type": "string", "minLength": 1, "maxLength": 100},
            },
        },
    },
}
"""What `delivery` may say, as far as a schema can tell."""


def check_delivery_options(options: Mapping[str, Any]) -> None:
    """Check what the schema cannot: the ordering key is a template, what says how long is a duration.

    Args:
        options: The `delivery` of a configuration, which fits the schema.

    Raises:
        InvalidTriggerRule: One of them is not; the error names it.
    """
    if "order_by" in options:
        _check_order(options["order_by"])
    if "time_limit" in options:
        _check_duration(options["time_limit"], LONGEST_TIME_LIMIT, "delivery.time_limit")
    if "circuit_breaker" in options:
        _check_duration(options["circuit_breaker"]["open_for"], LONGEST_OPEN, "delivery.circuit_breaker.open_for")


def _check_order(key: str) -> None:
    try:
        check_templates(key, "delivery.order_by")
    except TemplateError as error:
        raise InvalidTriggerRule(f"${{{error.expression}}}: {error.reason}", error.path) from error
    if not holds_template(key):
        reason = f"{key!r} is no expression over the document, as ${{subject}} is; ${{'all'}} is one order for all"
        raise InvalidTriggerRule(reason, "delivery.order_by")


def _check_duration(text: str, longest: timedelta, path: str) -> None:
    try:
        period = Period.parse(text)
    except InvalidSchedule as error:
        raise InvalidTriggerRule(f"{text!r}: {error.reason}", path) from error
    if period.duration > longest:
        raise InvalidTriggerRule(f"{text} is longer than {Period(longest)}", path)
