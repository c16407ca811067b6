"""State machines on models: checked, compared-and-set, saved, logged and announced in one transaction.

The abstract log models stand in `detent.workflow.logs`: an app package that defines models cannot be loaded.
"""

from detent.machine import (
    AbortTransition,
    ForbiddenTransition,
    InvalidTransitionError,
    MissingArgument,
    MustBeAwaited,
    State,
    Transition,
    Verdict,
    WorkflowError,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition_check,
)
from detent.workflow.actor import acting, current_actor
from detent.workflow.bound.transition import ModelTransition, Move
from detent.workflow.bulk import BulkResult, Refusals
from detent.workflow.cause import caused_by, current_cause
from detent.workflow.declaration import after_commit, transition
from detent.workflow.definition import Workflow
from detent.workflow.enabled import WorkflowEnabled
from detent.workflow.errors import (
    ConcurrentTransition,
    NoLog,
    TransitionNotPermitted,
    UncertainCreation,
    UnknownStateField,
    UnloggableKey,
    UnmovableSelection,
    UnreadableLog,
    UnsavedObject,
    UnusableActor,
    UnusableCause,
    UnusableContext,
    UnusableKey,
)
from detent.workflow.fields import StateField
from detent.workflow.frozen import FrozenWorkflow
from detent.workflow.history import OpenStay, TimeInState
from detent.workflow.queryset import WorkflowQuerySet
from detent.workflow.signals import Moved, transitioned

__all__ = [
    "AbortTransition",
    "BulkResult",
    "ConcurrentTransition",
    "ForbiddenTransition",
    "FrozenWorkflow",
    "InvalidTransitionError",
    "MissingArgument",
    "ModelTransition",
    "Move",
    "Moved",
    "MustBeAwaited",
    "NoLog",
    "OpenStay",
    "Refusals",
    "State",
    "StateField",
    "TimeInState",
    "Transition",
    "TransitionNotPermitted",
    "UncertainCreation",
    "UnknownStateField",
    "UnloggableKey",
    "UnmovableSelection",
    "UnreadableLog",
    "UnsavedObject",
    "UnusableActor",
    "UnusableCause",
    "UnusableContext",
    "UnusableKey",
    "Verdict",
    "Workflow",
    "WorkflowEnabled",
    "WorkflowError",
    "WorkflowQuerySet",
    "acting",
    "after_commit",
    "after_transition",
    "before_transition",
    "caused_by",
    "current_actor",
    "current_cause",
    "on_enter_state",
    "on_leave_state",
    "transition",
    "transition_check",
    "transitioned",
]
