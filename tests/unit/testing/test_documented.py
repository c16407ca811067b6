"""The examples of the reference of detent.testing, run as they stand."""

import re
from pathlib import Path

from tests.child import ROOT
from tests.unit.testing.project import Project

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_examples_pass(tmp_path: Path) -> None:
    *examples, conftest = EXAMPLE.findall((ROOT / "docs" / "reference" / "testing.md").read_text(encoding="utf-8"))
    project = Project(tmp_path, conftest=conftest, test_examples="\n\n".join(examples))
    project.write("shop/__init__.py", "")
    project.write("shop/models.py", "from tests.shop.models.order import Order, OrderWorkflow\n")
    status, lines = project.run("--transition-coverage=shop.Order", django=True)
    assert status == 0, "\n".join(lines)
    assert [line for line in lines if "OrderWorkflow    9 of    9 edges  100 %" in line]
