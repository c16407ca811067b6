"""The module `xworkflows.utils`; the name is the legacy's."""

from collections.abc import Iterator
from typing import Any


def iterclass(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield name and value of each attribute as the class answers it; those that cannot be read are left out."""
    for name in dir(cls):
        try:
            yield name, getattr(cls, name)
        except AttributeError:
            continue
