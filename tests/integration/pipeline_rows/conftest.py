"""What the pipeline keeps in a process beside its database is forgotten after each test."""

from collections.abc import Iterator

import pytest

from pipeline import jobs


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Let each test read its own types and files."""
    yield
    jobs.type_named.cache_clear()
    jobs.files = jobs.ReadAhead()
