"""The reference says what the code says."""

import doctest
import inspect
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from django.dispatch import Signal

from detent.errors import DetentError
from detent.settings import DetentSettings
from tests.child import ROOT

sys.path.append(str(ROOT / "docs"))

import reference_pages

REFERENCE = ROOT / "docs" / "reference"
CHECK_ID = re.compile(r"detent\.[EW]\d{3}")
SUBCOMMANDS = sorted(
    path.stem for path in (ROOT / "src" / "detent").glob("*/management/subcommands/*.py") if path.stem != "__init__"
)


def page(name: str) -> str:
    """Return the text of a page of the reference."""
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def sources() -> str:
    """Return all of the source."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py")))


def test_every_check_is_documented_and_no_other() -> None:
    """Each id has a row, with what is wrong and what to do."""
    rows = re.findall(r"^\| `(detent\.\w+)` \| .+ \| .+ \|$", page("checks"), re.MULTILINE)
    assert sorted(rows) == sorted(set(CHECK_ID.findall(sources())))


def test_every_setting_is_documented_and_no_other() -> None:
    """With when to change it; what it is stands in the class, which the page includes."""
    names = [field.name for field in fields(DetentSettings)]
    section = page("settings").partition("## Which to change, and when")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE) == names
    described = re.findall(r"^    ([A-Z_]+): ", inspect.getdoc(DetentSettings) or "", re.MULTILINE)
    assert described == names


def test_the_defaults_that_the_page_shows_are_those_of_the_code() -> None:
    """The build writes them in."""
    assert "{{ defaults of the settings }}" in page("settings")
    assert all(field.name in reference_pages.defaults_of_settings() for field in fields(DetentSettings))


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_command_is_documented(command: str) -> None:
    """In the table of commands."""
    assert re.search(rf"^\| `detent {command}\b", page("commands"), re.MULTILINE)


def test_every_signal_is_documented_and_no_other() -> None:
    """Each has a row that says when it is sent."""
    from detent.trigger.observability import signals
    from detent.workflow import signals as of_workflow

    reference_pages.import_all()
    there = {
        f"{module.__name__}.{name}"
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("detent.")
        for name, value in vars(module).items()
        if isinstance(value, Signal) and module in (signals, of_workflow)
    }
    rows = re.findall(r"^\| `(detent\.[\w.]+)` \|", page("signals"), re.MULTILINE)
    assert {
        name.replace("detent.workflow.transitioned", "detent.workflow.signals.transitioned") for name in rows
    } == there
    made = re.findall(r"^(\w+) = Signal\(", sources(), re.MULTILINE)
    assert sorted(name.rpartition(".")[2] for name in there) == sorted(made)


def test_the_tree_has_every_error() -> None:
    """Each beneath its base, with what its docstring says."""
    reference_pages.import_all()
    tree = "\n".join(reference_pages.tree_of_errors())
    defined = re.findall(r"^class (\w+)\(", sources(), re.MULTILINE)
    errors = {name for name in defined if name in {each.__name__ for each in below(DetentError)}}
    assert {name for name in errors if f"- `{name}`" not in tree} == set()
    assert len(errors) > 50


def below(error: type[DetentError]) -> set[type[DetentError]]:
    """Return all errors below one."""
    direct = error.__subclasses__()
    return {*direct, *(deeper for each in direct for deeper in below(each))}


def test_the_examples_of_the_pattern_language_are_true(tmp_path: Path) -> None:
    """Each is run, and answers what the page says."""
    blocks = re.findall(r"^```pycon\n(.*?)^```", page("pattern-language"), re.DOTALL | re.MULTILINE)
    examples = tmp_path / "examples.txt"
    examples.write_text("\n".join(blocks), encoding="utf-8")
    failed, tried = doctest.testfile(str(examples), module_relative=False, verbose=False)
    assert (failed, tried > 30) == (0, True)


def test_the_build_misses_a_public_name_that_no_page_documents() -> None:
    """So that `make docs` fails for it."""
    everything = [
        f"{package}.{name}"
        for package in reference_pages.PUBLIC
        for name in __import__(package, fromlist=["x"]).__all__
    ]
    assert reference_pages.undocumented(everything) == []
    without = [name for name in everything if name != "detent.patterns.check_document"]
    assert reference_pages.undocumented(without) == ["detent.patterns.check_document"]
