"""The image job decodes an image, or says why it cannot."""

import struct
import zlib
from io import BytesIO
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.intake import FileDescription
from pipeline.work import WorkFailed, image
from pipeline.work.image import FORMATS, LARGEST
from tests.unit.pipeline.conftest import TakeIn


def encoded(format: str, width: int = 40, height: int = 30) -> bytes:  # noqa: A002 - Pillow's word
    file = BytesIO()
    noise = Random(format).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), noise).save(file, format, sizes=[(width, height)])
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes whose header promises any number of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_size_and_dimensions(format: str, take_in: TakeIn) -> None:  # noqa: A002
    """What was saved in a format is found to be of that format."""
    content = encoded(format)
    file = take_in("picture", content)
    result = image(file.path, file.sha256)

    assert (result["format"], result["size"]) == (format, len(content))
    assert (result["width"], result["height"]) == (40, 30)


def test_dimensions_of_a_photograph_are_its_own(take_in: TakeIn) -> None:
    """A JPEG is decoded at an eighth of its size, and reported at all of it."""
    file = take_in("photo.jpg", encoded("JPEG", 800, 600))
    result = image(file.path, file.sha256)

    assert (result["width"], result["height"]) == (800, 600)


@pytest.mark.parametrize("format", FORMATS)
def test_image_that_is_cut_off_fails(format: str, take_in: TakeIn) -> None:  # noqa: A002
    """The header is whole, the rest is not: decoding finds out."""
    content = encoded(format)
    file = take_in("picture", content[: len(content) * 2 // 3])

    with pytest.raises(WorkFailed, match="broken"):
        image(file.path, file.sha256)


def test_what_is_no_image_fails(take_in: TakeIn) -> None:
    """The reason names the formats that are read."""
    file = take_in("picture.png", b"text")

    with pytest.raises(WorkFailed, match="it is no image of the formats PNG, JPEG"):
        image(file.path, file.sha256)


def test_a_format_that_runs_other_programs_is_not_tried(take_in: TakeIn) -> None:
    """PostScript, which Pillow would hand to an interpreter, is no image here."""
    file = take_in("picture.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EOF\n")

    with pytest.raises(WorkFailed, match="it is no image of the formats"):
        image(file.path, file.sha256)


@pytest.mark.parametrize(("width", "height"), [(8001, 8000), (10_000, 10_000), (60_000, 60_000)])
def test_decompression_bomb_fails_before_it_is_decoded(width: int, height: int, take_in: TakeIn) -> None:
    """Too many pixels fail, whether Pillow would let them pass, warn or refuse."""
    file = take_in("bomb.png", png_that_claims(width, height))

    with pytest.raises(WorkFailed, match=f"it has more than {LARGEST:,} pixels"):
        image(file.path, file.sha256)


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_image_gives_a_result_or_fails(format: str, data: st.DataObject, take_in: TakeIn) -> None:  # noqa: A002
    """Whatever bytes are wrong, nothing but a failure with a reason comes of it."""
    content = bytearray(encoded(format))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = take_in("damaged", bytes(content))

    assert outcome(file) in (len(content), WorkFailed)


def outcome(file: FileDescription) -> object:
    """Return the size that was found, or the kind of failure."""
    try:
        return image(file.path, file.sha256)["size"]
    except WorkFailed as failure:
        return type(failure)
