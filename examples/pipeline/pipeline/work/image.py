"""Work for images: size, dimensions and format."""

import os
import re
import struct
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pipeline.work.failure import Result, WorkFailed
from pipeline.work.foreign_warning import ignore_warnings_of
from pipeline.work.taken_in import open_taken_in

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "ICO")
"""What is read; Pillow's other readers are never tried on a stranger's file (one of them runs another program)."""

LARGEST = 64_000_000
"""How many pixels are decoded at most; a file of a few kilobytes can claim billions of them."""

_PILLOW = re.compile(r"^PIL\.")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def image(path: Path, sha256: str) -> Result:
    """Decode an image, so that one which is cut off or damaged is found out, and say what it is.

    Args:
        path: The file.
        sha256: The SHA-256 it was taken in with, in hexadecimal.

    Returns:
        `size` (in bytes), `width` and `height` (in pixels), `format` and `mode` (Pillow's names, such as
        `PNG` and `RGB`).

    Raises:
        WorkFailed: When the file is gone or has changed, is no image of these formats, is broken, or has more
            than `LARGEST` pixels.
    """
    ignore_warnings_of(_PILLOW)
    with open_taken_in(path, sha256) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            with Image.open(file, formats=FORMATS) as picture:
                result: Result = {
                    "size": size,
                    "width": picture.width,
                    "height": picture.height,
                    "format": picture.format,
                    "mode": picture.mode,
                }
                _decode(path, picture)
        except UnidentifiedImageError as error:
            raise WorkFailed(path, f"it is no image of the formats {', '.join(FORMATS)}") from error
        except Image.DecompressionBombError as error:
            raise WorkFailed(path, f"it has more than {LARGEST:,} pixels") from error
        except _BROKEN as error:
            raise WorkFailed(path, f"the image is broken: {error}") from error
    return result


def _decode(path: Path, picture: Image.Image) -> None:
    if picture.width * picture.height > LARGEST:
        raise WorkFailed(path, f"it has more than {LARGEST:,} pixels")
    # A JPEG can be decoded at an eighth of its size: all of its data is read, in a fraction of time and memory.
    picture.draft(picture.mode, (1, 1))
    picture.load()
