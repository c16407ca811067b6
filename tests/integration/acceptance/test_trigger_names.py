"""Every name in the documentation of Scale's `trigger` package, used as it says there.

The classes and functions stand in the document's order. The pipeline's models point at events, as Scale's did.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models, transaction

import trigger
from pipeline.models import Batch, Job, JobType, PurgeResults, Recipe, RecipeType, SourceFile
from trigger.apps import TriggerConfig
from trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from trigger.configuration.trigger_rule import TriggerRuleConfiguration
from trigger.handler import (
    TRIGGER_RULE_HANDLERS,
    TriggerRuleHandler,
    get_trigger_rule_handler,
    register_trigger_rule_handler,
)
from trigger.models import TriggerEvent, TriggerEventManager, TriggerRule, TriggerRuleManager
from trigger.serializers import (
    TriggerEventBaseSerializerV6,
    TriggerEventDetailsSerializerV6,
    TriggerEventSerializerV6,
    TriggerRuleBaseSerializer,
    TriggerRuleDetailsSerializer,
    TriggerRuleSerializer,
)

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = datetime(2026, 1, 2, tzinfo=UTC)


class StockConfiguration(TriggerRuleConfiguration):
    """A configuration of a project's own: below which number of items something is to be done."""

    def validate(self) -> None:
        """Refuse a number that makes no sense."""
        if self.get_dict()["below"] < 0:
            raise InvalidTriggerRule("below must not be negative")


class StockHandler(TriggerRuleHandler):
    """The handler of that configuration."""

    def create_configuration(self, config_dict: Mapping[str, Any]) -> TriggerRuleConfiguration:
        """Make one."""
        return StockConfiguration("STOCK", config_dict)


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> TriggerRuleHandler:
    """A registered handler of the type STOCK."""
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "STOCK", StockHandler("STOCK"))
    return get_trigger_rule_handler("STOCK")


@pytest.fixture
def rule(handler: TriggerRuleHandler) -> TriggerRule:
    """A saved rule."""
    return handler.create_trigger_rule({"below": 5}, "low stock")


def event_of(rule: TriggerRule | None, occurred: datetime = FIRST) -> TriggerEvent:
    """Return a saved event."""
    return TriggerEvent.objects.create_trigger_event("STOCK", rule, {"item": 7}, occurred)


def file() -> SourceFile:
    """Return a saved file."""
    return SourceFile.objects.create(folder="/in", path="a.txt", size=1, media_type="text/plain", sha256="0")


class TestTriggerConfig:
    """trigger.apps.TriggerConfig."""

    def test_it_is_made_of_an_app_name_and_a_module(self) -> None:
        """It is an AppConfig with the label, the name and the title that the document gives."""
        config = TriggerConfig("trigger", trigger)

        assert isinstance(config, AppConfig)
        assert (config.label, config.name, config.verbose_name) == ("trigger", "trigger", "Trigger")

    def test_the_app_is_installed_under_its_label(self) -> None:
        """Whatever name INSTALLED_APPS gives it."""
        assert apps.get_app_config("trigger").get_model("TriggerRule") is TriggerRule


class TestTriggerRuleHandler:
    """trigger.handler."""

    def test_create_configuration_makes_one_of_a_dict(self, handler: TriggerRuleHandler) -> None:
        """It knows its type and what it was made of."""
        configuration = handler.create_configuration({"below": 5})

        assert isinstance(configuration, TriggerRuleConfiguration)
        assert configuration.get_dict() == {"below": 5}

    def test_create_trigger_rule_saves_a_rule(self, handler: TriggerRuleHandler) -> None:
        """With a name and the flag, where they are given."""
        saved = TriggerRule.objects.get(pk=handler.create_trigger_rule({"below": 5}, "low stock", is_active=False).pk)

        assert (saved.type, saved.name, saved.is_active, saved.configuration) == (
            "STOCK",
            "low stock",
            False,
            {"below": 5},
        )

    def test_create_trigger_rule_needs_no_name(self, handler: TriggerRuleHandler) -> None:
        """None, the default, is no name."""
        assert handler.create_trigger_rule({"below": 5}).name == ""

    def test_create_trigger_rule_refuses_an_invalid_configuration(self, handler: TriggerRuleHandler) -> None:
        """Nothing is saved."""
        with pytest.raises(InvalidTriggerRule):
            handler.create_trigger_rule({"below": -1})
        assert not TriggerRule.objects.exists()

    def test_register_trigger_rule_handler_makes_it_serve_its_type(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And get_trigger_rule_handler finds it."""
        monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "STOCK", StockHandler("STOCK"))
        later = StockHandler("STOCK")

        register_trigger_rule_handler(later)

        assert get_trigger_rule_handler("STOCK") is later

    def test_get_trigger_rule_handler_refuses_a_type_that_nobody_registered(self) -> None:
        """The error names the type."""
        with pytest.raises(InvalidTriggerType, match=r"^NOBODY is an invalid trigger rule type$"):
            get_trigger_rule_handler("NOBODY")


class TestTriggerEvent:
    """trigger.models.TriggerEvent."""

    def test_it_is_a_model_with_errors_of_its_own(self) -> None:
        """DoesNotExist and MultipleObjectsReturned are raised by `get`."""
        assert issubclass(TriggerEvent, models.Model)
        with pytest.raises(TriggerEvent.DoesNotExist) as absent:
            TriggerEvent.objects.get(pk=0)
        assert isinstance(absent.value, ObjectDoesNotExist)
        event_of(None)
        event_of(None)
        with pytest.raises(TriggerEvent.MultipleObjectsReturned) as several:
            TriggerEvent.objects.get()
        assert isinstance(several.value, MultipleObjectsReturned)

    def test_its_fields_keep_what_they_are_given(self, rule: TriggerRule) -> None:
        """id, type, rule, rule_id, description and occurred."""
        event = TriggerEvent.objects.get(pk=event_of(rule).id)

        assert (event.type, event.rule, event.rule_id) == ("STOCK", rule, rule.id)
        assert (event.description, event.occurred) == ({"item": 7}, FIRST)

    def test_a_field_that_is_deferred_is_read_at_its_first_use(self) -> None:
        """As the document says of each of them."""
        event_of(None)
        event = TriggerEvent.objects.defer("description").get()

        assert "description" in event.get_deferred_fields()
        assert event.description == {"item": 7}

    def test_get_next_and_get_previous_by_occurred_go_through_the_events(self) -> None:
        """In the order in which they occurred."""
        second, first = event_of(None, SECOND), event_of(None, FIRST)

        assert first.get_next_by_occurred() == second
        assert second.get_previous_by_occurred() == first

    def test_batch_set_has_the_batches_that_the_event_made(self) -> None:
        """The accessor of a model with a foreign key to the event."""
        event, recipe_type = event_of(None), RecipeType.objects.create(name="review", steps=[])
        batch = Batch.objects.create(event=event, recipe_type=recipe_type)

        assert list(event.batch_set.all()) == [batch]

    def test_job_set_has_the_jobs_that_the_event_made(self) -> None:
        """The accessor of a model with a foreign key to the event."""
        event = event_of(None)
        job = Job.objects.create(event=event, file=file(), job_type=JobType.objects.create(name="checksum"))

        assert list(event.job_set.all()) == [job]

    def test_recipe_set_has_the_recipes_that_the_event_made(self) -> None:
        """The accessor of a model with a foreign key to the event."""
        event, recipe_type = event_of(None), RecipeType.objects.create(name="review", steps=[])
        recipe = Recipe.objects.create(event=event, file=file(), recipe_type=recipe_type)

        assert list(event.recipe_set.all()) == [recipe]

    def test_purgeresults_set_has_the_purges_that_the_event_made(self) -> None:
        """The accessor of a model with a foreign key to the event."""
        event = event_of(None)
        results = PurgeResults.objects.create(trigger_event=event, source_file_id=1)

        assert list(event.purgeresults_set.all()) == [results]


class TestTriggerEventManager:
    """trigger.models.TriggerEventManager, which is TriggerEvent.objects."""

    def test_it_is_the_models_manager(self) -> None:
        """A Django manager."""
        assert isinstance(TriggerEvent.objects, TriggerEventManager)
        assert isinstance(TriggerEvent.objects, models.Manager)

    def test_create_trigger_event_saves_an_event(self, rule: TriggerRule) -> None:
        """Of a rule that is saved already."""
        event = TriggerEvent.objects.create_trigger_event("STOCK", rule, {"item": 7}, FIRST)

        assert TriggerEvent.objects.get(pk=event.pk) == event

    def test_create_trigger_event_needs_no_rule(self) -> None:
        """Some events are not triggered by rules."""
        assert TriggerEvent.objects.create_trigger_event("USER", None, {}, FIRST).rule is None

    def test_get_locked_event_returns_the_event_inside_a_transaction(self) -> None:
        """Locked until its end, with no related fields."""
        event = event_of(None)

        with transaction.atomic():
            assert TriggerEvent.objects.get_locked_event(event.id) == event


class TestTriggerRule:
    """trigger.models.TriggerRule."""

    def test_it_is_a_model_with_errors_of_its_own(self, handler: TriggerRuleHandler) -> None:
        """DoesNotExist and MultipleObjectsReturned are raised by `get`."""
        assert issubclass(TriggerRule, models.Model)
        with pytest.raises(TriggerRule.DoesNotExist) as absent:
            TriggerRule.objects.get()
        assert isinstance(absent.value, ObjectDoesNotExist)
        handler.create_trigger_rule({"below": 5})
        handler.create_trigger_rule({"below": 6})
        with pytest.raises(TriggerRule.MultipleObjectsReturned) as several:
            TriggerRule.objects.get()
        assert isinstance(several.value, MultipleObjectsReturned)

    def test_its_fields_keep_what_they_are_given(self, rule: TriggerRule) -> None:
        """id, type, name, configuration, is_active, created, archived and last_modified."""
        saved = TriggerRule.objects.get(pk=rule.id)

        assert (saved.type, saved.name, saved.configuration) == ("STOCK", "low stock", {"below": 5})
        assert (saved.is_active, saved.archived) == (True, None)
        assert saved.created <= saved.last_modified

    def test_get_configuration_makes_one_by_the_rules_handler(self, rule: TriggerRule) -> None:
        """Of the class that the handler makes."""
        configuration = rule.get_configuration()

        assert isinstance(configuration, StockConfiguration)
        assert configuration.get_dict() == {"below": 5}

    def test_get_configuration_refuses_a_type_that_nobody_registered(self, rule: TriggerRule) -> None:
        """The error names the type."""
        del TRIGGER_RULE_HANDLERS["STOCK"]
        with pytest.raises(InvalidTriggerType, match="STOCK"):
            rule.get_configuration()

    @pytest.mark.parametrize("field", ["created", "last_modified"])
    def test_get_next_and_get_previous_go_through_the_rules(self, handler: TriggerRuleHandler, field: str) -> None:
        """By creation and by last modification."""
        first, second = (handler.create_trigger_rule({"below": below}) for below in (1, 2))
        TriggerRule.objects.filter(pk=first.pk).update(**{field: FIRST})
        TriggerRule.objects.filter(pk=second.pk).update(**{field: SECOND})
        first.refresh_from_db()
        second.refresh_from_db()
        following: Callable[[], TriggerRule] = getattr(first, f"get_next_by_{field}")
        previous: Callable[[], TriggerRule] = getattr(second, f"get_previous_by_{field}")

        assert following() == second
        assert previous() == first

    def test_natural_key_is_the_name(self, rule: TriggerRule) -> None:
        """A tuple, as Django wants it."""
        assert rule.natural_key() == ("low stock",)

    def test_triggerevent_set_has_the_rules_events(self, rule: TriggerRule) -> None:
        """The accessor of the events' foreign key."""
        event = event_of(rule)

        assert list(rule.triggerevent_set.all()) == [event]


class TestTriggerRuleManager:
    """trigger.models.TriggerRuleManager, which is TriggerRule.objects."""

    def test_it_is_the_models_manager(self) -> None:
        """A Django manager."""
        assert isinstance(TriggerRule.objects, TriggerRuleManager)
        assert isinstance(TriggerRule.objects, models.Manager)

    def test_create_trigger_rule_saves_a_rule(self, handler: TriggerRuleHandler) -> None:
        """Of a type, a configuration, a name and a flag."""
        configuration = handler.create_configuration({"below": 5})

        rule = TriggerRule.objects.create_trigger_rule("STOCK", configuration, "low stock", is_active=False)

        assert TriggerRule.objects.get(name="low stock", is_active=False) == rule

    def test_create_trigger_rule_validates_the_configuration(self, handler: TriggerRuleHandler) -> None:
        """Nothing is saved of an invalid one."""
        with pytest.raises(InvalidTriggerRule):
            TriggerRule.objects.create_trigger_rule("STOCK", handler.create_configuration({"below": -1}))
        assert not TriggerRule.objects.exists()

    def test_archive_trigger_rule_ends_a_rule(self, rule: TriggerRule) -> None:
        """It is no longer active, and says since when."""
        TriggerRule.objects.archive_trigger_rule(rule.id)

        rule.refresh_from_db()
        assert (rule.is_active, rule.archived is None) == (False, False)

    def test_get_by_natural_key_finds_a_rule_by_its_name(self, rule: TriggerRule) -> None:
        """Names are not unique; this is for system rules, whose names are."""
        assert TriggerRule.objects.get_by_natural_key("low stock") == rule


class TestSerializers:
    """trigger.serializers."""

    def test_event_serializers_show_key_type_and_time(self) -> None:
        """TriggerEventBaseSerializerV6 and TriggerEventSerializerV6."""
        event = event_of(None)
        expected = {"id": event.id, "type": "STOCK", "occurred": "2026-01-01T00:00:00Z"}

        assert TriggerEventBaseSerializerV6(event).data == expected
        assert TriggerEventSerializerV6(event).data == expected

    def test_the_event_details_show_the_description_too(self) -> None:
        """TriggerEventDetailsSerializerV6."""
        assert TriggerEventDetailsSerializerV6(event_of(None)).data["description"] == {"item": 7}

    def test_the_rule_base_shows_what_a_rule_is(self, rule: TriggerRule) -> None:
        """TriggerRuleBaseSerializer."""
        expected = {"id": rule.id, "type": "STOCK", "name": "low stock", "is_active": True}
        assert TriggerRuleBaseSerializer(rule).data == expected

    def test_the_rule_shows_its_times(self, rule: TriggerRule) -> None:
        """TriggerRuleSerializer."""
        shown = TriggerRuleSerializer(rule).data
        assert {"created", "archived", "last_modified"} <= shown.keys()

    def test_the_rule_details_show_its_configuration(self, rule: TriggerRule) -> None:
        """TriggerRuleDetailsSerializer."""
        assert TriggerRuleDetailsSerializer(rule).data["configuration"] == {"below": 5}
