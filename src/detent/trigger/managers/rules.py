"""What trigger rules can do as a whole; the seed's `TriggerRuleManager`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models, router, transaction

from detent.patterns.wording import shown
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.errors import RuleIsFixed
from detent.trigger.payload import text_complaint

if TYPE_CHECKING:
    from detent.trigger.models.rule import TriggerRule
    from detent.trigger.models.ruleset import Ruleset

FIXED = ("type", "name", "configuration")
LONGEST = 50
NO_TYPE = "Trigger rule must have a type"


class TriggerRuleQuerySet(models.QuerySet["TriggerRule"]):
    """Rules, of which every change made at once is told to every process that has compiled them."""

    def in_force(self) -> "TriggerRuleQuerySet":
        """Return the rules that can be triggered."""
        return self.filter(is_active=True, archived=None)

    def update(self, **kwargs: Any) -> int:
        """Update the rules, as Django does.

        Raises:
            RuleIsFixed: What makes a rule the rule it is was to be changed.
        """
        if fixed := tuple(name for name in FIXED if name in kwargs):
            raise RuleIsFixed(None, fixed)
        with transaction.atomic(using=self.db):
            self._move_token()
            return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rules, as Django does."""
        with transaction.atomic(using=self.db):
            self._move_token()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable["TriggerRule"], *args: Any, **kwargs: Any) -> list["TriggerRule"]:
        """Validate and create many rules at once, otherwise as Django does.

        Raises:
            InvalidTriggerRule: One of them is invalid; none has been created.
            RuleIsFixed: What makes a rule the rule it is was to be changed where the rule exists.
        """
        if fixed := tuple(name for name in FIXED if name in (kwargs.get("update_fields") or ())):
            raise RuleIsFixed(None, fixed)
        self._for_write = True
        rules = list(objs)
        for rule in rules:
            rule.validate()
            rule.begin_lineage()
            rule.name_author()
        with transaction.atomic(using=self.db):
            self._move_token()
            return super().bulk_create(rules, *args, **kwargs)

    def _move_token(self) -> None:
        ruleset: type[Ruleset] = self.model._meta.apps.get_model("trigger", "Ruleset")
        ruleset.objects.move_token(self.db)


class TriggerRuleManager(models.Manager.from_queryset(TriggerRuleQuerySet)):  # type: ignore[misc]
    """Provides additional methods for handling trigger rules."""

    def create_trigger_rule(
        self,
        trigger_type: str,
        configuration: TriggerRuleConfiguration,
        name: str | None = "",
        is_active: bool = True,  # noqa: FBT001, FBT002 - the seed's signature
    ) -> "TriggerRule":
        """Create, validate and save a new trigger rule.

        Args:
            trigger_type: The type of this trigger rule.
            configuration: The rule configuration.
            name: An optional name for the trigger; None is no name.
            is_active: Whether or not the trigger should be active.

        Returns:
            The new trigger rule.

        Raises:
            InvalidTriggerRule: The type or the configuration is missing or invalid.
        """
        if not trigger_type:
            raise InvalidTriggerRule(NO_TYPE)
        if not configuration:
            raise InvalidTriggerRule("Trigger rule must have a configuration")
        _check_configuration(configuration)
        check_texts(trigger_type, name or "")
        accepted = configuration.accepted()
        rule: TriggerRule = self.model(type=trigger_type, configuration=accepted, name=name or "", is_active=is_active)
        rule.store(using=self._db or router.db_for_write(self.model))
        return rule

    def archive_trigger_rule(self, trigger_rule_id: int) -> None:
        """Archive the trigger rule with the given ID: it will no longer be active.

        Args:
            trigger_rule_id: The ID of the trigger rule to archive.
        """
        self.get(pk=trigger_rule_id).archive()

    def get_by_natural_key(self, name: str) -> "TriggerRule":
        """Return the trigger rule with the given name, for fixtures.

        Names are not unique. This is for system rules, which do have unique names. Of the revisions of one rule,
        which share its name, it is the newest; one that is not archived goes before one that is.

        Args:
            name: The name of the trigger rule, or the `uuid` that stands for it where its name does not do.

        Raises:
            TriggerRule.DoesNotExist: There is no such rule.
            TriggerRule.MultipleObjectsReturned: Several go by this name.
        """
        if is_uuid(name) and (rule := self.filter(uuid=name).first()):
            found: TriggerRule = rule
            return found
        rules = self.called(name)
        if not rules:
            raise self.model.DoesNotExist(f"There is no rule {name!r}.")
        if len(rules) > 1:
            keys = ", ".join(str(rule.pk) for rule in rules)
            raise self.model.MultipleObjectsReturned(f"{len(rules)} rules are called {name!r}: {keys}.")
        return rules[0]

    def called(self, name: str) -> list["TriggerRule"]:
        """List the rules that go by a name: those in force or paused, or else the newest revisions of archived ones.

        Args:
            name: The name.
        """
        rules = list(self.filter(name=name, archived=None).order_by("pk"))
        return rules or list(self.filter(name=name, superseded_by=None).order_by("pk"))


def check_texts(trigger_type: str, name: str) -> None:
    """Check the type and the name of a rule as texts that every database can store.

    Args:
        trigger_type: The type.
        name: The name; it may be empty.

    Raises:
        InvalidTriggerRule: There is no type, or one of them is too long or holds what cannot be stored.
    """
    if not trigger_type:
        raise InvalidTriggerRule(NO_TYPE)
    for field, text in (("type", trigger_type), ("name", name)):
        _check_is_text(field, text)
        if len(text) > LONGEST:
            raise InvalidTriggerRule(f"must have at most {LONGEST} characters, not {len(text)}", field)
        if complaint := text_complaint(text):
            raise InvalidTriggerRule(complaint, field)


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID as Python writes it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _check_configuration(configuration: object) -> None:
    if not isinstance(configuration, TriggerRuleConfiguration):
        reason = f"must be what a handler's create_configuration() returns, not {shown(configuration)}"
        raise InvalidTriggerRule(reason, "configuration")


def _check_is_text(field: str, text: object) -> None:
    if not isinstance(text, str):
        raise InvalidTriggerRule(f"must be text, not {shown(text)}", field)
