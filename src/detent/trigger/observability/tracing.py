"""The place where a tracer plugs in: what context an occurrence is emitted in, and in what an action then runs."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from detent.trigger.models import Delivery

NOTHING = nullcontext()


class Tracer(Protocol):
    """Carries a trace from `emit` to the actions that follow from it."""

    def traceparent(self) -> str:
        """Return the current context as W3C Trace Context writes it, in 55 characters, or ""."""

    def running(self, delivery: "Delivery") -> AbstractContextManager[object]:
        """Have what runs inside belong to the trace in which the delivery's occurrence was emitted."""


class _Place:
    tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> None:
    """Have a tracer in this process from now on; None: have none."""
    _Place.tracer = tracer


def traceparent() -> str:
    """Return the context in which an occurrence is being emitted, or ""."""
    return _Place.tracer.traceparent() if _Place.tracer else ""


def running(delivery: "Delivery") -> AbstractContextManager[object]:
    """Enter the trace that a delivery belongs to, if anybody traces."""
    return _Place.tracer.running(delivery) if _Place.tracer else NOTHING
