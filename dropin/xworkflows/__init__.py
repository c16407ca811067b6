"""The names of xworkflows 1.1, served by `detent.machine`: one engine, with the legacy's defaults."""

from xworkflows import utils
from xworkflows.base import (
    AbortTransition,
    ForbiddenTransition,
    InvalidTransitionError,
    Workflow,
    WorkflowEnabled,
    WorkflowError,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition,
    transition_check,
)

__version__ = "1.1.1"
"""The version of xworkflows whose names these are; code in the field compares its first number."""

__all__ = [
    "AbortTransition",
    "ForbiddenTransition",
    "InvalidTransitionError",
    "Workflow",
    "WorkflowEnabled",
    "WorkflowError",
    "after_transition",
    "before_transition",
    "on_enter_state",
    "on_leave_state",
    "transition",
    "transition_check",
    "utils",
]
