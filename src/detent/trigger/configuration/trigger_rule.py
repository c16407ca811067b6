"""The base classes of what a rule says; the seed's, and what the index of patterns asks of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from jsonschema import Draft202012Validator

from detent.patterns import InvalidPattern, Pattern
from detent.patterns.wording import shown
from detent.schedules import Period
from detent.trigger.actions import UnknownAction
from detent.trigger.actions import actions as registered_actions
from detent.trigger.actions.registry import InvalidSettings
from detent.trigger.actions.template import TemplateError
from detent.trigger.configuration.action_names import check_names
from detent.trigger.configuration.circuit_breaker import NO_BREAKER, CircuitBreaker
from detent.trigger.configuration.connection import JobInterface, RecipeDefinition, ValidationWarning
from detent.trigger.configuration.exceptions import InvalidTriggerRule, complaints_of, raise_all
from detent.trigger.configuration.schema import check
from detent.trigger.document import Document
from detent.trigger.payload import NotJson, payload_of, refuse_unstorable
from detent.trigger.windows.configuration import window_of

MOST_BYTES = 256 * 1024
"""Size of a configuration as JSON in UTF-8."""


class TriggerRuleConfiguration(ABC):
    """What a trigger rule says.

    Making one checks it as far as that is possible without a database; `validate` does the rest.

    Args:
        trigger_rule_type: The type of the rule.
        config_dict: What the rule says; it is copied.

    Attributes:
        schema: JSON Schema of a configuration of this class; `actions` and `delivery` are allowed beside it.
        queries: Whether `applies_to` asks the database.
        trigger_rule_type: The type of the rule.
        window: How it looks at more than one occurrence, or None.

    Raises:
        InvalidTriggerRule: The configuration does not fit its schema.
    """

    schema: ClassVar[Mapping[str, Any]] = {"type": "object"}
    queries: ClassVar[bool] = False
    _validator: ClassVar[Draft202012Validator] = Draft202012Validator(schema)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        Draft202012Validator.check_schema(cls.schema)
        cls._validator = Draft202012Validator(cls.schema)

    def __init__(self, trigger_rule_type: str, config_dict: Mapping[str, Any]) -> None:
        self.trigger_rule_type = trigger_rule_type
        self._dict = _as_json(config_dict)
        check(self._dict, self._validator)
        self.window = window_of(self._dict)

    def get_dict(self) -> dict[str, Any]:
        """Return the configuration as it is stored."""
        return self._dict

    @abstractmethod
    def validate(self) -> None:
        """Check what can be checked only against the database.

        Raises:
            InvalidTriggerRule: Something that the configuration names does not exist.
        """

    def pattern(self) -> dict[str, Any] | None:
        """Return what must happen for the rule to be triggered; None: no occurrence triggers it."""
        return None

    def pattern_of_lineage(self, lineage: str) -> dict[str, Any] | None:
        """Return the pattern of a saved rule.

        Args:
            lineage: The lineage of the rule, which an occurrence that is meant for one rule alone names.
        """
        return self.pattern()

    def applies_to(self, document: Document) -> bool:
        """Say whether a document that meets the pattern triggers the rule."""
        return True

    def description(self, document: Document) -> dict[str, Any]:
        """Say, for the event, what there is to say of the document that triggered the rule."""
        return {}

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What is to be done, in order: each with the name of an `action` and, if it needs one, an `input`."""
        planned: list[dict[str, Any]] = self._dict.get("actions", [])
        return planned

    @property
    def delivery_options(self) -> dict[str, Any]:
        """How it is to be done, by the names of `detent.trigger.configuration.delivery_options.SCHEMA`."""
        options: dict[str, Any] = self._dict.get("delivery", {})
        return options

    @property
    def time_limit(self) -> float | None:
        """After how many seconds an action is killed; None: never."""
        text = self.delivery_options.get("time_limit")
        return None if text is None else _seconds(text)

    @property
    def circuit_breaker(self) -> CircuitBreaker:
        """What stops the rule's deliveries where they fail in a row."""
        options = self.delivery_options.get("circuit_breaker")
        return CircuitBreaker(options["failures"], _seconds(options["open_for"])) if options else NO_BREAKER

    def accepted(self) -> dict[str, Any]:
        """Check everything, and return what a new rule stores.

        Raises:
            InvalidTriggerRule: Something is wrong; the error names the place, and carries what else is.
        """
        actions = (partial(self._check_action, position) for position in range(len(self.actions)))
        raise_all(complaints_of((self._check_own, *actions)))
        return self.get_dict()

    def _check_own(self) -> None:
        self.validate()
        self._check_pattern_fields()

    def _check_pattern(self) -> Pattern | None:
        pattern = self.pattern()
        if pattern is None:
            return None
        try:
            return Pattern(pattern)
        except InvalidPattern as error:
            raise InvalidTriggerRule(error.reason, ".".join(filter(None, ("pattern", error.path)))) from error

    def _check_pattern_fields(self) -> None:
        """Refuse a pattern on a field that no document has, which is a slip of the pen."""
        pattern, known = self._check_pattern(), Document.__annotations__
        for field in pattern.compiled.all_fields() if pattern else ():
            if field.path.split(".")[0] not in known:
                reason = f"no document has this field; the fields of a document are {', '.join(known)}"
                raise InvalidTriggerRule(reason, f"pattern.{field.path}")

    def _check_action(self, position: int) -> None:
        planned = self.actions[position]
        settings = planned.get("input", {})
        try:
            registered_actions.get(planned["action"]).check(settings)
        except (UnknownAction, InvalidSettings, TemplateError) as error:
            raise InvalidTriggerRule(str(error), f"actions.{position}") from error
        check_names(planned["action"], settings, f"actions.{position}.input")


def _seconds(period: str) -> float:
    return Period.parse(period).duration.total_seconds()


def _as_json(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a configuration as the database keeps it, whatever its caller does to the original."""
    if not isinstance(configuration, Mapping):
        raise InvalidTriggerRule(f"A configuration must be an object, not {shown(configuration)}")
    try:
        # What is deeper could be stored, but not be walked through wherever a rule is compiled or rendered.
        refuse_unstorable(configuration, "configuration")
        text, value = payload_of(configuration, "configuration")
    except NotJson as error:
        raise InvalidTriggerRule(error.reason, error.path.removeprefix("configuration").removeprefix(".")) from error
    if (size := len(text.encode())) > MOST_BYTES:
        raise InvalidTriggerRule(f"A configuration may be {MOST_BYTES} bytes of JSON, not {size}")
    copied: dict[str, Any] = value
    return copied


class JobTriggerRuleConfiguration(TriggerRuleConfiguration):
    """What a rule says that makes jobs."""

    @abstractmethod
    def validate_trigger_for_job(self, job_interface: JobInterface) -> list[ValidationWarning]:
        """Check that the rule's data fits a job.

        Args:
            job_interface: What the job takes in.

        Returns:
            What may go wrong.

        Raises:
            InvalidConnection: The data does not fit.
        """


class RecipeTriggerRuleConfiguration(JobTriggerRuleConfiguration):
    """What a rule says that makes jobs or recipes."""

    @abstractmethod
    def validate_trigger_for_recipe(self, recipe_definition: RecipeDefinition) -> list[ValidationWarning]:
        """Check that the rule's data fits a recipe.

        Args:
            recipe_definition: What the recipe takes in.

        Returns:
            What may go wrong.

        Raises:
            InvalidRecipeConnection: The data does not fit.
        """
