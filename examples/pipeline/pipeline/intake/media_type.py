"""The media type of a file: by its name where the name tells, otherwise by its first bytes.

The table is this project's own. The standard library's `mimetypes` answers differently from one version of Python
to the next and, with the machine's `mime.types`, from one machine to the next; a rule has to match on all of them.
"""

import codecs
from pathlib import PurePosixPath

BY_SUFFIX = {
    ".avi": "video/x-msvideo",
    ".bash": "text/x-shellscript",
    ".bmp": "image/bmp",
    ".bz2": "application/x-bzip2",
    ".c": "text/x-c",
    ".cc": "text/x-c++",
    ".cfg": "text/plain",
    ".cpp": "text/x-c++",
    ".css": "text/css",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".go": "text/x-go",
    ".gz": "application/gzip",
    ".h": "text/x-c",
    ".hpp": "text/x-c++",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/vnd.microsoft.icon",
    ".ini": "text/plain",
    ".java": "text/x-java",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".po": "text/x-gettext",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".py": "text/x-python",
    ".pyi": "text/x-python",
    ".rb": "text/x-ruby",
    ".rs": "text/x-rust",
    ".rst": "text/x-rst",
    ".sh": "text/x-shellscript",
    ".sql": "application/sql",
    ".sqlite3": "application/vnd.sqlite3",
    ".svg": "image/svg+xml",
    ".tar": "application/x-tar",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".toml": "application/toml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".whl": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".xz": "application/x-xz",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zip": "application/zip",
}
"""Media types by a name's suffix in lower case."""

TEXT = "text/plain"
BINARY = "application/octet-stream"

_BYTES_OF_TEXT = bytes({*b"\a\b\t\n\f\r\x1b", *range(0x20, 0x7F), *range(0x80, 0x100)})
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def media_type_of(name: str, head: bytes) -> str:
    """Return a file's media type.

    Args:
        name: Its name; a path will do.
        head: Its first bytes, asked when the suffix is not in `BY_SUFFIX`.

    Returns:
        The media type: for an unknown suffix `text/plain` or `application/octet-stream`.
    """
    suffix = PurePosixPath(name).suffix.lower()
    return BY_SUFFIX.get(suffix) or (TEXT if looks_like_text(head) else BINARY)


def looks_like_text(head: bytes) -> bool:
    """Return whether a file's first bytes are of a kind that text has: no control bytes, or a UTF-16 mark."""
    return head.startswith(_UTF16_MARKS) or not head.translate(None, _BYTES_OF_TEXT)
