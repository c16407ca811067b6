"""The entries of a rule file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detent.trigger.handler import get_trigger_rule_handler
from detent.trigger.managers.rules import check_texts
from detent.trigger.rule_files.complaints import EntryComplaint, InvalidRuleFile
from detent.trigger.written.file import UnreadableFile, read_file

REQUIRED = ("name", "type", "configuration")
KEYS = (*REQUIRED, "is_active")


@dataclass(frozen=True)
class RuleEntry:
    """A rule of a rule file.

    Attributes:
        name: What tells it apart from the file's other rules, and names its rule in the database.
        type: The type of the rule.
        configuration: What the rule says.
        is_active: False: the rule is paused, true: it is in force; None: it is as it was, in force if it is new.
    """

    name: str
    type: str
    configuration: dict[str, Any]
    is_active: bool | None = None

    def accepted(self) -> dict[str, Any]:
        """Return the configuration as it would be stored.

        Raises:
            InvalidTriggerType: There is no such type.
            InvalidTriggerRule: The name or the configuration is invalid.
        """
        check_texts(self.type, self.name)
        return get_trigger_rule_handler(self.type).create_configuration(self.configuration).accepted()


def read_rule_file(path: Path) -> list[RuleEntry]:
    """Read a rule file: a list of objects with `name`, `type`, `configuration` and, if need be, `is_active`.

    Args:
        path: The file; YAML if it ends in .yaml or .yml, for which PyYAML has to be installed, else JSON.

    Raises:
        UnreadableFile: It is not there, or not a list.
        InvalidRuleFile: Some of its entries are not such objects, or two have one name.
    """
    content = read_file(path)
    if not isinstance(content, list):
        raise UnreadableFile(path, "it must be a list of rules, each with name, type and configuration")
    return entries_of(content)


def entries_of(content: list[Any]) -> list[RuleEntry]:
    """Return the entries of a rule file that has been read.

    Args:
        content: What the file says.

    Raises:
        InvalidRuleFile: Some of its entries are no objects with the keys of a rule, or two have one name.
    """
    complaints = [
        EntryComplaint(number, _name(item), where, reason)
        for number, item in enumerate(content, 1)
        for where, reason in _complaints(item)
    ] + list(_doubled(content))
    if complaints:
        raise InvalidRuleFile(complaints)
    return [RuleEntry(**item) for item in content]


def _complaints(item: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(item, dict):
        yield "", f"it must be an object with {', '.join(REQUIRED)}"
        return
    for key in item.keys() - set(KEYS):
        yield key, f"is not a key of a rule; the keys are {', '.join(KEYS)}"
    for key, kind, said in (("name", str, "a text"), ("type", str, "a text"), ("configuration", dict, "an object")):
        if key not in item:
            yield key, f"is missing; it must be {said}"
        elif not isinstance(item[key], kind) or not (item[key] or kind is dict):
            yield key, f"must be {said}, not {item[key]!r}"
    if not isinstance(item.get("is_active", True), bool):
        yield "is_active", f"must be true or false, not {item['is_active']!r}"


def _doubled(content: list[Any]) -> Iterator[EntryComplaint]:
    first: dict[str, int] = {}
    for number, item in enumerate(content, 1):
        if (name := _name(item)) and first.setdefault(name, number) != number:
            yield EntryComplaint(number, name, "name", f"entry {first[name]} has it too; each needs one of its own")


def _name(item: Any) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""
