"""The pieces of code, of rules and of command lines in the documentation are ones that Detent takes."""

import ast
import re
import shlex
from collections.abc import Iterator
from importlib import import_module

import pytest
import yaml
from django.core.management import CommandError

from detent.trigger import get_trigger_rule_handler
from detent.workflow.management.commands.detent import Command
from tests.child import ROOT

PAGES = sorted((ROOT / "docs").glob("[!_]*/*.md"))
BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\$ )?(?:python )?manage\.py detent (?P<line>[^#\n]*)", re.MULTILINE)


def blocks(*languages: str) -> Iterator[tuple[str, str]]:
    """Yield the blocks of some languages, each with the page that has it."""
    for page in PAGES:
        for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if found["language"] in languages:
                yield page.name, found["text"]


@pytest.mark.parametrize(("page", "text"), [*blocks("python")])
def test_every_piece_of_python_can_be_parsed(page: str, text: str) -> None:
    """As statements, or as an entry of a dict; and what it imports from Detent is there."""
    is_entry = re.match(r'"\w+": ', text)
    for node in ast.walk(ast.parse(f"{{{text}}}" if is_entry else text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "detent":
            module = import_module(node.module)
            assert [name.name for name in node.names if not is_there(module, name.name)] == []


def is_there(module: object, name: str) -> bool:
    """Return whether a module has a name, or a module of that name within it."""
    try:
        return hasattr(module, name) or bool(import_module(f"{module.__name__}.{name}"))  # type: ignore[attr-defined]
    except ImportError:
        return False


def rules() -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the rules that pages show as YAML."""
    for page, text in blocks("yaml"):
        shown = yaml.safe_load(text)
        if isinstance(shown, list):
            yield from ((page, rule) for rule in shown)


@pytest.mark.parametrize(("page", "rule"), [*rules()])
def test_every_rule_fits_the_schema_of_its_type(page: str, rule: dict[str, object]) -> None:
    """What it names, such as a project's actions, need not be there."""
    get_trigger_rule_handler(str(rule["type"])).create_configuration(rule["configuration"])  # type: ignore[arg-type]


def command_lines() -> Iterator[tuple[str, str]]:
    """Yield the command lines of all pages, each once."""
    seen = set()
    for page, text in blocks("", "text", "console", "sh"):
        for found in COMMAND.finditer(text):
            line = re.split(r" [|>] |  |\(", found["line"].strip())[0].strip()
            if line and line not in seen:
                seen.add(line)
                yield page, line


@pytest.mark.parametrize(("page", "line"), [*command_lines()])
def test_every_command_line_is_one_that_the_command_takes(page: str, line: str) -> None:
    """With all its options; what it would find is another matter, as is which databases there are."""
    line = line.replace("--database north", "--database default")
    try:
        Command().create_parser("manage.py", "detent").parse_args(shlex.split(line))
    except CommandError as error:
        pytest.fail(str(error))
