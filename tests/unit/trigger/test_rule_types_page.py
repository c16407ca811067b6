"""The reference of the rule types says what their schemas say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from detent.trigger.configuration.schema import COMMON
from detent.trigger.types.clock import ClockConfiguration
from detent.trigger.types.event import EventConfiguration
from detent.trigger.types.file import FileConfiguration
from detent.trigger.types.transition import TransitionConfiguration
from tests.child import ROOT

PAGE = (ROOT / "docs" / "reference" / "rule-types.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
COMMON_PROPERTIES = cast("Mapping[str, Any]", COMMON.schema)["properties"]
SCHEMAS: dict[str, Mapping[str, Any]] = {
    "What all types may say": {"properties": COMMON_PROPERTIES},
    "EVENT": EventConfiguration.schema,
    "TRANSITION": TransitionConfiguration.schema,
    "CLOCK": ClockConfiguration.schema,
    "INGEST": FileConfiguration.schema,
}


def fields(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the path of each field of a schema, and whether it is required."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}{name}", name in schema.get("required", ())
        yield from fields(inner, f"{path}{name}.")
        yield from fields(inner.get("items", {}), f"{path}{name}[].")


def documented(section: str) -> dict[str, str]:
    """Return the fields in the table of a section, with what is said of them."""
    return dict(re.findall(r"^\| `(.+?)` \| (.+?) \|$", SECTIONS[section], re.MULTILINE))


@pytest.mark.parametrize("section", SCHEMAS)
def test_every_field_is_documented_and_no_other(section: str) -> None:
    """In the table of its type."""
    assert documented(section).keys() == {path for path, _ in fields(SCHEMAS[section])}


@pytest.mark.parametrize("section", [section for section in SCHEMAS if section != "What all types may say"])
def test_what_is_required_is_said_to_be(section: str) -> None:
    """And nothing else is."""
    said = documented(section)
    assert {path for path in said if said[path].endswith("required")} == {
        path for path, required in fields(SCHEMAS[section]) if required
    }


@pytest.mark.parametrize("rule_type", ["EVENT", "TRANSITION", "CLOCK", "INGEST", "PARSE"])
def test_every_type_has_a_section_with_its_schema(rule_type: str) -> None:
    """Which the build of the documentation writes in."""
    assert f"{{{{ schema of {rule_type} }}}}" in SECTIONS[rule_type]
