"""INGEST and PARSE configurations: two versions, defaults, contradictions, connections."""

from dataclasses import dataclass
from typing import Any

import pytest

from detent.trigger import InvalidTriggerRule, get_trigger_rule_handler
from detent.trigger.configuration.connection import (
    Connection,
    InvalidConnection,
    InvalidRecipeConnection,
    ValidationWarning,
)
from detent.trigger.types.file import FileConfiguration, FileHandler

DATA = {"input_data_name": "my_file", "workspace_name": "raw"}
NO_CONDITION = {"media_type": "", "data_types": [], "any_of_data_types": [], "not_data_types": []}


def configuration(**parts: Any) -> FileConfiguration:
    """Make an INGEST configuration with the usual data."""
    return FileConfiguration("INGEST", {"data": DATA, **parts})


@pytest.mark.parametrize("trigger_type", ["INGEST", "PARSE"])
def test_both_types_have_a_handler(trigger_type: str) -> None:
    """INGEST and PARSE differ only in their name."""
    made = get_trigger_rule_handler(trigger_type).create_configuration({"data": DATA})
    assert isinstance(made, FileConfiguration)
    assert made.get_condition().kind == trigger_type


def test_what_is_left_out_is_written_in() -> None:
    """Without a version it is 1.1, without a condition one that every file meets."""
    assert configuration().get_dict() == {"version": "1.1", "condition": NO_CONDITION, "data": DATA}


def test_the_callers_dict_stays_as_it_is() -> None:
    """Defaults are written into a copy, unlike the original's."""
    given = {"data": DATA}
    FileConfiguration("INGEST", given)
    assert given == {"data": DATA}


def test_version_1_0_becomes_1_1() -> None:
    """An old configuration is converted when it is read."""
    old = configuration(version="1.0", condition={"media_type": "text/plain", "data_types": ["foo"]})
    assert old.get_dict() == {
        "version": "1.1",
        "condition": {**NO_CONDITION, "media_type": "text/plain", "data_types": ["foo"]},
        "data": DATA,
    }


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"version": "1.0", "condition": {"any_of_data_types": ["a"]}}, "'any_of_data_types' is not a key here"),
        ({"version": "1.0", "condition": {"not_data_types": []}}, "'not_data_types' is not a key here"),
        ({"version": "2.0"}, "2.0 is an unsupported version number"),
        ({"version": ""}, " is an unsupported version number"),
        ({"version": 1.1}, "version: 1.1 is not of type 'string'"),
        ({"condition": {"media_type": None}}, "condition.media_type: None is not of type 'string'"),
        ({"condition": {"data_types": "foo"}}, "condition.data_types: 'foo' is not of type 'array'"),
        ({"condition": {"data_types": [5]}}, "condition.data_types.0: 5 is not of type 'string'"),
        (
            {"conditions": {}},
            "conditions: 'conditions' is not a key here; the nearest is 'condition'; the keys are absence, actions, ",
        ),
        ({"data": {}}, "data: 'input_data_name' is a required property"),
        ({"data": {**DATA, "x": 1}}, "data.x: 'x' is not a key here; the keys are input_data_name, workspace_name"),
        ({"delivery": {"attempt": 1}}, "delivery.attempt: 'attempt' is not a key here; the nearest is 'attempts'"),
        ({"actions": [{"input": {}}]}, "actions.0: 'action' is a required property"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_with_its_path(parts: dict[str, Any], reason: str) -> None:
    """The error names the place, and the keys that would be right."""
    with pytest.raises(InvalidTriggerRule) as caught:
        configuration(**parts)
    assert reason in str(caught.value)


@pytest.mark.parametrize("wanted", ["data_types", "any_of_data_types"])
def test_a_contradiction_is_refused(wanted: str) -> None:
    """A tag cannot be wanted and not wanted."""
    with pytest.raises(InvalidTriggerRule, match="The provided data_type rules for tag `x` contain a contradiction"):
        configuration(condition={wanted: ["x"], "not_data_types": ["x"]})


def test_its_parts_can_be_asked_for() -> None:
    """The names of input and workspace, and the condition, an empty media type being None."""
    made = configuration(condition={"data_types": ["foo"]})
    assert (made.get_input_data_name(), made.get_workspace_name()) == ("my_file", "raw")
    assert made.get_condition().media_type is None


def test_a_workspace_that_does_not_exist_is_refused_by_validate() -> None:
    """A project that has workspaces tells the handler which there are; making the configuration asks nobody."""
    made = FileHandler("INGEST", workspace_exists=lambda name: name == "products").create_configuration({"data": DATA})
    with pytest.raises(InvalidTriggerRule, match="raw is an invalid workspace name"):
        made.validate()


@dataclass
class Warned:
    """A warning."""

    key: str
    details: str


WARNING = Warned("media_type", "my_file")


class Interface:
    """A job or recipe that takes a file named `my_file`."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.seen: list[Connection] = []

    def validate_connection(self, connection: Connection) -> list[ValidationWarning]:
        """Keep what is offered; refuse another name."""
        self.seen.append(connection)
        if connection.input_files[0].name != "my_file":
            raise self.error("no such input")
        return [WARNING]


@pytest.mark.parametrize("media_types", [["image/tiff"], []])
def test_a_job_or_recipe_is_asked_whether_the_file_fits(media_types: list[str]) -> None:
    """It is offered one whole file that must be there, of the condition's media type, and a workspace."""
    made = configuration(condition={"media_type": "".join(media_types)})
    job, recipe = Interface(InvalidConnection), Interface(InvalidRecipeConnection)
    assert made.validate_trigger_for_job(job) == [WARNING]
    assert made.validate_trigger_for_recipe(recipe) == [WARNING]
    for (connection,) in (job.seen, recipe.seen):
        (file,) = connection.input_files
        assert (file.name, list(file.media_types)) == ("my_file", media_types)
        assert (file.multiple, file.optional, file.partial) == (False, False, False)
        assert connection.has_workspace


def test_a_connection_that_does_not_fit_is_refused() -> None:
    """The error is the job's or the recipe's own."""
    made = FileConfiguration("INGEST", {"data": {**DATA, "input_data_name": "other"}})
    with pytest.raises(InvalidConnection):
        made.validate_trigger_for_job(Interface(InvalidConnection))
    with pytest.raises(InvalidRecipeConnection):
        made.validate_trigger_for_recipe(Interface(InvalidRecipeConnection))


def test_the_event_says_which_file_it_was() -> None:
    """As the original's events did."""
    document: Any = {"data": {"file_id": 12, "file_name": "a.txt", "media_type": "text/plain"}}
    assert configuration().description(document) == {"version": "1.0", "file_id": 12, "file_name": "a.txt"}
