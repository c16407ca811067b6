"""What a diagram that was kept says otherwise than one that is drawn now."""

import re
from difflib import unified_diff
from html import unescape

_WORDS_OF_A_PICTURE = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


def difference(kept: str, drawn: str) -> list[str]:
    """Return the lines in which two diagrams of one format differ, as `diff -u` shows them; none if they are equal.

    Pictures are told apart by their descriptions in words, where those differ: each state is a line there.

    Args:
        kept: The one.
        drawn: The other.
    """
    words = _words(kept), _words(drawn)
    before, after = words if words[0] != words[1] else (kept.splitlines(), drawn.splitlines())
    return list(unified_diff(before, after, "kept", "now", lineterm="", n=1))


def _words(text: str) -> list[str]:
    found = _WORDS_OF_A_PICTURE.search(text)
    return unescape(found[1]).splitlines() if found else text.splitlines()
