"""The data type tags of a file, which rules ask for (`data_types`, `any_of_data_types`, `not_data_types`)."""

from collections.abc import Mapping
from pathlib import PurePosixPath

_CODE = ("code", "text")
_DATA = ("data", "text")
_IMAGE = ("image",)
_OFFICE = ("document",)
_PACKED = ("archive",)

BY_MEDIA_TYPE: Mapping[str, tuple[str, ...]] = {
    "application/epub+zip": _OFFICE,
    "application/gzip": _PACKED,
    "application/json": _DATA,
    "application/jsonl": _DATA,
    "application/pdf": _OFFICE,
    "application/sql": _CODE,
    "application/toml": _DATA,
    "application/vnd.oasis.opendocument.text": _OFFICE,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": _OFFICE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _OFFICE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _OFFICE,
    "application/vnd.sqlite3": ("data",),
    "application/x-bzip2": _PACKED,
    "application/x-tar": _PACKED,
    "application/x-xz": _PACKED,
    "application/xml": _DATA,
    "application/yaml": _DATA,
    "application/zip": _PACKED,
    "image/bmp": _IMAGE,
    "image/gif": _IMAGE,
    "image/jpeg": _IMAGE,
    "image/png": _IMAGE,
    "image/svg+xml": ("drawing", "text"),
    "image/vnd.microsoft.icon": _IMAGE,
    "image/webp": _IMAGE,
    "text/css": _CODE,
    "text/csv": ("data", "table", "text"),
    "text/html": ("document", "text"),
    "text/javascript": _CODE,
    "text/markdown": ("document", "markdown", "text"),
    "text/tab-separated-values": ("data", "table", "text"),
    "text/x-c": _CODE,
    "text/x-c++": _CODE,
    "text/x-go": _CODE,
    "text/x-java": _CODE,
    "text/x-python": (*_CODE, "python"),
    "text/x-rst": ("document", "text"),
    "text/x-ruby": _CODE,
    "text/x-rust": _CODE,
    "text/x-shellscript": _CODE,
}
"""Tags by media type. `image` is what the image job can read, `text` what the text job can."""

BY_MAIN_TYPE: Mapping[str, tuple[str, ...]] = {"audio": ("audio",), "text": ("text",), "video": ("video",)}
"""Tags by the part before the "/", for a media type that `BY_MEDIA_TYPE` does not have."""

_UNKNOWN = ("binary",)
_TEST_FOLDERS = {"test", "tests"}


def data_types_of(name: str, media_type: str) -> tuple[str, ...]:
    """Return a file's data type tags.

    Args:
        name: Its path relative to the folder, with "/" between the parts.
        media_type: Its media type.

    Returns:
        The tags in alphabetical order, each of alphanumerics, "_" and spaces; never none.
    """
    main_type = media_type.partition("/")[0]
    tags = BY_MEDIA_TYPE.get(media_type) or BY_MAIN_TYPE.get(main_type, _UNKNOWN)
    if "code" in tags and is_test(name):
        tags = (*tags, "test")
    return tuple(sorted(tags))


def is_test(name: str) -> bool:
    """Return whether a path of source code is that of a test, by its own name or a folder's."""
    path = PurePosixPath(name)
    by_name = path.stem.startswith("test_") or path.stem.endswith("_test") or path.stem == "conftest"
    return by_name or not _TEST_FOLDERS.isdisjoint(path.parts[:-1])
