"""State machines on plain Python objects.

A `Workflow` declares states and transitions; a class that mixes in `WorkflowEnabled` and declares
`state = SomeWorkflow()` gets the transitions as methods. No Django here: `detent.workflow` puts the same machines on
models.
"""

from detent.machine.declaration import TransitionWrapper, transition
from detent.machine.definition import State, StateList, StrayState, Transition, TransitionList
from detent.machine.enabled import ImplementationList, WorkflowEnabled, enable, iterclass
from detent.machine.errors import (
    AbortTransition,
    ConflictingImplementation,
    DuplicateState,
    DuplicateTransition,
    ForbiddenTransition,
    InvalidDefinition,
    InvalidName,
    InvalidState,
    InvalidTransitionError,
    MalformedDefinition,
    MissingArgument,
    MustBeAwaited,
    NotEnabled,
    UnknownFormat,
    UnknownName,
    UnknownState,
    UnknownTransition,
    WorkflowError,
)
from detent.machine.hooks import (
    Hook,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition_check,
)
from detent.machine.implementation import ImplementationProperty, ImplementationWrapper, Move
from detent.machine.state_property import StateProperty
from detent.machine.state_value import StateWrapper
from detent.machine.verdict import Verdict
from detent.machine.workflow import Workflow

__all__ = [
    "AbortTransition",
    "ConflictingImplementation",
    "DuplicateState",
    "DuplicateTransition",
    "ForbiddenTransition",
    "Hook",
    "ImplementationList",
    "ImplementationProperty",
    "ImplementationWrapper",
    "InvalidDefinition",
    "InvalidName",
    "InvalidState",
    "InvalidTransitionError",
    "MalformedDefinition",
    "MissingArgument",
    "Move",
    "MustBeAwaited",
    "NotEnabled",
    "State",
    "StateList",
    "StateProperty",
    "StateWrapper",
    "StrayState",
    "Transition",
    "TransitionList",
    "TransitionWrapper",
    "UnknownFormat",
    "UnknownName",
    "UnknownState",
    "UnknownTransition",
    "Verdict",
    "Workflow",
    "WorkflowEnabled",
    "WorkflowError",
    "after_transition",
    "before_transition",
    "enable",
    "iterclass",
    "on_enter_state",
    "on_leave_state",
    "transition",
    "transition_check",
]
