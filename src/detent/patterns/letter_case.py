"""Letters that are each other's upper and lower case, code point by code point."""

from functools import lru_cache


def fold(text: str) -> str:
    """Map a text so that two texts are equal, ignoring case, exactly if their folded forms are.

    A letter is folded only if it is its own lower case's upper case, each of one code point: "Я" becomes "я", but
    "İ", "ẞ" and the Kelvin sign stay what they are. The result has as many code points as the text.

    Args:
        text: Any string.

    Returns:
        The folded string.
    """
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 and lower.upper() == character else character
