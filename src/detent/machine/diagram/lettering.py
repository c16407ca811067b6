"""How much room text takes, without knowing the font that a viewer has: estimates on the generous side."""

import re
import textwrap
from collections.abc import Sequence
from unicodedata import combining, east_asian_width
from xml.sax.saxutils import escape

from detent.machine.diagram.geometry import Size

_NARROW, _WIDE = frozenset("fijlrtI1.,:;!'|()[] "), frozenset("mwMW@%")
_CHARACTERS_PER_LINE = 24
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Wrapper(textwrap.TextWrapper):
    """Breaks lines after underscores too, for a transition without a title is shown by its name."""

    wordsep_re = re.compile(r"(\s+|[^\s_-]+[_-]+)")


_WRAPPER = _Wrapper(_CHARACTERS_PER_LINE)


def lines_of(title: str) -> list[str]:
    """Break a title into lines at its spaces, hyphens and underscores; one without words is one empty line."""
    return _WRAPPER.wrap(title) or [""]


def size_of(lines: Sequence[str], font: float, line_height: float) -> Size:
    """Return the room for lines of text, in pixels.

    Args:
        lines: The lines.
        font: The size of the font, in pixels.
        line_height: The height of a line, in pixels.
    """
    return Size(max((font * sum(map(_width, line)) for line in lines), default=0.0), line_height * len(lines))


def _width(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.42
    if character in _WIDE:
        return 0.98
    return 0.72 if character.isupper() else 0.62


def escaped(text: str) -> str:
    """Return text as it may stand in XML; characters that XML cannot hold become U+FFFD."""
    return escape(_NOT_IN_XML.sub("\ufffd", text), {'"': "&quot;"})
