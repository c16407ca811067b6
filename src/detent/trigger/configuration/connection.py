"""What a rule offers to a job or a recipe, and what those say to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from detent.trigger.errors import TriggerError


class InvalidConnection(TriggerError, ValueError):
    """What a rule offers does not fit a job."""


class InvalidRecipeConnection(TriggerError, ValueError):
    """What a rule offers does not fit a recipe."""


class ValidationWarning(Protocol):
    """Something that may go wrong.

    Attributes:
        key: What kind of thing.
        details: What it is about.
    """

    key: str
    details: str


@dataclass(frozen=True)
class InputFile:
    """A file that a rule gives to a job or a recipe.

    Attributes:
        name: The input that gets it.
        multiple: Whether it may be several files.
        media_types: What it may be; empty: anything.
        optional: Whether it may be missing.
        partial: Whether a part of it is enough.
    """

    name: str
    multiple: bool
    media_types: Sequence[str]
    optional: bool
    partial: bool


@dataclass
class Connection:
    """What a rule gives to a job or a recipe.

    Attributes:
        input_files: The files.
        has_workspace: Whether it says where the products go.
    """

    input_files: list[InputFile] = field(default_factory=list)
    has_workspace: bool = False

    def add_input_file(
        self,
        file_name: str,
        multiple: bool,  # noqa: FBT001 - the original's signature, as in all of this class
        media_types: Sequence[str] | None,
        optional: bool,  # noqa: FBT001
        partial: bool,  # noqa: FBT001
    ) -> None:
        """Add a file.

        Args:
            file_name: The input that gets it.
            multiple: Whether it may be several files.
            media_types: What it may be; None or empty: anything.
            optional: Whether it may be missing.
            partial: Whether a part of it is enough.
        """
        self.input_files.append(InputFile(file_name, multiple, tuple(media_types or ()), optional, partial))

    def add_workspace(self) -> None:
        """Say where the products go."""
        self.has_workspace = True


class JobInterface(Protocol):
    """What a job takes in."""

    def validate_connection(self, connection: Connection) -> list[ValidationWarning]:
        """Check what a rule gives.

        Returns:
            What may go wrong, such as a media type that the job does not know.

        Raises:
            InvalidConnection: It does not fit.
        """


class RecipeDefinition(Protocol):
    """What a recipe takes in."""

    def validate_connection(self, connection: Connection) -> list[ValidationWarning]:
        """Check what a rule gives.

        Returns:
            What may go wrong.

        Raises:
            InvalidRecipeConnection: It does not fit.
        """
