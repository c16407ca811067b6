"""The `trigger` package of Scale, served by `detent.trigger`; put "trigger" into INSTALLED_APPS."""

from typing import Any

import detent.trigger
from detent.trigger import __all__ as __all__


def __getattr__(name: str) -> Any:
    """Return a public name of `detent.trigger`, which imports it at its first use."""
    return getattr(detent.trigger, name)
