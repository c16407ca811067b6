"""Media type and data types tell what a file is, alike on every machine."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.data_type import data_types_of
from pipeline.intake.media_type import BY_SUFFIX, media_type_of
from pipeline.work.image import FORMATS

TAG = re.compile(r"[A-Za-z0-9_ ]+")


@pytest.mark.parametrize(
    ("name", "head", "media_type"),
    [
        ("a.py", b"", "text/x-python"),
        ("docs/README.MD", b"", "text/markdown"),
        ("archive.tar.gz", b"", "application/gzip"),
        ("Makefile", b"all:\n\techo\n", "text/plain"),
        ("empty", b"", "text/plain"),
        ("old.unknown", "größer".encode("latin-1"), "text/plain"),
        ("wide", "größer".encode("utf-16"), "text/plain"),
        ("program", b"\x7fELF\x02\x01\x00", "application/octet-stream"),
        ("folder.py/program", b"\x00", "application/octet-stream"),
    ],
)
def test_media_type_is_by_suffix_and_otherwise_by_content(name: str, head: bytes, media_type: str) -> None:
    """A known suffix in any case decides; otherwise bytes that text does not have."""
    assert media_type_of(name, head) == media_type


@pytest.mark.parametrize(
    ("name", "media_type", "tags"),
    [
        ("a.py", "text/x-python", {"code", "python", "text"}),
        ("test_a.py", "text/x-python", {"code", "python", "test", "text"}),
        ("a_test.go", "text/x-go", {"code", "test", "text"}),
        ("tests/conftest.py", "text/x-python", {"code", "python", "test", "text"}),
        ("tests/data.json", "application/json", {"data", "text"}),
        ("latest/a.py", "text/x-python", {"code", "python", "text"}),
        ("a.png", "image/png", {"image"}),
        ("a.svg", "image/svg+xml", {"drawing", "text"}),
        ("a.md", "text/markdown", {"document", "markdown", "text"}),
        ("a.log", "text/plain", {"text"}),
        ("a.mp3", "audio/mpeg", {"audio"}),
        ("a", "application/octet-stream", {"binary"}),
    ],
)
def test_data_types_are_by_media_type_and_for_code_by_path(name: str, media_type: str, tags: set[str]) -> None:
    """Source code in a test's place or by a test's name is a test."""
    assert data_types_of(name, media_type) == tuple(sorted(tags))


@given(st.text(min_size=1), st.sampled_from([*BY_SUFFIX, ""]), st.binary(max_size=100))
def test_every_file_has_tags_that_a_rule_can_name(stem: str, suffix: str, head: bytes) -> None:
    """Whatever the file, it has one tag or more, sorted, of the characters that tags may have."""
    tags = data_types_of(stem + suffix, media_type_of(stem + suffix, head))

    assert tags
    assert list(tags) == sorted(set(tags))
    assert all(TAG.fullmatch(tag) for tag in tags)


def test_image_is_what_the_image_job_reads() -> None:
    """The tag that sends a file to the image job is on those types only that it can decode."""
    suffixes = {suffix for suffix, media_type in BY_SUFFIX.items() if "image" in data_types_of("a", media_type)}

    assert suffixes == {f".{name.lower()}" for name in FORMATS} | {".jpg"}
