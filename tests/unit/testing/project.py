"""A project in which pytest is run as its users run it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.child import ROOT

# The child has a database of its own.
_OWN_SETTINGS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class Project:
    """A folder with tests.

    Args:
        folder: The folder.
        **files: The text of each module in it.
    """

    def __init__(self, folder: Path, **files: str) -> None:
        self.folder = folder
        for name, text in files.items():
            self.write(f"{name}.py", text)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text)

    def run(self, *arguments: str, django: bool = False) -> tuple[int, list[str]]:
        """Run pytest and return its exit status and what it printed."""
        inherited = {name: value for name, value in os.environ.items() if name not in _OWN_SETTINGS}
        paths = os.pathsep.join([str(self.folder), str(ROOT), str(ROOT / "examples" / "pipeline")])
        # Only the plugins that are asked for.
        environment = {**inherited, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": paths}
        plugins = ["-p", "pytest_django.plugin", "--ds=tests.settings", "--no-migrations"] if django else []
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-m", "pytest", "-p", "no:cacheprovider", *plugins, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, (ran.stdout + ran.stderr).splitlines()
