"""Every name of the original's documentation is there under its own path, and does what is said of it."""

import inspect
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models

WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
PACKAGES = ["trigger", "detent.trigger"]
NAMES = {
    "apps": ["TriggerConfig"],
    "handler": ["TriggerRuleHandler", "get_trigger_rule_handler", "register_trigger_rule_handler"],
    "models": ["TriggerEvent", "TriggerEventManager", "TriggerRule", "TriggerRuleManager"],
    "serializers": [
        "TriggerEventBaseSerializerV6",
        "TriggerEventDetailsSerializerV6",
        "TriggerEventSerializerV6",
        "TriggerRuleBaseSerializer",
        "TriggerRuleDetailsSerializer",
        "TriggerRuleSerializer",
    ],
    "configuration.trigger_rule": ["TriggerRuleConfiguration"],
    "configuration.exceptions": ["InvalidTriggerRule", "InvalidTriggerType"],
}
EVENT_ATTRIBUTES = {
    *("DoesNotExist", "MultipleObjectsReturned", "batch_set", "description", "get_next_by_occurred"),
    *("get_previous_by_occurred", "id", "job_set", "objects", "occurred", "purgeresults_set", "recipe_set"),
    *("rule", "rule_id", "type"),
}
RULE_ATTRIBUTES = {
    *("DoesNotExist", "MultipleObjectsReturned", "archived", "configuration", "created", "get_configuration"),
    *("get_next_by_created", "get_next_by_last_modified", "get_previous_by_created", "get_previous_by_last_modified"),
    *("id", "is_active", "last_modified", "name", "natural_key", "objects", "triggerevent_set", "type"),
}


def named(path: str) -> Any:
    """Return what a dotted path names."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("path", [f"{module}.{name}" for module, names in NAMES.items() for name in names])
def test_each_name_is_under_both_packages(package: str, path: str) -> None:
    """And but for the app's configuration it is the same thing."""
    found = named(f"{package}.{path}")
    assert found.__doc__
    assert path == "apps.TriggerConfig" or found is named(f"detent.trigger.{path}")


def test_the_apps_configuration() -> None:
    """Made of a name and a module, as Django does."""
    config = named("trigger.apps.TriggerConfig")
    assert list(inspect.signature(config).parameters) == ["app_name", "app_module"]
    made = config("trigger", import_module("trigger"))
    assert isinstance(made, AppConfig)
    assert (made.label, made.name, made.verbose_name) == ("trigger", "trigger", "Trigger")


def test_the_models_have_their_attributes_and_tables() -> None:
    """The reverse sides come with the models that refer to events."""
    event, rule = named("trigger.models.TriggerEvent"), named("trigger.models.TriggerRule")
    assert set(dir(event)) >= EVENT_ATTRIBUTES
    assert set(dir(rule)) >= RULE_ATTRIBUTES
    assert (event._meta.app_label, event._meta.db_table) == ("trigger", "trigger_event")
    assert (rule._meta.app_label, rule._meta.db_table) == ("trigger", "trigger_rule")
    for model in (event, rule):
        assert apps.get_model("trigger", model.__name__) is model
        assert issubclass(model.DoesNotExist, ObjectDoesNotExist)
        assert issubclass(model.MultipleObjectsReturned, MultipleObjectsReturned)
        assert type(model._meta.get_field("id")) is models.AutoField


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("handler.TriggerRuleHandler.create_configuration", ["config_dict"]),
        ("handler.TriggerRuleHandler.create_trigger_rule", ["config_dict", "name", "is_active"]),
        ("models.TriggerEventManager.create_trigger_event", ["trigger_type", "rule", "description", "occurred"]),
        ("models.TriggerEventManager.get_locked_event", ["event_id"]),
        ("models.TriggerRuleManager.archive_trigger_rule", ["trigger_rule_id"]),
        ("models.TriggerRuleManager.create_trigger_rule", ["trigger_type", "configuration", "name", "is_active"]),
        ("models.TriggerRuleManager.get_by_natural_key", ["name"]),
    ],
)
def test_methods_take_what_they_took(path: str, parameters: list[str]) -> None:
    """By position and by name."""
    module, owner, name = path.split(".")
    method = getattr(named(f"trigger.{module}.{owner}"), name)
    assert list(inspect.signature(method).parameters)[1:] == parameters


@pytest.mark.django_db
def test_the_calls_of_the_original() -> None:
    """A rule through its handler, its configuration back, an event of it, its archiving."""
    rule_model, event_model = named("trigger.models.TriggerRule"), named("trigger.models.TriggerEvent")
    handler = named("trigger.handler.get_trigger_rule_handler")("INGEST")
    configuration = {"data": {"input_data_name": "my_file", "workspace_name": "raw"}}
    rule = handler.create_trigger_rule(configuration, name="files", is_active=True)
    assert rule.get_configuration().get_dict() == rule.configuration
    assert rule_model.objects.get_by_natural_key(*rule.natural_key()) == rule
    event = event_model.objects.create_trigger_event("INGEST", rule, {"file_id": 1}, WHEN)
    assert list(rule.triggerevent_set.all()) == [event]
    for accessor in ("job_set", "recipe_set", "batch_set", "purgeresults_set"):
        assert list(getattr(event, accessor).all()) == []
    rule_model.objects.archive_trigger_rule(rule.id)
    rule.refresh_from_db()
    assert (rule.is_active, rule.archived is not None) == (False, True)
