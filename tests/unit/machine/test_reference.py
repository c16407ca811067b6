"""The example at the head of the reference of detent.machine keeps its word."""

import doctest

from tests.child import ROOT
from tests.documented import BLOCK

REFERENCE = ROOT / "docs" / "reference" / "machine.md"


def test_the_job_of_the_reference_does_what_is_shown() -> None:
    declaration, session = list(BLOCK.finditer(REFERENCE.read_text()))[:2]
    assert (declaration["language"], session["language"]) == ("python", "pycon")
    names: dict[str, object] = {"__name__": "reference"}
    exec(declaration["text"], names)
    example = doctest.DocTestParser().get_doctest(session["text"], names, "machine.md", str(REFERENCE), 0)
    assert doctest.DocTestRunner().run(example) == doctest.TestResults(failed=0, attempted=5)
