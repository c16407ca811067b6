"""Which files an INGEST or PARSE rule is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


class File(Protocol):
    """What a condition looks at.

    Attributes:
        media_type: Such as `image/tiff`.
        data_type: The file's tags, separated by commas.
    """

    media_type: str
    data_type: str


@dataclass(frozen=True)
class FileCondition:
    """Which files a rule is for; what is empty lets every file pass.

    Attributes:
        kind: The type of the rule, as its message has it.
        media_type: The file's media type, exactly; None: any.
        data_types: Tags, all of which the file carries.
        any_of_data_types: Tags, one of which the file carries.
        not_data_types: Tags, none of which the file carries.
    """

    kind: str
    media_type: str | None = None
    data_types: tuple[str, ...] = ()
    any_of_data_types: tuple[str, ...] = ()
    not_data_types: tuple[str, ...] = ()

    def contradictions(self) -> list[str]:
        """Return the tags that a file would have to carry and not to carry."""
        wanted = {*self.data_types, *self.any_of_data_types}
        return [tag for tag in self.not_data_types if tag in wanted]

    def is_condition_met(self, file: File) -> bool:
        """Tell whether a file is one of those that the rule is for.

        Args:
            file: The file; its tags are those between the commas of `data_type`.
        """
        tags = set(file.data_type.split(",")) if file.data_type else set()
        return (
            self.media_type in (None, file.media_type)
            and tags.issuperset(self.data_types)
            and (not self.any_of_data_types or not tags.isdisjoint(self.any_of_data_types))
            and tags.isdisjoint(self.not_data_types)
        )

    def get_triggered_message(self) -> str:
        """Say, for a log, that the rule was triggered."""
        media = f"media type {self.media_type}" if self.media_type else "all media types"
        groups = [
            f"data type(s) [{', '.join(self.data_types)}]" if self.data_types else "",
            f"[{' or '.join(self.any_of_data_types)}]" if self.any_of_data_types else "",
            f"not [{' or '.join(self.not_data_types)}]" if self.not_data_types else "",
        ]
        return f"{self.kind.capitalize()} rule for {' and '.join(filter(None, [media, *groups]))} was triggered"

    def pattern(self) -> dict[str, Any]:
        """Return the condition as an event pattern on the file's document."""
        data: dict[str, Any] = {}
        if self.media_type:
            data["media_type"] = [{"exactly": self.media_type}]
        if tags := self._tag_conditions():
            data["data_types"] = [{"all-of": tags}]
        return {"type": [self.kind], **({"data": data} if data else {})}

    def _tag_conditions(self) -> list[dict[str, Any]]:
        conditions: list[dict[str, Any]] = _exactly(self.data_types)
        if self.any_of_data_types:
            conditions.append({"any-of": _exactly(self.any_of_data_types)})
        if self.not_data_types:
            conditions.append({"none-of": _exactly(self.not_data_types)})
        return conditions


def _exactly(tags: Iterable[str]) -> list[dict[str, Any]]:
    return [{"exactly": tag} for tag in dict.fromkeys(tags)]
