"""Points 18 to 25 of Scale's triggers: the registry, the errors, the base classes of configurations."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from detent.trigger import handler as registry
from detent.trigger.configuration.connection import InvalidConnection, InvalidRecipeConnection
from detent.trigger.configuration.purpose import for_creating_jobs, for_creating_recipes
from trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from trigger.configuration.trigger_rule import (
    JobTriggerRuleConfiguration,
    RecipeTriggerRuleConfiguration,
    TriggerRuleConfiguration,
)
from trigger.handler import (
    TRIGGER_RULE_HANDLERS,
    TriggerRuleHandler,
    get_trigger_rule_handler,
    register_trigger_rule_handler,
)


class StockConfiguration(TriggerRuleConfiguration):
    """A configuration that can be used for neither jobs nor recipes."""

    def validate(self) -> None:
        """Find nothing wrong."""


class JobConfiguration(JobTriggerRuleConfiguration):
    """A configuration that can be used for jobs."""

    def validate(self) -> None:
        """Find nothing wrong."""

    def validate_trigger_for_job(self, job_interface: Any) -> list[Any]:
        """Ask the job."""
        return job_interface.validate_connection(None)


class StockHandler(TriggerRuleHandler):
    """A project's handler."""

    def create_configuration(self, config_dict: dict[str, Any]) -> StockConfiguration:
        """Make one."""
        return StockConfiguration(self.trigger_rule_type, config_dict)


@pytest.fixture(autouse=True)
def registered() -> Iterator[dict[str, TriggerRuleHandler]]:
    """Leave the registry as it was."""
    before = dict(TRIGGER_RULE_HANDLERS)
    yield TRIGGER_RULE_HANDLERS
    TRIGGER_RULE_HANDLERS.clear()
    TRIGGER_RULE_HANDLERS.update(before)


def test_handlers_are_kept_by_their_type() -> None:
    """Point 18: the later one of a type serves, and it is the dict that a project may look into."""
    first, second = StockHandler("STOCK"), StockHandler("STOCK")
    register_trigger_rule_handler(first)
    register_trigger_rule_handler(second)
    assert TRIGGER_RULE_HANDLERS["STOCK"] is get_trigger_rule_handler("STOCK") is second


def test_the_types_of_the_original_are_registered_once_the_app_is_loaded() -> None:
    """Point 18: INGEST and PARSE, which its apps `ingest` and `source` registered."""
    assert {"INGEST", "PARSE"} <= TRIGGER_RULE_HANDLERS.keys()


def test_a_projects_own_handler_serves_whichever_app_is_loaded_first() -> None:
    """Point 18: as `ingest` did, a project registers its own for INGEST, in `ready()`."""
    own = StockHandler("INGEST")
    register_trigger_rule_handler(own)
    registry.provide_trigger_rule_handler(StockHandler("INGEST"))
    assert get_trigger_rule_handler("INGEST") is own


@pytest.mark.parametrize("unknown", ["NOBODY", "", None, 5, ["INGEST"]])
def test_a_type_without_a_handler_is_an_error(unknown: Any) -> None:
    """Point 19: with the original's words; None never comes back."""
    with pytest.raises(InvalidTriggerType) as caught:
        get_trigger_rule_handler(unknown)
    assert str(caught.value) == f"{unknown} is an invalid trigger rule type"


@pytest.mark.parametrize("error", [InvalidTriggerRule, InvalidTriggerType, InvalidConnection, InvalidRecipeConnection])
def test_the_errors_are_exceptions_made_of_a_text(error: type[Exception]) -> None:
    """Point 20: code that raises or catches the original's errors needs no change."""
    assert issubclass(error, Exception)
    assert str(error("what is wrong")) == "what is wrong"


def test_a_handler_is_made_of_its_type() -> None:
    """Point 21: and must say how it makes a configuration of a dict."""
    assert StockHandler("STOCK").trigger_rule_type == "STOCK"
    with pytest.raises(TypeError, match="create_configuration"):
        TriggerRuleHandler("STOCK")  # type: ignore[abstract]


def test_create_trigger_rule_takes_what_it_took() -> None:
    """Point 21: the configuration, a name that may be None, and the flag."""
    parameters = inspect.signature(TriggerRuleHandler.create_trigger_rule).parameters
    assert {name: parameter.default for name, parameter in list(parameters.items())[2:]} == {
        "name": None,
        "is_active": True,
    }


def test_a_configuration_is_made_of_a_type_and_a_dict() -> None:
    """Point 22: `get_dict` gives it back; the caller's own dict is never written into."""
    given = {"below": 5}
    configuration = StockConfiguration("STOCK", given)
    configuration.get_dict()["below"] = 6
    assert configuration.trigger_rule_type == "STOCK"
    assert given == {"below": 5}


def test_a_configuration_must_say_how_it_is_validated() -> None:
    """Point 22: the base class alone is abstract."""
    with pytest.raises(TypeError, match="validate"):
        TriggerRuleConfiguration("STOCK", {})  # type: ignore[abstract]


class Refusing:
    """A job that takes nothing in."""

    def validate_connection(self, connection: object) -> list[Any]:
        """Refuse."""
        raise InvalidConnection("no such input")


def test_a_job_configuration_must_say_whether_it_fits_a_job() -> None:
    """Point 23: `validate_trigger_for_job` returns warnings, or raises InvalidConnection."""
    assert "validate_trigger_for_job" in JobTriggerRuleConfiguration.__abstractmethods__
    with pytest.raises(InvalidConnection):
        JobConfiguration("JOB", {}).validate_trigger_for_job(Refusing())


def test_a_recipe_configuration_must_say_both() -> None:
    """Point 24: it is a job configuration that can be asked about recipes, too."""
    assert issubclass(RecipeTriggerRuleConfiguration, JobTriggerRuleConfiguration)
    assert {"validate_trigger_for_job", "validate_trigger_for_recipe"} <= (
        RecipeTriggerRuleConfiguration.__abstractmethods__
    )


def test_a_configuration_serves_what_its_class_can_be_asked_about() -> None:
    """Point 24: an INGEST rule creates jobs and recipes, another of its own class jobs only."""
    job = JobConfiguration("JOB", {})
    both = get_trigger_rule_handler("INGEST").create_configuration(
        {"data": {"input_data_name": "file", "workspace_name": "raw"}}
    )
    assert for_creating_jobs(job) is job
    assert for_creating_jobs(both) is for_creating_recipes(both) is both


@pytest.mark.parametrize(
    ("configuration", "use", "what"),
    [
        (StockConfiguration("STOCK", {}), for_creating_jobs, "jobs"),
        (StockConfiguration("STOCK", {}), for_creating_recipes, "recipes"),
        (JobConfiguration("STOCK", {}), for_creating_recipes, "recipes"),
    ],
)
def test_a_configuration_of_the_lower_kind_is_refused_for_the_higher_use(
    configuration: TriggerRuleConfiguration, use: Any, what: str
) -> None:
    """Point 24: with the original's words, and the type."""
    with pytest.raises(InvalidTriggerType) as caught:
        use(configuration)
    assert str(caught.value) == f"STOCK is an invalid trigger rule type for creating {what}"
    assert caught.value.type == "STOCK"


def test_a_configuration_is_made_without_the_database_and_validated_with_it() -> None:
    """Point 25: the constructor checks schema, version and contradictions; `validate` asks what exists."""
    asked = []

    def exists(name: str) -> bool:
        asked.append(name)
        return False

    from detent.trigger.types import FileHandler

    configuration = FileHandler("INGEST", exists).create_configuration(
        {"data": {"input_data_name": "file", "workspace_name": "nowhere"}}
    )
    assert asked == []
    with pytest.raises(InvalidTriggerRule) as caught:
        configuration.validate()
    assert (asked, caught.value.reason) == (["nowhere"], "nowhere is an invalid workspace name")
