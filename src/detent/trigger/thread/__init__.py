"""The causal thread: from what became of an object up to its causes, and from what happened down to what it caused."""

from detent.trigger.thread.consequences import Consequence, DeliveryConsequence, EventConsequence, consequences
from detent.trigger.thread.links import AttemptLink, DeliveryLink, EventLink, OccurrenceLink, RuleLink, TransitionLink
from detent.trigger.thread.objects import NothingKnown, Thread, cause_of, why

__all__ = [
    "AttemptLink",
    "Consequence",
    "DeliveryConsequence",
    "DeliveryLink",
    "EventConsequence",
    "EventLink",
    "NothingKnown",
    "OccurrenceLink",
    "RuleLink",
    "Thread",
    "TransitionLink",
    "cause_of",
    "consequences",
    "why",
]
