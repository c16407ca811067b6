"""The steps of a page of the documentation, done in a project: files written, commands run, prompts typed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.child import ROOT

BLOCK = re.compile(r"^```(?P<language>\w+|\{code-block\} \w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
CAPTION = re.compile(r":caption: (?P<name>\S+)\n\n")
# Nothing is fetched: what a page installs is there. What pip itself is warned of is not ours to mend.
PIP = ("env", "PYTHONWARNINGS=default", "PIP_NO_INDEX=1", "sh", "-c")
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
    languages = [step.language for step in steps]
    return {language: languages.count(language) for language in DO if language in languages}


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
        printed = project.run(*PIP, command) if "pip install" in command else project.run("sh", "-c", command)
        rest = iter(printed.splitlines())
        assert [line for line in lines if not any(is_printed_as(line, one) for one in rest)] == [], printed


def is_printed_as(shown: str, printed: str) -> bool:
    """Return whether a line is printed as it is shown, where `...` stands for what differs from run to run."""
    return re.fullmatch(".+".join(map(re.escape, shown.split("..."))), printed.rstrip()) is not None


def write_captioned(project: Project, text: str) -> None:
    """Write a file whose name is the caption of its block, as one in which no comment can stand."""
    caption = CAPTION.match(text)
    assert caption is not None, text
    (project.folder / caption["name"]).write_text(text[caption.end() :])


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


DO = {
    "console": run_console,
    "python": write_file,
    "pycon": run_prompt,
    "{code-block} json": write_captioned,
    "{code-block} yaml": write_captioned,
}
