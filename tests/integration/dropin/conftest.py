"""What the tests of the drop-in names share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.integration.dropin.legacy_project import LegacyProject, legacy_project


@pytest.fixture
def project(tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LegacyProject]:
    """Return a project made with the originals, on a database as they left it."""
    with django_db_blocker.unblock(), legacy_project(tmp_path / "shop") as project:
        yield project
