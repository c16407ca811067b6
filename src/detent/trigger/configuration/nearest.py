"""The name that was meant, for the message about one that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMES = 20
LONGEST_NAME = 100


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is nearest to one that is not known, in either case; None if none is near."""
    by_small_letters = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(name[:LONGEST_NAME].lower(), by_small_letters, n=1)
    return by_small_letters[near[0]] if near else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say which known name is nearest to one that is not known, if one is near, and which there are."""
    names = sorted(set(known))
    near = nearest(name, names)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    there_are = f"there are {', '.join(names[:MOST_NAMES])}{more}" if names else "there are none"
    return f"the nearest is {near!r}; {there_are}" if near else there_are
