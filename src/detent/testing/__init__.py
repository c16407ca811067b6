"""What tests of a project need: verdicts asserted, workflows walked, occurrences collected, deliveries run.

All of it works in a `TestCase` that rolls back, and with pytest-django's `db`. What concerns state machines alone works
on plain objects too, without Django; `detent.testing.coverage` is a plugin of pytest, which nothing else here needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from detent.testing.moving import Failure
from detent.testing.paths import Path, paths
from detent.testing.verdicts import assert_can, assert_cannot
from detent.testing.walk import Walk, WalkFailed, follow, walk

if TYPE_CHECKING:
    from detent.testing.contract.suite import DispatcherContract
    from detent.testing.deliveries import NeverIdle, NotDelivered, deliver_all
    from detent.testing.occurrences import emitted

__all__ = [
    "DispatcherContract",
    "Failure",
    "NeverIdle",
    "NotDelivered",
    "Path",
    "Walk",
    "WalkFailed",
    "assert_can",
    "assert_cannot",
    "deliver_all",
    "emitted",
    "follow",
    "paths",
    "walk",
]

_NEED_DJANGO = {
    "DispatcherContract": "contract.suite",
    "NeverIdle": "deliveries",
    "NotDelivered": "deliveries",
    "deliver_all": "deliveries",
    "emitted": "occurrences",
}


def __getattr__(name: str) -> Any:
    """Give what needs models of Django, which are not there before its apps are loaded."""
    if name in _NEED_DJANGO:
        return getattr(import_module(f"{__name__}.{_NEED_DJANGO[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
