"""Traces and measures for OpenTelemetry; needs the extra `otel`, and an SDK that the project sets up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from opentelemetry.metrics import MeterProvider, get_meter
from opentelemetry.trace import SpanKind, TracerProvider, get_tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from detent.trigger.observability import measures
from detent.trigger.observability.tracing import trace_with

if TYPE_CHECKING:
    from detent.trigger.models import Delivery

NAME = "detent"
HEADER = "traceparent"


def connect(
    *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
) -> Callable[[], None]:
    """Trace actions as part of what emitted their occurrence, and count and time; call it once, as in `ready()`.

    Args:
        tracer_provider: Where spans go; None: the global one.
        meter_provider: Where measures go; None: the global one.

    Returns:
        Call it to undo it.
    """
    trace_with(OpenTelemetryTracer(tracer_provider))
    stop = measures.keep(_OpenTelemetryMeasures(meter_provider))

    def undo() -> None:
        trace_with(None)
        stop()

    return undo


class OpenTelemetryTracer:
    """A span for each action that runs, whose parent is the span in which the occurrence was emitted.

    Args:
        provider: Where spans go; None: the global one.
    """

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._tracer = get_tracer(NAME, tracer_provider=provider)
        self._format = TraceContextTextMapPropagator()

    def traceparent(self) -> str:
        """Return the current span as W3C Trace Context writes it; "" outside any."""
        carrier: dict[str, str] = {}
        self._format.inject(carrier)
        return carrier.get(HEADER, "")

    def running(self, delivery: "Delivery") -> AbstractContextManager[object]:
        """Have a span for an action; what it raises is the span's error."""
        occurrence = delivery.event.occurrence
        return self._tracer.start_as_current_span(
            f"process {delivery.action}",
            context=self._format.extract({HEADER: occurrence.traceparent if occurrence else ""}),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": NAME,
                "messaging.operation.type": "process",
                "messaging.message.id": delivery.key,
                "detent.action": delivery.action,
                "detent.attempt": delivery.attempts,
                "detent.event_id": delivery.event_id,
                "detent.occurrence_id": occurrence.pk if occurrence else 0,
            },
        )


class _OpenTelemetryMeasures:
    def __init__(self, provider: MeterProvider | None) -> None:
        meter = get_meter(NAME, meter_provider=provider)
        self._emitted = meter.create_counter("detent.occurrences", description=measures.OCCURRENCES)
        self._emitting = meter.create_histogram("detent.emit.duration", "s", measures.EMIT_DURATION)
        self._claimed = meter.create_counter("detent.deliveries.claimed", description=measures.CLAIMED)
        self._lag = meter.create_histogram("detent.delivery.lag", "s", measures.LAG)
        self._ended = meter.create_counter("detent.deliveries.ended", description=measures.ENDED)
        self._duration = meter.create_histogram("detent.delivery.duration", "s", measures.DURATION)

    def emitted(self, type: str, result: str) -> None:  # noqa: A002
        self._emitted.add(1, {"type": type, "result": result})

    def emitting_took(self, seconds: float) -> None:
        self._emitting.record(seconds)

    def claimed(self, action: str, lag: float) -> None:
        self._claimed.add(1, {"action": action})
        self._lag.record(lag, {"action": action})

    def ended(self, action: str, outcome: str, duration: float | None) -> None:
        self._ended.add(1, {"action": action, "outcome": outcome})
        if duration is not None:
            self._duration.record(duration, {"action": action})
