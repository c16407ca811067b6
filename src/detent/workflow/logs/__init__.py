"""The abstract models of transition logs; import them in `models.py`, not at app loading."""

from detent.workflow.logs.base import BaseTransitionLog
from detent.workflow.logs.detailed import DetailedTransitionLog
from detent.workflow.logs.generic import GenericTransitionLog
from detent.workflow.logs.latest import BaseLastTransitionLog, GenericLastTransitionLog

__all__ = [
    "BaseLastTransitionLog",
    "BaseTransitionLog",
    "DetailedTransitionLog",
    "GenericLastTransitionLog",
    "GenericTransitionLog",
]
