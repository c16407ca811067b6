"""Replaying: what was taken in before, held against the rules of today or of a draft.

The package is not called `replay`: it would hide the function that `detent.trigger` exports.
"""

from detent.trigger.replaying.errors import InvalidDrafts, InvalidReplay, RuleNotInForce
from detent.trigger.replaying.replay import replay
from detent.trigger.replaying.report import ReplayReport, RuleReport, Sample
from detent.trigger.replaying.selection import Selection

__all__ = [
    "InvalidDrafts",
    "InvalidReplay",
    "ReplayReport",
    "RuleNotInForce",
    "RuleReport",
    "Sample",
    "Selection",
    "replay",
]
