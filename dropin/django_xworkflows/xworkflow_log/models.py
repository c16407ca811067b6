"""The default transition log."""

from detent.workflow.log.models import XWORKFLOWS_USER_MODEL, TransitionLog

__all__ = ["XWORKFLOWS_USER_MODEL", "TransitionLog"]
