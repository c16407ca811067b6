"""Every point of the originals' behaviour is stated by a test, and so is every defect that is gone."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.child import ROOT

POINTS = 66
DEFECTS = 12
FOLDERS = [ROOT / "tests" / level / "dropin" / "points" for level in ("unit", "integration")]


def stated() -> Iterator[tuple[str, str]]:
    """Yield the name of each test of the points, with the first line of its docstring."""
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("test_*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{path.name}::{node.name}", (ast.get_docstring(node) or "").partition("\n")[0]


@pytest.mark.parametrize(("word", "number"), [("point", POINTS), ("defect", DEFECTS)])
def test_each_is_stated(word: str, number: int) -> None:
    """None is left out, and there are no others."""
    told = {int(found) for _, line in stated() for found in re.findall(rf"\b{word} (\d+)", line, re.IGNORECASE)}
    assert told == set(range(1, number + 1))


def test_each_test_says_what_it_states() -> None:
    """Its first line begins with the number."""
    assert [name for name, line in stated() if not re.match(r"(Point|Defect) \d+\b", line)] == []
