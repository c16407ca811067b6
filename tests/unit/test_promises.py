"""What the documentation promises is held by the tests that it names."""

import re

import pytest

from tests.child import ROOT

EXPLANATION = ROOT / "docs" / "explanation"
DEFINED = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("page", ["guarantees", "security", "performance"])
def test_every_test_that_a_page_names_is_there(page: str) -> None:
    """Under the name that the page gives."""
    named = set(re.findall(r"`(test_\w+)`", (EXPLANATION / f"{page}.md").read_text(encoding="utf-8")))
    assert len(named) > 2
    assert named - DEFINED == set()
