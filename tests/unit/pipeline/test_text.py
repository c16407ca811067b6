"""The text job finds the encoding and measures lines and words."""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.work import WorkFailed, text
from pipeline.work.text import CHUNK, Measure
from tests.unit.pipeline.conftest import TakeIn

POEM = "Süß ist die Ruh,\nwenn's stürmt\n"


@pytest.mark.parametrize(
    ("encoded_as", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("latin-1", "latin-1"),
    ],
)
def test_encoding_is_found_and_does_not_change_the_measure(encoded_as: str, found: str, take_in: TakeIn) -> None:
    """The same text has the same lines, words and characters in every encoding."""
    file = take_in("poem", POEM.encode(encoded_as))

    assert text(file.path, file.sha256) == {
        "encoding": found,
        "lines": 2,
        "words": 6,
        "characters": 31,
        "longest_line": 1,
        "longest_line_length": 16,
    }


@pytest.mark.parametrize("mark", ["big", "little"])
def test_utf16_is_read_in_the_byte_order_of_its_mark(mark: str, take_in: TakeIn) -> None:
    """Either byte order gives the same."""
    file = take_in("poem", ("\ufeff" + POEM).encode(f"utf-16-{mark[0]}e"))

    assert text(file.path, file.sha256)["characters"] == 31


@pytest.mark.parametrize("content", [b"a\nbb\nc", b"a\r\nbb\r\nc", b"a\rbb\rc", b"a\nbb\r\nc"])
def test_line_ends_of_every_system_count_alike(content: bytes, take_in: TakeIn) -> None:
    """Three lines, of which the second is the longest."""
    file = take_in("lines", content)
    result = text(file.path, file.sha256)

    assert (result["lines"], result["longest_line"], result["longest_line_length"]) == (3, 2, 2)


def test_empty_file_has_no_line(take_in: TakeIn) -> None:
    """There is no longest line either."""
    file = take_in("empty", b"")

    assert text(file.path, file.sha256) == {
        "encoding": "utf-8",
        "lines": 0,
        "words": 0,
        "characters": 0,
        "longest_line": 0,
        "longest_line_length": 0,
    }


@pytest.mark.parametrize("split", ["ü".encode(), b"\r\n", "😀".encode()])
def test_what_lies_across_two_chunks_is_read_as_one(split: bytes, take_in: TakeIn) -> None:
    """A character or line end of several bytes may begin in one chunk and end in the next."""
    content = b"x" * (CHUNK - 1) + split + b"y"
    file = take_in("split", content)
    result = text(file.path, file.sha256)

    assert result["characters"] == len(content.decode().replace("\r\n", "\n"))
    assert result["lines"] == 1 + (split == b"\r\n")


def test_latin1_is_decided_by_the_last_byte_too(take_in: TakeIn) -> None:
    """One byte that is not UTF-8, chunks after the beginning, makes all of it Latin-1."""
    file = take_in("late", "ü".encode() + b"x" * (3 * CHUNK) + b"\xfc")
    result = text(file.path, file.sha256)

    assert (result["encoding"], result["characters"]) == ("latin-1", 3 * CHUNK + 3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not text in utf-8 or latin-1"),
        ("\ufeffa".encode("utf-16-le") + b"b", "it is not text in utf-16"),
        (b"\xef\xbb\xbf\xff", "it is not text in utf-8-sig"),
    ],
)
def test_what_is_not_text_fails(content: bytes, reason: str, take_in: TakeIn) -> None:
    """The reason says in what encodings it was tried."""
    file = take_in("binary", content)
    with pytest.raises(WorkFailed) as failure:
        text(file.path, file.sha256)

    assert failure.value.reason == reason


def test_one_line_of_many_megabytes_is_not_held_in_memory(take_in: TakeIn) -> None:
    """Sixteen megabytes without a line end are measured in less than two."""
    file = take_in("line", b"x" * (16 * 1024 * 1024))
    tracemalloc.start()
    result = text(file.path, file.sha256)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert result["longest_line_length"] == 16 * 1024 * 1024
    assert peak < 2 * 1024 * 1024


@given(st.lists(st.text(alphabet="ab \t\nü", max_size=8), max_size=12))
def test_measure_of_the_pieces_is_that_of_the_whole(pieces: list[str]) -> None:
    """However a text is cut, lines, words and the longest line come out as if it were read at once."""
    measure = Measure()
    for piece in pieces:
        measure.add(piece)
    whole = "".join(pieces)
    lines = re.findall(r"[^\n]*\n|[^\n]+", whole)
    lengths = [len(line.rstrip("\n")) for line in lines]

    assert (measure.lines, measure.words, measure.characters) == (len(lines), len(whole.split()), len(whole))
    assert measure.longest == max(lengths, default=0)
    assert measure.longest_line == (lengths.index(measure.longest) + 1 if lengths else 0)
