"""What cannot be taken in gets one line that names it and the fix; the rest goes on; the exit status is 1."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.child import ROOT
from tests.integration.pipeline.demo import Demo

CATALOGUE = ROOT / "examples" / "pipeline" / "catalogue.json"


def not_taken_in(output: str) -> list[str]:
    """Return the complaints in an output."""
    return [line for line in output.splitlines() if line.startswith("Not taken in: ")]


def test_a_folder_that_does_not_exist_is_named(demo: Demo, tmp_path: Path) -> None:
    """Nothing is taken in."""
    done = demo.run(tmp_path / "nowhere")

    assert done.returncode == 1
    assert not_taken_in(done.stdout) == [
        f"Not taken in: {tmp_path / 'nowhere'} does not exist: name an existing folder."
    ]


def test_an_empty_folder_is_named(demo: Demo, folder: Path) -> None:
    """There is nothing to take in, which is hardly what was meant."""
    done = demo.run(folder)

    assert done.returncode == 1
    assert not_taken_in(done.stdout) == [
        f"Not taken in: {folder} holds no file to take in: put files there or name another folder."
    ]


def test_a_file_is_no_folder(demo: Demo, folder: Path) -> None:
    """Naming a file says so."""
    file = folder / "a.txt"
    file.write_text("a")

    done = demo.run(file)

    assert done.returncode == 1
    assert not_taken_in(done.stdout) == [f"Not taken in: {file} is not a folder: name the folder that holds it."]


def test_a_name_that_is_not_utf8_is_left_and_the_rest_goes_on(demo: Demo, folder: Path) -> None:
    """The name is shown with escapes."""
    (folder / "good.bin").write_bytes(b"\x00")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("coffee")

    done = demo.run(folder)

    assert done.returncode == 1
    assert not_taken_in(done.stdout) == [
        rf"Not taken in: {folder}/caf\xe9.txt has a name that is not UTF-8: rename it."
    ]
    assert demo.jobs() == [("good.bin", "checksum", "completed")]


def test_a_loop_of_links_ends(demo: Demo, folder: Path) -> None:
    """Links are left out and counted."""
    (folder / "good.bin").write_bytes(b"\x00")
    (folder / "loop").symlink_to(folder)

    done = demo.run(folder)

    assert done.returncode == 0
    assert "Left out: 1 link" in done.stdout


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"condition": {"data_types": ["a"], "not_data_types": ["a"]}}, "`a` contain a contradiction"),
        ({"version": "7.0"}, "7.0"),
    ],
    ids=["an unknown key", "a contradiction", "a wrong version"],
)
def test_an_invalid_rule_is_named_and_the_others_are_in_force(
    demo: Demo, folder: Path, tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    """Its complaint says what is wrong in it; a recipe type of which it is a step has one of its own."""
    (folder / "a.txt").write_text("text")
    catalogue = json.loads(CATALOGUE.read_text())
    checksum = next(entry for entry in catalogue["job_types"] if entry["name"] == "checksum")
    checksum["trigger_rule"]["configuration"].update(changes)
    rules = tmp_path / "catalogue.json"
    rules.write_text(json.dumps(catalogue))

    done = demo.run(folder, "--rules", rules)

    assert done.returncode == 1
    complaint, consequence = not_taken_in(done.stdout)
    assert "'checksum'" in complaint
    assert named in complaint
    assert "'table audit' is not in force: Step 'checksum' is no job type" in consequence
    assert demo.jobs() == [("a.txt", "text statistics", "completed")]


def test_a_catalogue_that_is_no_json_is_named(demo: Demo, folder: Path, tmp_path: Path) -> None:
    """Nothing is taken in."""
    rules = tmp_path / "catalogue.json"
    rules.write_text("{")

    done = demo.run(folder, "--rules", rules)

    assert done.returncode == 1
    assert f"{rules} cannot be read as a catalogue" in done.stdout


def test_a_state_folder_that_cannot_be_made_is_named(folder: Path, tmp_path: Path) -> None:
    """Nothing else can be done then."""
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")

    done = Demo(occupied / "state").run(folder)

    assert done.returncode == 1
    assert done.stdout.startswith(f"{occupied / 'state'} cannot be made: ")
    assert "PIPELINE_STATE" in done.stdout
