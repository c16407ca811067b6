"""How the text of a wildcard is read."""

from detent.patterns.limits import WILDCARD_STARS
from detent.patterns.location import Location
from detent.patterns.wording import shown


def wildcard_runs(text: str, at: Location) -> tuple[str, ...]:
    """Split a wildcard at its stars.

    Args:
        text: The wildcard as written; a backslash escapes a star or a backslash.
        at: Where it stands.

    Returns:
        The literal text before, between and after the stars.

    Raises:
        InvalidPattern: Two stars in a row, another escape, or too many stars.
    """
    runs = [""]
    characters = iter(text)
    after_star = False
    for character in characters:
        if character == "*":
            if after_star:
                raise at.refusal(f"the wildcard {shown(text)} has two * in a row; one already stands for any run")
            runs.append("")
        elif character == "\\":
            runs[-1] += _escaped(next(characters, ""), text, at)
        else:
            runs[-1] += character
        after_star = character == "*"
    if len(runs) - 1 > WILDCARD_STARS:
        raise at.refusal(f"{len(runs) - 1} * in the wildcard {shown(text)}; the limit is {WILDCARD_STARS}")
    return tuple(runs)


def _escaped(character: str, text: str, at: Location) -> str:
    if character not in {"*", "\\"}:
        raise at.refusal(f"the wildcard {shown(text)} has a \\ before neither * nor \\; write \\\\ for a \\")
    return character
