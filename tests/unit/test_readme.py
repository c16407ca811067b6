"""The README keeps its word."""

import re
import subprocess
import sys
from pathlib import Path

from tests.child import ROOT

QUICKSTART = re.compile(r"```python\n(?P<program>.*?)```.*?```text\n(?P<output>.*?)```", re.DOTALL)


def test_the_quickstart_prints_what_it_says(tmp_path: Path) -> None:
    """The program in the README, saved and run as it stands, prints what stands below it."""
    quickstart = QUICKSTART.search((ROOT / "README.md").read_text())
    assert quickstart is not None
    program = tmp_path / "quickstart.py"
    program.write_text(quickstart["program"])
    run = subprocess.run(
        [sys.executable, "-W", "error", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, quickstart["output"], "")


def test_the_quickstart_is_short() -> None:
    """It stays within 60 lines, blank ones included."""
    quickstart = QUICKSTART.search((ROOT / "README.md").read_text())
    assert quickstart is not None
    assert len(quickstart["program"].splitlines()) <= 60
