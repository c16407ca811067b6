"""What a job type or a recipe type takes in, and whether what a rule gives fits it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detent.errors import DetentError
from detent.trigger.configuration.connection import (
    Connection,
    InvalidConnection,
    InvalidRecipeConnection,
    ValidationWarning,
)

Inputs = Mapping[str, Sequence[str]]


class InvalidDefinition(DetentError, ValueError):
    """A job type or a recipe type cannot be as it says."""


@dataclass
class TypeWarning:
    """Something about a type that may go wrong; a `ValidationWarning`.

    Attributes:
        key: What kind of thing.
        details: What it is about.
    """

    key: str
    details: str


@dataclass(frozen=True)
class Interface:
    """The inputs of a type; what Detent's configurations call a `JobInterface` or a `RecipeDefinition`.

    Attributes:
        inputs: For the name of each input the media types that it knows; none: any.
        error: What to raise when a connection does not fit.

    Raises:
        InvalidDefinition: The inputs are not names with lists of media types.
    """

    inputs: Inputs
    error: type[InvalidConnection | InvalidRecipeConnection] = InvalidConnection

    def __post_init__(self) -> None:
        lists = self.inputs.values() if isinstance(self.inputs, Mapping) else ["not a mapping"]
        if not all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in lists):
            raise InvalidDefinition(f'inputs must be like {{"file": ["text/plain"]}}, not {self.inputs!r}')

    def validate_connection(self, connection: Connection) -> list[ValidationWarning]:
        """Check what a rule gives: each input must get a file, and no file may be left over.

        Returns:
            A warning for each media type that an input does not know.

        Raises:
            InvalidConnection: It does not fit; or InvalidRecipeConnection, where that is the interface's `error`.
        """
        given = {file.name: file.media_types for file in connection.input_files}
        if given.keys() != self.inputs.keys():
            raise self.error(f"The inputs are {_names(self.inputs)}, but {_names(given)} would be given")
        return [
            TypeWarning("MEDIA_TYPE", f"Input {name!r} does not know media type {media_type}")
            for name, known in self.inputs.items()
            for media_type in given[name]
            if known and media_type not in known
        ]


def _names(inputs: Inputs) -> str:
    return ", ".join(map(repr, sorted(inputs))) or "none"
