"""Asserting whether a transition is allowed."""

from detent.machine import Verdict
from detent.machine.verdict import Code


def assert_can(verdict: Verdict) -> None:
    """Assert that a transition is allowed, as in `assert_can(order.pay.explain(amount=50))`.

    Args:
        verdict: What `explain` answered.

    Raises:
        AssertionError: It is refused; the message has the reason.
    """
    if not verdict.allowed:
        raise AssertionError(
            f"{verdict.transition} is refused in state {verdict.state!r} ({verdict.code}): {verdict.message}"
        )


def assert_cannot(verdict: Verdict, *, code: Code | None = None, check: str | None = None) -> None:
    """Assert that a transition is refused.

    Args:
        verdict: What `explain` answered.
        code: For which of the closed list of reasons, such as `wrong_state`; None: for any.
        check: By which check, by the name of its method; None: by any, or by none.

    Raises:
        AssertionError: It is allowed, or refused for another reason.
    """
    if verdict.allowed:
        raise AssertionError(f"{verdict.transition} is allowed in state {verdict.state!r}{_unasked(verdict)}.")
    if code is not None and verdict.code != code:
        raise AssertionError(f"{verdict.transition} is refused for {verdict.code!r}, not {code!r}: {verdict.message}")
    if check is not None and verdict.check != check:
        by = f"by {verdict.check!r}" if verdict.check else f"for {verdict.code!r}"
        raise AssertionError(f"{verdict.transition} is refused {by}, not by {check!r}: {verdict.message}")


def _unasked(verdict: Verdict) -> str:
    checks = ", ".join(verdict.pending)
    return f", and was to be refused{f'; give explain() the arguments that {checks} must know' if checks else ''}"
