"""A causal thread as lines that a person reads: each cause beneath what it caused, further in."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.utils import timezone

from detent.trigger.thread.consequences import Consequence, DeliveryConsequence, EventConsequence
from detent.trigger.thread.links import AttemptLink, DeliveryLink, EventLink, OccurrenceLink, RuleLink, TransitionLink
from detent.trigger.thread.objects import Thread
from detent.trigger.timers.firing import CAUSE as TIMER
from detent.workflow.enabled import state_fields

STEP = "  "
EVENT = "trigger.TriggerEvent"


def thread_text(thread: Thread) -> str:
    """Return a thread as text."""
    return "\n".join(_thread(thread))


def _thread(thread: Thread) -> Iterator[str]:
    if not thread.exists:
        yield f"{thread.model} {thread.key} is deleted; this is what its log tells."
    itself = f"{thread.model} {thread.key}"
    for transition in thread.transitions:
        yield from _transition(transition, "", itself)
    if thread.is_cut:
        yield "... and older ones"
    if not thread.transitions and not thread.events and not thread.occurrence:
        yield f"{thread.model} {thread.key} is there; no transition of it was logged, and no event made it."
    for event in thread.events:
        leads = "" if thread.model == EVENT else "it points at an event "
        yield leads + (_by_rule(event.rule).strip() or "without a rule")
        yield from _event(event, STEP, itself)
    if thread.occurrence:
        yield f"occurrence {thread.occurrence.key} {_occurrence_name(thread.occurrence)}"
        yield from _above(thread.occurrence, STEP, itself)
    if thread.consequences:
        yield "and led to"
        for consequence in thread.consequences:
            yield from _event_down(consequence, STEP)


def _transition(link: TransitionLink, indent: str, known: str) -> Iterator[str]:
    """Write a transition, and beneath it what caused it.

    Args:
        link: The transition.
        indent: What stands before each line.
        known: The object, or the cause, of which the reader knows that it is meant.
    """
    moved = f"{_state(link, link.from_state)} → {_state(link, link.to_state)}".lstrip()
    whose = f"{link.model} {link.object_key}"
    parts = [moved, link.transition or "created", _moment(link.time), _by(link, known), whose if whose != known else ""]
    yield indent + "   ".join(filter(None, parts))
    if link.delivery:
        yield from _delivery(link.delivery, indent + STEP, known)


def _delivery(link: DeliveryLink, indent: str, known: str) -> Iterator[str]:
    if link.cut:
        yield f"{indent}delivery {link.key}, which is not followed further"
    elif link.event is None:
        yield f"{indent}delivery {link.key}, of which nothing is kept any more"
    else:
        yield f"{indent}delivery {link.key} ({link.action}){_tries(link.attempts, link.state)}"
        yield from _event(link.event, indent, known)


def _event(link: EventLink, indent: str, known: str) -> Iterator[str]:
    told = link.occurrence
    what = _occurrence_name(told) if told else f"{link.type} without an occurrence"
    yield f"{indent}event {link.key} {what}{_outcome(link)}"
    if told:
        yield from _above(told, indent + STEP, known)


def _above(link: OccurrenceLink, indent: str, known: str) -> Iterator[str]:
    """Write what caused an occurrence: the transition that it tells of, else what it was emitted in the course of."""
    if link.transition:
        yield from _transition(link.transition, indent, known)
    elif link.delivery:
        rule = link.delivery.event.rule if link.delivery.event else None
        yield f"{indent}emitted{_by_rule(rule)}"
        yield from _delivery(link.delivery, indent + STEP, known)
    elif link.cause:
        yield f"{indent}emitted in the course of {link.cause}"


def _event_down(link: EventConsequence, indent: str) -> Iterator[str]:
    yield f"{indent}event {link.key} {link.type}{_by_rule(link.rule)}{_outcome(link)}"
    for made in link.created:
        yield f"{indent}{STEP}{made.model} {made.key} ({made.name})"
    for delivery in link.deliveries:
        yield from _delivery_down(delivery, indent + STEP)


def _delivery_down(link: DeliveryConsequence, indent: str) -> Iterator[str]:
    held = f": {link.held}" if link.held else ""
    yield f"{indent}delivery {link.key} ({link.action}){_tries(link.attempts, link.state)}{held}"
    for transition in link.transitions:
        yield from _transition(transition, indent + STEP, f"delivery:{link.key}")
    for occurrence in link.occurrences:
        yield from _occurrence_down(occurrence, indent + STEP)


def _occurrence_down(link: Consequence, indent: str) -> Iterator[str]:
    yield f"{indent}{_occurrence_name(link)}{', which is not followed further' if link.cut else ''}"
    for event in link.events:
        yield from _event_down(event, indent + STEP)


def _by(link: TransitionLink, known: str) -> str:
    if link.user:
        return f"by {link.user}"
    if link.cause == TIMER:
        return "by its timer"
    event = link.delivery.event if link.delivery else None
    if event:
        return _by_rule(event.rule).strip() or "by no rule"
    return f"in the course of {link.cause}" if link.cause not in ("", known) else ""


def _by_rule(rule: RuleLink | None) -> str:
    return f' by rule "{rule.name}" (revision {rule.revision})' if rule else ""


def _outcome(link: EventLink | EventConsequence) -> str:
    return f", {link.outcome}: {link.reason}".removesuffix(": ") if link.outcome else ""


def _occurrence_name(link: OccurrenceLink | Consequence) -> str:
    return f"{link.type} from {link.source}, id {link.id}"


def _tries(attempts: tuple[AttemptLink, ...], state: str) -> str:
    """Say at which attempt a delivery stands, and why the earlier ones failed."""
    if not attempts:
        return f", {state}"
    failed = [f"attempt {one.number}: {one.error or one.outcome}" for one in attempts if one.outcome != "done"]
    stands = "" if state == "done" else f", {state}"
    return f", attempt {attempts[-1].number}{stands}" + (f" ({'; '.join(failed)})" if failed else "")


def _state(link: TransitionLink, name: str) -> str:
    """Return what a state is called within a line; one that its workflow does not know any more, by its name."""
    try:
        fields = state_fields(apps.get_model(link.model))
    except (LookupError, ValueError):
        return name
    field = fields.get(link.state_field) or (next(iter(fields.values())) if len(fields) == 1 else None)
    if field is None or name not in field.workflow.states:
        return name
    title = str(field.workflow.states[name].title)
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment) if timezone.is_aware(moment) else moment:%Y-%m-%d %H:%M:%S}"
