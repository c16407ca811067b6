"""The links of a causal thread, as data; each holds the one above it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RuleLink:
    """A rule, in the revision that was triggered.

    Attributes:
        key: The key of the revision.
        name: What the rule is called.
        type: Its type.
        lineage: The rule through all its revisions.
        revision: The how-manieth revision it is, from 1.
    """

    key: int
    name: str
    type: str
    lineage: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class AttemptLink:
    """One try at a delivery.

    Attributes:
        number: The how-manieth it was, from 1.
        outcome: How it ended: `done`, `retry`, `dead` or `lost`.
        started: When it began.
        duration: How long it took, in seconds; None while unknown.
        worker: Who tried.
        error: Why it failed, or "".
    """

    number: int
    outcome: str
    started: datetime
    duration: float | None
    worker: str
    error: str


@dataclass(frozen=True, slots=True)
class OccurrenceLink:
    """Something that happened.

    Attributes:
        key: Its key.
        type: What kind of thing happened.
        source: Who said so.
        id: What tells it apart among all that its source says.
        subject: What it happened to, or "".
        time: When it happened.
        cause: What it was emitted in the course of, such as `delivery:17`, or "".
        delivery: That delivery; None if it was none.
        transition: The transition that it tells of, or in the course of which it was emitted; None if there was none.
    """

    key: int
    type: str
    source: str
    id: str
    subject: str
    time: datetime
    cause: str = ""
    delivery: "DeliveryLink | None" = None
    transition: "TransitionLink | None" = None


@dataclass(frozen=True, slots=True)
class EventLink:
    """A rule that was triggered, or something that occurred without one.

    Attributes:
        key: Its key.
        type: The type of what occurred.
        occurred: When.
        outcome: "" if the rule's actions went ahead, else why not, such as `failed`.
        reason: What there is to say of the outcome, or "".
        rule: The rule, or None.
        occurrence: What triggered it; None for an event made without one.
    """

    key: int
    type: str
    occurred: datetime
    outcome: str
    reason: str
    rule: RuleLink | None
    occurrence: OccurrenceLink | None


@dataclass(frozen=True, slots=True)
class DeliveryLink:
    """An action that was run for an event.

    Attributes:
        key: Its key.
        action: The name of the action; "" if the row is gone, of which nothing more is known then.
        state: Where it stands.
        attempts: The tries at it, from the first.
        event: For which event; None if the row is gone, or where the thread is cut.
        cut: Whether the thread goes on but is not followed further: it comes back to this delivery, or is too long.
    """

    key: int
    action: str = ""
    state: str = ""
    attempts: tuple[AttemptLink, ...] = ()
    event: EventLink | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TransitionLink:
    """A transition that an object took.

    Attributes:
        model: The model of the object, as "app.Model".
        object_key: The key of the object, as text.
        state_field: The name of the state field that moved; "" where the log does not tell.
        transition: The name of the transition; "" for the object's creation.
        from_state: The name of the state that the object left; "" for its creation.
        to_state: The name of the state that it entered.
        time: When.
        user: What the user is called who acted, or "".
        context: The circumstances that the call named.
        cause: What it was made in the course of, such as `delivery:17`, or "".
        delivery: That delivery; None if it was none.
    """

    model: str
    object_key: str
    state_field: str
    transition: str
    from_state: str
    to_state: str
    time: datetime
    user: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    cause: str = ""
    delivery: DeliveryLink | None = None
