"""Which rules an occurrence triggers, and which could not be asked."""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, NoReturn

from django.db import connections, transaction

from detent.patterns import InvalidDocument
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.delivery.failure import describe
from detent.trigger.delivery.ordering import ordering_key
from detent.trigger.document import Document
from detent.trigger.errors import InvalidOccurrence, UndeclaredQuery
from detent.trigger.models import TriggerEvent
from detent.trigger.payload import Payload, payload_of
from detent.trigger.ruleset import CompiledRule, Snapshot
from detent.trigger.windows.outcomes import FIRED, WAITING
from detent.trigger.windows.placing import Place, place_of

logger = logging.getLogger("detent.trigger")

NO_DESCRIPTION = Payload("{}", {})


class Evaluation(NamedTuple):
    """What one rule makes of one document.

    Attributes:
        rule: The rule.
        description: The description of its event.
        failure: Why it could not be evaluated; None if it was triggered.
        place: Where in its window the event belongs, which a worker decides; None: it has no window.
        ordering_key: The key whose deliveries run one after the other; "" if the rule does not order them.
    """

    rule: CompiledRule
    description: Payload
    failure: Exception | None = None
    place: Place | None = None
    ordering_key: str = ""

    @property
    def outcome(self) -> str:
        """The outcome of its event."""
        return TriggerEvent.FAILED if self.failure else WAITING if self.place else FIRED

    @property
    def reason(self) -> str:
        """The reason for that outcome."""
        return describe(self.failure) if self.failure else ""

    @property
    def goes_ahead(self) -> bool:
        """Whether the rule's actions are to be run."""
        return not self.outcome


def evaluate(snapshot: Snapshot, document: Document, using: str) -> Sequence[Evaluation]:
    """Ask the rules whose pattern a document meets whether they are triggered.

    A rule that cannot say stops neither the others nor the caller.

    Args:
        snapshot: The rules in force.
        document: What happened.
        using: The database alias, for conditions that ask it.

    Raises:
        InvalidOccurrence: No pattern can be asked about the document.
    """
    try:
        matching = snapshot.match(document)
    except InvalidDocument as error:
        raise InvalidOccurrence("data", error.reason) from error
    evaluations = [_ask(rule, document, using) for rule in matching]
    return [evaluation for evaluation in evaluations if evaluation]


def _ask(rule: CompiledRule, document: Document, using: str) -> Evaluation | None:
    configuration = rule.configuration
    if configuration.window is None and not rule.order_by and _asks_nothing_more(type(configuration)):
        return Evaluation(rule, NO_DESCRIPTION)
    try:
        with _savepoint(using) if configuration.queries else _no_queries(rule, using):
            return _triggered(rule, document)
    except Exception as error:  # whatever a rule type's own code raises is that rule's failure
        extra = {"rule_id": rule.id, "source": document["source"], "occurrence": document["id"], "using": using}
        logger.exception(
            "Rule %s could not be evaluated for %s %s", rule.id, document["source"], document["id"], extra=extra
        )
        return Evaluation(rule, NO_DESCRIPTION, error)


def _triggered(rule: CompiledRule, document: Document) -> Evaluation | None:
    configuration, window = rule.configuration, rule.configuration.window
    opens = (rule.opening is None or rule.opening.matches(document)) and configuration.applies_to(document)
    ends = window is not None and window.is_ended_by(document)
    if not opens and not ends:
        return None
    place = None if window is None else place_of(window, document, opens=opens, ends=ends)
    if not opens:
        return Evaluation(rule, NO_DESCRIPTION, place=place)
    return Evaluation(rule, _description(rule, document), None, place, ordering_key(rule.order_by, document))


def _asks_nothing_more(kind: type[TriggerRuleConfiguration]) -> bool:
    """Whether rules of a type are triggered by whatever meets their pattern, and say no more of it."""
    base = TriggerRuleConfiguration
    return kind.applies_to is base.applies_to and kind.description is base.description


def _savepoint(using: str) -> AbstractContextManager[None]:
    """Keep a query that fails from spoiling the caller's transaction."""
    return transaction.atomic(using=using)


def _no_queries(rule: CompiledRule, using: str) -> AbstractContextManager[None]:
    """Refuse queries, one of which could spoil the caller's transaction, before they reach the database."""

    def refuse(*_: object) -> NoReturn:
        raise UndeclaredQuery(rule.configuration.trigger_rule_type)

    return connections[using].execute_wrapper(refuse)


def _description(rule: CompiledRule, document: Document) -> Payload:
    description = rule.configuration.description(document)
    return payload_of(description, "description") if description else NO_DESCRIPTION
