"""A problem is one printable line that names the thing and the fix."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import Problem, ProblemKind, printable


@pytest.mark.parametrize("kind", ProblemKind)
def test_line_names_the_thing_what_is_wrong_and_the_fix(kind: ProblemKind) -> None:
    """Whatever the problem, the line has all three."""
    line = str(Problem(kind, Path("/data/in"), "said the system"))

    assert line == f"/data/in {kind.statement} (said the system): {kind.fix}."


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain name.txt", "plain name.txt"),
        ("Möwe".encode(), "Möwe"),
        (b"caf\xe9", r"caf\xe9"),
        (b"two\nlines", r"two\nlines"),
        (b"\x1b[31mred", r"\x1b[31mred"),
        ("\u202etxt.exe".encode(), r"\u202etxt.exe"),
    ],
)
def test_name_is_shown_with_escapes_where_needed(raw: bytes, shown: str) -> None:
    """Only what a terminal would not show, or would obey, is escaped."""
    assert printable(os.fsdecode(raw)) == shown


@given(st.binary(min_size=1, max_size=255))
def test_any_name_becomes_one_printable_line(raw: bytes) -> None:
    """Whatever bytes a name is made of, it can be printed anywhere."""
    assert printable(os.fsdecode(raw)).isprintable()
