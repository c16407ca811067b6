"""Points 26 to 35 of Scale's triggers: what INGEST and PARSE rules say."""

from typing import Any

import pytest

from detent.trigger.configuration.connection import (
    Connection,
    InvalidConnection,
    InvalidRecipeConnection,
    ValidationWarning,
)
from detent.trigger.types.file import FileConfiguration
from trigger.configuration.exceptions import InvalidTriggerRule
from trigger.handler import get_trigger_rule_handler

DATA = {"input_data_name": "my_file", "workspace_name": "raw"}
EVERY_FILE = {"media_type": "", "data_types": [], "any_of_data_types": [], "not_data_types": []}

both_types = pytest.mark.parametrize("rule_type", ["INGEST", "PARSE"])


def made(rule_type: str, **parts: Any) -> FileConfiguration:
    """Make a configuration of the usual data and these parts, by the type's handler."""
    configuration = get_trigger_rule_handler(rule_type).create_configuration({"data": DATA, **parts})
    assert isinstance(configuration, FileConfiguration)
    return configuration


@both_types
def test_a_configuration_of_version_1_1(rule_type: str) -> None:
    """Point 26: media type, three lists of tags, and where the file goes."""
    condition = {
        "media_type": "image/tiff",
        "data_types": ["a"],
        "any_of_data_types": ["b", "c"],
        "not_data_types": ["d"],
    }
    full = {"version": "1.1", "condition": condition, "data": DATA}
    assert made(rule_type, version="1.1", condition=condition).get_dict() == full


@both_types
@pytest.mark.parametrize(
    ("configuration", "path"),
    [
        ({}, ""),
        ({"data": {"input_data_name": "my_file"}}, "data"),
        ({"data": {"workspace_name": "raw"}}, "data"),
        ({"data": {**DATA, "extra": 1}}, "data.extra"),
        ({"data": DATA, "extra": 1}, "extra"),
        ({"data": DATA, "condition": {"extra": 1}}, "condition.extra"),
        ({"data": DATA, "version": 1.1}, "version"),
        ({"data": DATA, "condition": []}, "condition"),
        ({"data": DATA, "condition": {"media_type": 5}}, "condition.media_type"),
        ({"data": DATA, "condition": {"data_types": "a"}}, "condition.data_types"),
        ({"data": DATA, "condition": {"not_data_types": [None]}}, "condition.not_data_types.0"),
        ({"data": [DATA]}, "data"),
    ],
)
def test_what_does_not_fit_the_schema_is_an_invalid_rule(rule_type: str, configuration: Any, path: str) -> None:
    """Point 26: of every level, with the path."""
    with pytest.raises(InvalidTriggerRule) as caught:
        get_trigger_rule_handler(rule_type).create_configuration(configuration)
    assert caught.value.path == path


@both_types
def test_defaults_are_written_in_and_not_into_the_callers_dict(rule_type: str) -> None:
    """Point 27: version, condition, media type and the three lists."""
    given: dict[str, Any] = {"data": DATA, "condition": {"data_types": ["a"]}}
    stored = get_trigger_rule_handler(rule_type).create_configuration(given).get_dict()
    assert stored == {"version": "1.1", "condition": {**EVERY_FILE, "data_types": ["a"]}, "data": DATA}
    assert given == {"data": DATA, "condition": {"data_types": ["a"]}}


@both_types
def test_a_missing_version_is_1_1(rule_type: str) -> None:
    """Point 28: so the lists that 1.0 does not have are taken."""
    assert made(rule_type, condition={"not_data_types": ["a"]}).get_dict()["version"] == "1.1"


@both_types
@pytest.mark.parametrize("later", ["any_of_data_types", "not_data_types"])
def test_version_1_0_does_not_have_the_later_lists(rule_type: str, later: str) -> None:
    """Point 29: a document of 1.0 that carries one is refused."""
    with pytest.raises(InvalidTriggerRule, match=later):
        made(rule_type, version="1.0", condition={later: ["a"]})


@both_types
@pytest.mark.parametrize("version", ["2.0", "1.2", "BAD", "", "1.1.0"])
def test_another_version_is_not_supported(rule_type: str, version: str) -> None:
    """Point 29: the error names it, with the original's words."""
    with pytest.raises(InvalidTriggerRule) as caught:
        made(rule_type, version=version)
    assert (caught.value.path, caught.value.reason) == ("version", f"{version} is an unsupported version number")


@both_types
def test_version_1_0_becomes_1_1(rule_type: str) -> None:
    """Point 29: with the lists that it did not have, empty."""
    old = made(rule_type, version="1.0", condition={"media_type": "text/plain", "data_types": ["a"]})
    assert old.get_dict() == {
        "version": "1.1",
        "condition": {**EVERY_FILE, "media_type": "text/plain", "data_types": ["a"]},
        "data": DATA,
    }


@both_types
def test_the_newest_schema_is_the_first_that_every_version_is_held_to(rule_type: str) -> None:
    """Point 30: what no version has is refused as such before the version is looked at."""
    with pytest.raises(InvalidTriggerRule) as caught:
        made(rule_type, version="7.0", extra=1)
    assert caught.value.path == "extra"


@both_types
@pytest.mark.parametrize("wanted", ["data_types", "any_of_data_types"])
def test_a_tag_cannot_be_wanted_and_not_wanted(rule_type: str, wanted: str) -> None:
    """Point 31: the error names the tag, with the original's words."""
    with pytest.raises(InvalidTriggerRule) as caught:
        made(rule_type, condition={wanted: ["x", "y"], "not_data_types": ["z", "y"]})
    assert caught.value.reason == "The provided data_type rules for tag `y` contain a contradiction"


@both_types
@pytest.mark.parametrize(
    "condition", [{"any_of_data_types": []}, {"data_types": ["a", "a"]}, {"not_data_types": ["a"]}]
)
def test_what_is_empty_or_stands_twice_is_no_contradiction(rule_type: str, condition: dict[str, Any]) -> None:
    """Point 31: such lists are taken."""
    assert made(rule_type, condition=condition).get_dict()["condition"] == EVERY_FILE | condition


@both_types
def test_its_parts_are_asked_for_by_the_originals_names(rule_type: str) -> None:
    """Point 33: an empty media type is None."""
    configuration = made(rule_type, condition={"data_types": ["a"]})
    assert configuration.get_input_data_name() == "my_file"
    assert configuration.get_workspace_name() == "raw"
    assert configuration.get_condition().media_type is None
    assert made(rule_type, condition={"media_type": "text/plain"}).get_condition().media_type == "text/plain"


class Warned:
    """A warning, as a job gives it."""

    key, details = "media_type", "text/plain is not what my_file takes"


class Interface:
    """A job or a recipe with one input, which refuses a connection to another."""

    def __init__(self, takes: str, error: type[Exception]) -> None:
        self.takes, self.error = takes, error
        self.offered: list[Connection] = []

    def validate_connection(self, connection: Connection) -> list[ValidationWarning]:
        """Warn, or refuse."""
        self.offered.append(connection)
        if connection.input_files[0].name != self.takes:
            raise self.error(f"there is no input {connection.input_files[0].name}")
        return [Warned()]


@both_types
@pytest.mark.parametrize(("media_type", "offered"), [("image/tiff", ("image/tiff",)), ("", ())])
def test_a_job_is_offered_one_whole_file_and_a_workspace(
    rule_type: str, media_type: str, offered: tuple[str, ...]
) -> None:
    """Point 34: its warnings come back."""
    job = Interface("my_file", InvalidConnection)
    warnings = made(rule_type, condition={"media_type": media_type}).validate_trigger_for_job(job)
    (connection,) = job.offered
    (file,) = connection.input_files
    assert [warning.key for warning in warnings] == ["media_type"]
    assert (file.name, file.media_types, connection.has_workspace) == ("my_file", offered, True)
    assert (file.multiple, file.optional, file.partial) == (False, False, False)


@both_types
def test_a_job_without_that_input_refuses(rule_type: str) -> None:
    """Point 34: with its own InvalidConnection."""
    with pytest.raises(InvalidConnection, match="my_file"):
        made(rule_type).validate_trigger_for_job(Interface("other", InvalidConnection))


@both_types
def test_a_recipe_is_offered_the_same(rule_type: str) -> None:
    """Point 35: and refuses with an error of its own."""
    recipe = Interface("my_file", InvalidRecipeConnection)
    assert made(rule_type).validate_trigger_for_recipe(recipe)[0].details == Warned.details
    assert recipe.offered[0].input_files[0].name == "my_file"
    with pytest.raises(InvalidRecipeConnection, match="my_file"):
        made(rule_type).validate_trigger_for_recipe(Interface("other", InvalidRecipeConnection))
