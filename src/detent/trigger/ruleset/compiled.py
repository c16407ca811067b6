"""A rule in force, compiled once into what `emit` uses of it."""

import json
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from detent.patterns import Pattern
from detent.settings import detent_settings
from detent.trigger.actions.handler import CALL_HANDLER
from detent.trigger.clock.processors import CALL_PROCESSOR, processors_of
from detent.trigger.configuration.circuit_breaker import CircuitBreaker
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.handler import TriggerRuleHandler, get_trigger_rule_handler
from detent.trigger.models import TriggerRule
from detent.trigger.windows.listening import listening_of


class PlannedDelivery(NamedTuple):
    """What becomes a delivery when its rule is triggered.

    Attributes:
        action: The name of the action.
        settings_text: Its settings as JSON text.
    """

    action: str
    settings_text: str


class CompiledRule(NamedTuple):
    """A rule as `emit` uses it.

    Attributes:
        id: The rule's key.
        lineage: The rule through all its revisions.
        configuration: What it says.
        pattern: What must happen, or None: it is not triggered by occurrences.
        opening: What opens its absence, where the pattern is also met by what would be missed; else None.
        planned: What is to be done, but for what processors do.
        processed_as: The name under which apps register processors of its events; "" for none.
        attempts: How often each is tried.
        priority: Before which others.
        order_by: The template of the key whose deliveries run one after the other; "" for none.
        skip_dead: Whether a key's next delivery goes on when one is dead.
        concurrency: How many may run at a time; None: any number.
        time_limit: After how many seconds an action is killed; None: never.
        circuit_breaker: What holds them back where they fail in a row.
    """

    id: int
    lineage: UUID
    configuration: TriggerRuleConfiguration
    pattern: Pattern | None
    opening: Pattern | None
    planned: tuple[PlannedDelivery, ...]
    processed_as: str
    attempts: int
    priority: int
    order_by: str
    skip_dead: bool
    concurrency: int | None
    time_limit: float | None
    circuit_breaker: CircuitBreaker

    @property
    def deliveries(self) -> tuple[PlannedDelivery, ...]:
        """What is to be done; processors may have been registered after the rule was compiled."""
        if not self.processed_as:
            return self.planned
        settings = (json.dumps({"processor": each}) for each in processors_of(self.processed_as))
        return (*self.planned, *(PlannedDelivery(CALL_PROCESSOR, each) for each in settings))


def compile_rule(rule: TriggerRule) -> CompiledRule:
    """Make of a rule what `emit` uses of it.

    Raises:
        InvalidTriggerType: No handler is registered for its type.
        InvalidTriggerRule: Its configuration is invalid.
        InvalidPattern: Its handler makes a pattern of it that is none.
    """
    configuration = rule.get_configuration()
    options, listening = configuration.delivery_options, listening_of(configuration, str(rule.lineage))
    handler = get_trigger_rule_handler(rule.type)
    return CompiledRule(
        id=rule.pk,
        lineage=rule.lineage,
        configuration=configuration,
        pattern=listening.pattern,
        opening=listening.opening,
        planned=tuple(_planned(handler, configuration)),
        processed_as=rule.name if handler.has_processors else "",
        attempts=options.get("attempts", detent_settings().ATTEMPTS),
        priority=options.get("priority", 0),
        order_by=options.get("order_by", ""),
        skip_dead=options.get("on_dead") == "skip",
        concurrency=options.get("concurrency"),
        time_limit=configuration.time_limit,
        circuit_breaker=configuration.circuit_breaker,
    )


def _planned(handler: TriggerRuleHandler, configuration: TriggerRuleConfiguration) -> Iterator[PlannedDelivery]:
    if handler.handles_events:
        yield PlannedDelivery(CALL_HANDLER, "{}")
    for planned in configuration.actions:
        yield PlannedDelivery(planned["action"], json.dumps(planned.get("input", {})))
