"""Every piece of work does its work on the file that was taken in, or fails with a reason."""

import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.intake import FileDescription, describe, walk
from pipeline.work import WORK, Result, WorkFailed, checksum, text
from tests.unit.pipeline.conftest import TakeIn

SAMPLES = Path(__file__).parents[3] / "examples/pipeline/samples"
WORK_BY_DATA_TYPE = {"image": "image size", "python": "python structure", "text": "text statistics"}

Work = Callable[[Path, str], Result]

every_work = pytest.mark.parametrize("work", WORK.values(), ids=WORK)


def reason_of(work: Work, file: FileDescription) -> str:
    with pytest.raises(WorkFailed) as failure:
        work(file.path, file.sha256)
    return failure.value.reason


def test_checksum_is_verified(take_in: TakeIn) -> None:
    """The checksum of an unchanged file is what it was taken in with."""
    file = take_in("a", b"content")

    assert checksum(file.path, file.sha256) == {"sha256": file.sha256}


@every_work
def test_file_that_vanished(work: Work, take_in: TakeIn) -> None:
    """A file that is gone when its job runs makes the job fail."""
    file = take_in("a.py", b"a = 1\n")
    file.path.unlink()

    assert reason_of(work, file) == "it is gone since it was taken in"


@every_work
def test_file_that_changed(work: Work, take_in: TakeIn) -> None:
    """A job does not report on another content than the one it was made for."""
    file = take_in("a.py", b"a = 1\n")
    file.path.write_bytes(b"a = 2\n")

    assert reason_of(work, file) == "it has changed since it was taken in; run again to take it in anew"


@every_work
def test_file_that_may_no_longer_be_read(work: Work, unprivileged: Path) -> None:
    """The system's own reason is kept."""
    path = unprivileged / "a.py"
    path.write_text("a = 1\n")
    path.chmod(0o000)

    with pytest.raises(WorkFailed, match=r"a\.py: it cannot be read: Permission denied"):
        work(path, "")


@every_work
def test_file_that_became_a_named_pipe(work: Work, take_in: TakeIn) -> None:
    """A job does not wait for somebody to write to it."""
    file = take_in("a.py", b"a = 1\n")
    file.path.unlink()
    os.mkfifo(file.path)

    assert reason_of(work, file) == "it cannot be read: not a regular file"


def test_failure_survives_the_way_between_processes() -> None:
    """A job may run in a child process; its failure comes back whole."""
    failure = WorkFailed(Path("a\nb.py"), "line 3: invalid syntax", 3)
    copy = pickle.loads(pickle.dumps(failure))

    assert (copy.path, copy.reason, copy.line) == (failure.path, failure.reason, failure.line)
    assert str(copy) == r"a\nb.py: line 3: invalid syntax"


def jobs_of_samples() -> Iterator[tuple[str, FileDescription]]:
    for finding in walk(SAMPLES):
        file = describe(finding)  # type: ignore[arg-type]
        assert isinstance(file, FileDescription)
        yield "checksum", file
        if file.media_type == "text/markdown":
            yield "document outline", file
        for data_type in WORK_BY_DATA_TYPE.keys() & set(file.data_types):
            yield WORK_BY_DATA_TYPE[data_type], file


def test_one_sample_fails_and_all_others_give_json() -> None:
    """Of the shipped samples it is the broken image whose job fails."""
    failures = []
    for work, file in jobs_of_samples():
        try:
            json.dumps(WORK[work](file.path, file.sha256))
        except WorkFailed as failure:
            failures.append((work, file.name, failure.reason))

    assert failures == [("image size", "broken.png", "the image is broken: image file is truncated")]


def test_samples_have_work_of_every_kind() -> None:
    """The demo shows each piece of work, and text in two encodings."""
    encodings = {
        text(file.path, file.sha256)["encoding"] for work, file in jobs_of_samples() if work == "text statistics"
    }

    assert {work for work, _ in jobs_of_samples()} == set(WORK)
    assert encodings == {"utf-8", "latin-1"}
