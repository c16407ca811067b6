"""In the course of what something is emitted: how deep in a chain of causes, and in which transition."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from detent.settings import detent_settings
from detent.trigger.errors import CausationTooDeep
from detent.workflow.actor import name_of
from detent.workflow.cause import current_cause
from detent.workflow.logs.pointing import key_as_text
from detent.workflow.passage import current_passage

_depth: ContextVar[int] = ContextVar("detent_causation_depth", default=0)


@contextmanager
def below(depth: int) -> Iterator[None]:
    """Have what is emitted inside stand one below an occurrence, as a worker does while it runs a delivery.

    Args:
        depth: The depth of the occurrence whose event is being worked off.
    """
    token = _depth.set(depth + 1)
    try:
        yield
    finally:
        _depth.reset(token)


def current_depth() -> int:
    """Return the depth at which an occurrence emitted now stands.

    Raises:
        CausationTooDeep: That is deeper than the settings allow.
    """
    depth = _depth.get()
    if depth > detent_settings().MAX_CAUSATION_DEPTH:
        raise CausationTooDeep(depth, current_cause())
    return depth


def current_transition() -> dict[str, Any] | None:
    """Return the transition whose method or hook runs now, as the data of its own occurrence tell of it, else None.

    The context of the call is not among them, which may be large.
    """
    current = current_passage()
    if current is None:
        return None
    moved, passage = current
    key = moved.pk
    return {
        "model": moved._meta.label_lower,
        "pk": key if isinstance(key, int | None) else key_as_text(key),
        "field": passage.field_name,
        "workflow": type(moved._workflows[passage.field_name].workflow).__name__,
        "transition": passage.transition.name,
        "from": passage.from_state or getattr(moved, passage.field_name).name,
        "to": passage.transition.target.name,
        "user": name_of(passage.actor),
    }
