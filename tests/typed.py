"""What mypy, strict, says of lines of code: one process of its own for all of them, for its start takes the time."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import detent


def said_by_mypy(declarations: str, lines: Iterable[str], folder: Path, cache: Path) -> dict[str, str]:
    """Return what mypy says of each line; "" for nothing.

    Args:
        declarations: The code above the lines.
        lines: Lines of code, each on its own.
        folder: An empty folder.
        cache: A folder that is kept between runs: only the first one reads the types of the libraries.
    """
    lines = list(lines)
    (folder / "shop.py").write_text(declarations + "\n".join(lines))
    config = f"[mypy]\nstrict = True\nerror_summary = False\nmypy_path = {Path(detent.__file__).parents[1]}\n"
    (folder / "mypy.ini").write_text(config)
    command = [sys.executable, "-m", "mypy", f"--cache-dir={cache}", "shop.py"]
    answered = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not answered.stderr
    first = declarations.count("\n") + 1
    messages = dict.fromkeys(range(1, first + len(lines)), "")
    for number, message in re.findall(r"^shop\.py:(\d+): (.*)$", answered.stdout, re.MULTILINE):
        messages[int(number)] += f"{message}\n"
    assert not any(messages.pop(number) for number in range(1, first)), answered.stdout
    return dict(zip(lines, messages.values(), strict=True))
