"""The Python job says what a source file defines, without running it."""

import ast
import json
import warnings
from pathlib import Path

import pytest

from pipeline.work import WorkFailed, python_source
from pipeline.work.python_source import LARGEST
from tests.unit.pipeline.conftest import TakeIn

SOURCE = b'''"""A module."""

class Documented:
    """A class."""

    async def method(self):
        def inner():
            """A function in a method."""
        return inner


if True:
    try:
        pass
    except ValueError:
        def in_handler(): pass
    else:
        with open("x"):
            class Bare: pass
    finally:
        for _ in ():
            pass
        else:
            match 1:
                case 1:
                    @staticmethod
                    def in_case():
                        pass
'''


def test_definitions_are_found_at_every_depth(take_in: TakeIn) -> None:
    """Functions and classes count wherever a statement can stand."""
    file = take_in("a.py", SOURCE)

    assert python_source(file.path, file.sha256) == {
        "functions": 4,
        "classes": 2,
        "docstring_share": round(3 / 7, 3),
        "longest_function": "method",
        "longest_function_line": 6,
        "longest_function_length": 4,
    }


def test_empty_file_defines_nothing(take_in: TakeIn) -> None:
    """Nothing is documented, and there is no longest function."""
    file = take_in("empty.py", b"")

    assert python_source(file.path, file.sha256) == {
        "functions": 0,
        "classes": 0,
        "docstring_share": 0.0,
        "longest_function": None,
        "longest_function_line": None,
        "longest_function_length": 0,
    }


@pytest.mark.parametrize("path", sorted(Path(json.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_counts_are_those_of_the_whole_tree(path: Path, take_in: TakeIn) -> None:
    """Going through statements only finds what going through every node finds."""
    file = take_in(path.name, path.read_bytes())
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    result = python_source(file.path, file.sha256)

    assert result["functions"] == sum(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in nodes)
    assert result["classes"] == sum(isinstance(node, ast.ClassDef) for node in nodes)


@pytest.mark.parametrize("coding", ["latin-1", "utf-8-sig"])
def test_source_declares_its_own_encoding(coding: str, take_in: TakeIn) -> None:
    """A coding line or a mark at the beginning is heeded, as the interpreter would."""
    line = "# coding: latin-1\n" if coding == "latin-1" else ""
    file = take_in("a.py", f"{line}def größe(): pass\n".encode(coding))

    assert python_source(file.path, file.sha256)["longest_function"] == "größe"


def test_first_of_equally_long_functions_is_the_longest(take_in: TakeIn) -> None:
    """Of two functions of one length the earlier is named."""
    file = take_in("a.py", b"def a(): pass\ndef b(): pass\n")

    assert python_source(file.path, file.sha256)["longest_function"] == "a"


def test_syntax_error_fails_with_its_line(take_in: TakeIn) -> None:
    """The reason is the parser's, and the line is at hand."""
    file = take_in("a.py", b"a = 1\nb = \n")
    with pytest.raises(WorkFailed) as failure:
        python_source(file.path, file.sha256)

    assert (failure.value.reason, failure.value.line) == ("line 2: invalid syntax", 2)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"a\0b", "source code string cannot contain null bytes"),
        (b"# coding: nonsense\n", "unknown encoding: nonsense"),
        (b"(" * 5000, "too many nested parentheses"),
        (b"-" * 100_000 + b"1", "it is nested too deeply to be parsed"),
        (b"1+" * 100_000 + b"1", "it is nested too deeply to be parsed"),
        (b"#" * (LARGEST + 1), f"it has {LARGEST + 1:,} bytes of source; {LARGEST:,} are parsed at most"),
    ],
    ids=["nul", "coding", "parentheses", "signs", "sums", "size"],
)
def test_what_cannot_be_parsed_fails(source: bytes, reason: str, take_in: TakeIn) -> None:
    """Hostile source fails its own job and harms nothing else."""
    file = take_in("a.py", source)
    with pytest.raises(WorkFailed) as failure:
        python_source(file.path, file.sha256)

    assert reason in failure.value.reason


@pytest.mark.parametrize("action", ["error", "always"])
def test_warnings_about_the_source_are_nobodys_business(action: str, take_in: TakeIn) -> None:
    r"""A doubtful "\d" in somebody's file is neither an error nor printed."""
    file = take_in("a.py", b'a = "\\d"\nassert (a, "x")\n')
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)  # type: ignore[arg-type]
        result = python_source(file.path, file.sha256)

    assert result["functions"] == 0
    assert caught == []


def test_other_warnings_stay_as_they_were(take_in: TakeIn) -> None:
    """Only what is said of the parsed file is kept quiet."""
    file = take_in("a.py", b"")
    python_source(file.path, file.sha256)

    with pytest.warns(SyntaxWarning):
        compile("1 is 1", "<mine>", "exec")
