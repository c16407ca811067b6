"""Numbers in patterns: which are taken, and how the bounds of `numeric` are read."""

import math

from detent.patterns.conditions import Bound, Numeric
from detent.patterns.decoding import Underflow
from detent.patterns.location import Location
from detent.patterns.wording import shown


def finite(number: int | float, at: Location) -> int | float:
    """The number itself, as a plain int or float.

    Raises:
        InvalidPattern: It is NaN or infinite.
    """
    if isinstance(number, float) and not math.isfinite(number):
        raise at.refusal(f"{shown(number)} is not a finite number")
    return float(number) if isinstance(number, float) else number


def read_numeric(argument: object, at: Location) -> Numeric:
    """Read the argument of `numeric`.

    Raises:
        InvalidPattern: It is not a sign and a number, or a lower and an upper bound with numbers between.
    """
    match argument if isinstance(argument, list) else None:
        case [str() as sign, number] if sign in {"=", "<", "<=", ">", ">="}:
            return Numeric((Bound(sign, _bound(number, at)),))
        case [">" | ">=" as lower, low, "<" | "<=" as upper, high]:
            return _read_range(Bound(lower, _bound(low, at)), Bound(upper, _bound(high, at)), at)
        case _:
            raise at.refusal(
                f"numeric takes [sign, number] with one of = < <= > >=, "
                f"or [> or >=, low, < or <=, high], not {shown(argument)}"
            )


def _read_range(lower: Bound, upper: Bound, at: Location) -> Numeric:
    both_closed = lower.sign == ">=" and upper.sign == "<="
    if lower.number > upper.number or (lower.number == upper.number and not both_closed):
        raise at.refusal(f"no number is {lower.sign} {lower.number} and {upper.sign} {upper.number}")
    return Numeric((lower, upper))


def _bound(source: object, at: Location) -> int | float:
    if not isinstance(source, (int, float)) or isinstance(source, bool):
        raise at.refusal(f"numeric compares with numbers, not with {shown(source)}")
    if isinstance(source, Underflow):
        raise at.refusal("numeric: the number is not zero, but too small to tell from it")
    try:
        exact = float(source) == source
    except OverflowError:
        exact = False
    if isinstance(source, int) and not exact:
        raise at.refusal(f"numeric: a double does not hold the integer {shown(source)} exactly")
    return finite(source, at)
