"""Transitions become occurrences, in their own transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, router
from django.utils import timezone

from detent.machine import Transition
from detent.settings import detent_settings
from detent.trigger.models import Occurrence
from detent.trigger.occurrences.emission import Emission, checked
from detent.trigger.occurrences.emitting import emit_many
from detent.trigger.ruleset import current_ruleset
from detent.trigger.types.transition import OCCURRENCE_TYPE
from detent.workflow import Workflow
from detent.workflow.actor import name_of
from detent.workflow.signals import Moved


def emit_transition(
    sender: type[models.Model],
    *,
    workflow: Workflow,
    transition: Transition,
    field: str,
    moves: Sequence[Moved],
    user: object,
    context: Mapping[str, Any],
    using: str,
    **_: object,
) -> None:
    """Say for each object that was moved that it was.

    A database that has no table of occurrences, by the project's routers, is passed over.
    """
    if not router.allow_migrate_model(using, Occurrence):
        return
    model = sender._meta.label_lower
    shared = {
        "model": model,
        "field": field,
        "workflow": type(workflow).__name__,
        "transition": transition.name,
        "user": name_of(user),
        "context": context,
    }

    def emission(moved: Moved) -> Emission:
        data = shared | {"pk": moved.pk, "from": moved.from_state, "to": moved.to_state}
        return Emission(type=OCCURRENCE_TYPE, data=data, source=model, subject=str(moved.pk))

    if len(moves) == 1 or _may_be_heard(emission(moves[0]), using):
        emit_many(map(emission, moves), using=using)


def _may_be_heard(first: Emission, using: str) -> bool:
    """Whether an occurrence may come of one of many moves, of which nearly all that rules ask for is the same.

    Args:
        first: What is said of the first of them.
        using: The database alias.
    """
    document = checked(first, timezone.now()).document
    return detent_settings().RECORD_UNMATCHED or current_ruleset(using).on_transitions.may_be_met(document)
