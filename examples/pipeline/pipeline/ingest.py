"""Files become occurrences: several in one transaction, so that a killed run leaves no file half taken in."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from detent.trigger import Emission, Emitted, emit_many
from pipeline.intake import FileDescription, Finding, FoundFile, LeftOut, Problem, describe, walk
from pipeline.models import SourceFile

TOGETHER = 200
"""How many findings are looked at in one transaction."""

LONGEST_SOURCE = 255


@dataclass
class Intake:
    """What came of a folder so far.

    Attributes:
        files: How many files were read.
        new: How many of them had not been taken in before.
        left_out: How many were passed over on purpose, by reason.
        problems: What could not be taken in.
    """

    files: int = 0
    new: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def source_of(folder: Path) -> str:
    """Name a folder as the source of occurrences; one with too long a path by its hash."""
    name = str(folder)
    return name if len(name) <= LONGEST_SOURCE else f"sha256:{sha256(name.encode()).hexdigest()}"


def take_in(folder: Path, state: Path) -> Iterator[Intake]:
    """Take the files of a folder in, and say after each transaction how far it is.

    Args:
        folder: The folder, as an absolute path.
        state: The folder with the project's own state, which is left out.

    Yields:
        The one record of what came of it, as it grows.
    """
    intake = Intake()
    findings = walk(folder, state)
    while together := list(islice(findings, TOGETHER)):
        descriptions = list(_descriptions(together, intake))
        emitted = _emit(folder, descriptions)
        intake.files += len(emitted)
        intake.new += sum(not one.duplicate for one in emitted)
        yield intake


def _descriptions(findings: Iterable[Finding], intake: Intake) -> Iterator[FileDescription]:
    for finding in findings:
        outcome = describe(finding) if isinstance(finding, FoundFile) else finding
        if isinstance(outcome, FileDescription):
            yield outcome
        elif isinstance(outcome, LeftOut):
            intake.left_out[outcome.reason.value] += 1
        else:
            intake.problems.append(outcome)


@transaction.atomic
def _emit(folder: Path, descriptions: list[FileDescription]) -> list[Emitted]:
    files = _source_files(folder, descriptions)
    return emit_many(
        Emission(
            type="INGEST",
            source=source_of(folder),
            id=description.identity,
            subject=description.name[:255],
            occurred=timezone.now(),
            data={
                "file_id": file.pk,
                "file_name": description.name,
                "media_type": description.media_type,
                "data_types": list(description.data_types),
                "size": description.size,
            },
        )
        for file, description in zip(files, descriptions, strict=True)
    )


def _source_files(folder: Path, descriptions: list[FileDescription]) -> list[SourceFile]:
    names = [description.name for description in descriptions]
    known = {(file.path, file.sha256): file for file in SourceFile.objects.filter(folder=folder, path__in=names)}
    for description in descriptions:
        known.setdefault((description.name, description.sha256), _source_file(folder, description))
    SourceFile.objects.bulk_create(file for file in known.values() if file.pk is None)
    return [known[description.name, description.sha256] for description in descriptions]


def _source_file(folder: Path, description: FileDescription) -> SourceFile:
    return SourceFile(
        folder=str(folder),
        path=description.name,
        size=description.size,
        media_type=description.media_type,
        data_type=",".join(description.data_types),
        sha256=description.sha256,
        modified=description.modified,
    )
