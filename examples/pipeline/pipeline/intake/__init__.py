"""What comes in: the files below a folder, what each of them is, and what could not be taken in."""

from pipeline.intake.description import FileDescription, describe
from pipeline.intake.folder import Finding, FoundFile, LeftOut, LeftOutReason, walk
from pipeline.intake.problem import Problem, ProblemKind, printable

__all__ = [
    "FileDescription",
    "Finding",
    "FoundFile",
    "LeftOut",
    "LeftOutReason",
    "Problem",
    "ProblemKind",
    "describe",
    "printable",
    "walk",
]
