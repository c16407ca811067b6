"""The admin works under django-unfold, whose templates and classes take the place of Django's."""

import json

from tests.child import child_process


def test_every_kind_of_page_is_shown_under_unfold() -> None:
    """With its style sheet, and an admin that is unfold's own too moves objects."""
    with child_process("-m", "tests.integration.admin.unfold_site") as process:
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    assert json.loads(output) == {"faults": [], "styled": True, "moved": 302}
