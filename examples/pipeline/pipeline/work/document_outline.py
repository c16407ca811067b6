"""Work for Markdown documents: what is in them."""

import re
from pathlib import Path

from pipeline.work.failure import Result, WorkFailed
from pipeline.work.taken_in import open_taken_in

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_LINK = re.compile(r"\[[^\]]*\]\([^)]+\)")
_FENCE = re.compile(r"^(```|~~~)")


def document_outline(path: Path, sha256: str) -> Result:
    """Count a Markdown document's headings, links and code blocks.

    Args:
        path: The file.
        sha256: The SHA-256 it was taken in with, in hexadecimal.

    Returns:
        `title` (the first heading, or None), `headings`, `depth` (of the deepest one), `links` and `code_blocks`.

    Raises:
        WorkFailed: When the file is gone or has changed, or is not UTF-8.
    """
    with open_taken_in(path, sha256) as file:
        try:
            lines = file.read().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise WorkFailed(path, "it is not UTF-8, in which Markdown is written") from error
    prose, code_blocks = _without_code(lines)
    headings = [match for line in prose if (match := _HEADING.match(line))]
    return {
        "title": headings[0][2] if headings else None,
        "headings": len(headings),
        "depth": max((len(heading[1]) for heading in headings), default=0),
        "links": sum(len(_LINK.findall(line)) for line in prose),
        "code_blocks": code_blocks,
    }


def _without_code(lines: list[str]) -> tuple[list[str], int]:
    prose, fence, blocks = [], "", 0
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence, blocks = mark[1], blocks + 1
        elif mark and mark[1] == fence:
            fence = ""
        elif not fence:
            prose.append(line)
    return prose, blocks
