"""What the tests of windows share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.trigger.factories import note_action


@pytest.fixture
def note() -> Iterator[dict[str, Any]]:
    """Have an action that does nothing, and give what a rule writes to ask for it."""
    with note_action() as asked:
        yield asked
