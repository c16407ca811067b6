"""INGEST and PARSE rules: triggered by a file that came in, or that was parsed."""

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from detent.trigger.configuration.connection import Connection, JobInterface, RecipeDefinition, ValidationWarning
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.schema import check
from detent.trigger.configuration.trigger_rule import RecipeTriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.handler import TriggerRuleHandler
from detent.trigger.types.file_condition import FileCondition

VERSION = "1.1"
OLD_VERSION = "1.0"
TAGS = {"type": "array", "items": {"type": "string"}}


def _schema(*tag_lists: str) -> dict[str, Any]:
    condition = {"media_type": {"type": "string"}} | dict.fromkeys(tag_lists, TAGS)
    return {
        "type": "object",
        "required": ["data"],
        "additionalProperties": False,
        "properties": {
            "version": {"type": "string"},
            "condition": {"type": "object", "additionalProperties": False, "properties": condition},
            "data": {
                "type": "object",
                "required": ["input_data_name", "workspace_name"],
                "additionalProperties": False,
                "properties": {"input_data_name": {"type": "string"}, "workspace_name": {"type": "string"}},
            },
        },
    }


OLD_SCHEMA = Draft202012Validator(_schema("data_types"))


def any_workspace(name: str) -> bool:  # noqa: ARG001 - the signature of what a project puts in its place
    """Take every workspace name for one that exists."""
    return True


class FileConfiguration(RecipeTriggerRuleConfiguration):
    """What an INGEST or PARSE rule says: which files it is for, and where they go.

    Version 1.0 knows no `any_of_data_types` and no `not_data_types`; it is converted when it is read.

    Args:
        trigger_rule_type: INGEST or PARSE.
        config_dict: What the rule says.
        workspace_exists: Tells whether a workspace of that name exists.

    Raises:
        InvalidTriggerRule: It does not fit the schema of its version, or contradicts itself.
    """

    schema = _schema("data_types", "any_of_data_types", "not_data_types")

    def __init__(
        self,
        trigger_rule_type: str,
        config_dict: Mapping[str, Any],
        workspace_exists: Callable[[str], bool] = any_workspace,
    ) -> None:
        super().__init__(trigger_rule_type, config_dict)
        self._workspace_exists = workspace_exists
        self._upgrade()
        for tag in self.get_condition().contradictions():
            reason = f"The provided data_type rules for tag `{tag}` contain a contradiction"
            raise InvalidTriggerRule(reason, "condition.not_data_types")

    def _upgrade(self) -> None:
        """Write the defaults in, and make version 1.1 of 1.0; without a version it is 1.1 already."""
        version = self._dict.setdefault("version", VERSION)
        if version != VERSION:
            check(self._dict, OLD_SCHEMA)
            if version != OLD_VERSION:
                raise InvalidTriggerRule(f"{version} is an unsupported version number", "version")
            self._dict["version"] = VERSION
        condition = self._dict.setdefault("condition", {})
        condition.setdefault("media_type", "")
        for tags in ("data_types", "any_of_data_types", "not_data_types"):
            condition.setdefault(tags, [])

    def validate(self) -> None:
        """Check that the workspace exists.

        Raises:
            InvalidTriggerRule: It does not.
        """
        if not self._workspace_exists(self.get_workspace_name()):
            raise InvalidTriggerRule(f"{self.get_workspace_name()} is an invalid workspace name", "data.workspace_name")

    def get_condition(self) -> FileCondition:
        """Return which files the rule is for."""
        condition = self._dict["condition"]
        return FileCondition(
            self.trigger_rule_type,
            condition["media_type"] or None,
            tuple(condition["data_types"]),
            tuple(condition["any_of_data_types"]),
            tuple(condition["not_data_types"]),
        )

    def get_input_data_name(self) -> str:
        """Return the name of the input that gets the file."""
        name: str = self._dict["data"]["input_data_name"]
        return name

    def get_workspace_name(self) -> str:
        """Return the name of the workspace that gets the products."""
        name: str = self._dict["data"]["workspace_name"]
        return name

    def validate_trigger_for_job(self, job_interface: JobInterface) -> list[ValidationWarning]:
        """Check that a job takes in such a file.

        Raises:
            InvalidConnection: It does not.
        """
        return job_interface.validate_connection(self._connection())

    def validate_trigger_for_recipe(self, recipe_definition: RecipeDefinition) -> list[ValidationWarning]:
        """Check that a recipe takes in such a file.

        Raises:
            InvalidRecipeConnection: It does not.
        """
        return recipe_definition.validate_connection(self._connection())

    def pattern(self) -> dict[str, Any]:
        """Return the condition as an event pattern."""
        return self.get_condition().pattern()

    def description(self, document: Document) -> dict[str, Any]:
        """Say which file it was."""
        data = document["data"]
        return {"version": "1.0"} | {key: data[key] for key in ("file_id", "file_name") if key in data}

    def _connection(self) -> Connection:
        media_type = self.get_condition().media_type
        connection = Connection()
        connection.add_input_file(
            self.get_input_data_name(),
            multiple=False,
            media_types=[media_type] if media_type else None,
            optional=False,
            partial=False,
        )
        connection.add_workspace()
        return connection


class FileHandler(TriggerRuleHandler):
    """Handles INGEST or PARSE rules.

    A project that has workspaces registers it again with a function that knows them.

    Args:
        trigger_rule_type: INGEST or PARSE.
        workspace_exists: Tells whether a workspace of that name exists.
    """

    def __init__(self, trigger_rule_type: str, workspace_exists: Callable[[str], bool] = any_workspace) -> None:
        super().__init__(trigger_rule_type)
        self.workspace_exists = workspace_exists

    def create_configuration(self, config_dict: dict[str, Any]) -> FileConfiguration:
        """Return the configuration of an INGEST or PARSE rule."""
        return FileConfiguration(self.trigger_rule_type, config_dict, self.workspace_exists)
