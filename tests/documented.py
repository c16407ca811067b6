"""The steps of a page of the documentation, done in a project: files written, commands run, prompts typed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.child import ROOT

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
# The doctest of Python 3.11.2 compares the last line of an error, which may be a note: here it is all one line.
DOCTEST = """
import doctest, sys, traceback
in_lines = traceback.format_exception_only
traceback.format_exception_only = lambda *error: ["".join(in_lines(*error))]
failures, _ = doctest.testfile({path!r}, module_relative=False)
sys.exit(failures)
"""


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    text: str


class Project:
    """A Django project in a folder of its own.

    Args:
        folder: The folder.
        environment: Variables beside those of this process, for all that is run.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        bin_first = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": bin_first, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
        self.environment.update({"PYTHONWARNINGS": "error", "NO_COLOR": "1", **environment})

    def run(self, *command: str) -> str:
        """Return what a command prints, run in the project's folder; it must not fail."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Return what `manage.py` prints."""
        return self.run(sys.executable, "manage.py", *arguments)


def steps_of(page: Path) -> list[Block]:
    """Return the blocks of a page that something is to be done with."""
    blocks = (Block(found["language"], found["text"]) for found in BLOCK.finditer(page.read_text()))
    return [block for block in blocks if block.language in DO]


def kinds_of(steps: list[Block]) -> dict[str, int]:
    """Return how many blocks there are of each language: a page whose blocks are not found tests nothing."""
    return {language: [step.language for step in steps].count(language) for language in DO}


def do(project: Project, step: Block) -> None:
    """Do what a block says; what it shows to be printed must be printed."""
    DO[step.language](project, step.text)


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a console with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *lines = part.splitlines()
        yield command, lines


def run_console(project: Project, text: str) -> None:
    """Run the commands; what stands below each is among what it prints, in that order."""
    for command, lines in commands(text):
        printed = iter(project.run("sh", "-c", command).splitlines())
        assert [line for line in lines if line not in printed] == []


def write_file(project: Project, text: str) -> None:
    """Write a file, or what is added to the settings; its first line names it."""
    name, _, content = text.removeprefix("# ").partition("\n")
    path = project.folder / name
    path.write_text((path.read_text() if path.name == "settings.py" else "") + content)


def run_prompt(project: Project, text: str) -> None:
    """Type what is typed at the prompt; each answer is the one that is shown."""
    path = project.folder / "prompt.txt"
    path.write_text(text)
    project.manage("shell", "--no-imports", "-c", DOCTEST.format(path=str(path)))


DO = {"console": run_console, "python": write_file, "pycon": run_prompt}
