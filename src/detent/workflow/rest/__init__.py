"""Transitions over HTTP, and the one shape of what any of Detent's endpoints refuses.

It needs djangorestframework, as the extra `rest` brings it; nothing else of Detent imports it.
"""

from detent.workflow.rest.problem import FieldError, Problem
from detent.workflow.rest.problem_view import ProblemDetailsMixin
from detent.workflow.rest.refused import TransitionRefused
from detent.workflow.rest.viewset import WorkflowViewSetMixin

__all__ = ["FieldError", "Problem", "ProblemDetailsMixin", "TransitionRefused", "WorkflowViewSetMixin"]
