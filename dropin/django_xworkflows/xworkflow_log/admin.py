"""Detent's admin of the log, which importing registers."""

from detent.workflow.log.admin import TransitionLogAdmin

__all__ = ["TransitionLogAdmin"]
