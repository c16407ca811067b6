"""The history of a rule: its revisions, who made and ended each, and in what it differs from the one before."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from detent.trigger.history.difference import Difference, differences
from detent.workflow.actor import name_of

if TYPE_CHECKING:
    from detent.trigger.models.rule import TriggerRule
    from detent.trigger.models.switch import RuleSwitch


@dataclass(frozen=True)
class Revision:
    """One revision of a rule.

    Attributes:
        number: The how-manieth it is, from 1.
        rule: The row.
        is_superseded: Whether another revision has taken its place; it is archived then too.
        differences: In what its configuration differs from that of the revision before; none for the first.
        switches: When and by whom it was paused and resumed, the oldest first.
    """

    number: int
    rule: "TriggerRule"
    is_superseded: bool
    differences: tuple[Difference, ...]
    switches: tuple["RuleSwitch", ...]

    def as_data(self) -> dict[str, Any]:
        """Return the revision as JSON has it; users by their names, moments in ISO 8601."""
        return {
            "number": self.number,
            "id": self.rule.pk,
            "uuid": str(self.rule.uuid),
            "created": self.rule.created.isoformat(),
            "author": name_of(self.rule.author),
            "archived": _moment(self.rule.archived),
            "archived_by": name_of(self.rule.archived_by),
            "is_superseded": self.is_superseded,
            "differences": [difference.as_data() for difference in self.differences],
            "switches": [
                {"is_active": switch.is_active, "at": switch.at.isoformat(), "by": name_of(switch.by)}
                for switch in self.switches
            ],
        }

    def __str__(self) -> str:
        rule = self.rule
        lines = [f"revision {self.number} (rule {rule.pk}): made {told(rule.created, name_of(rule.author))}"]
        lines += [f"  {difference}" for difference in self.differences]
        lines += [
            f"  {'resumed' if switch.is_active else 'paused'} {told(switch.at, name_of(switch.by))}"
            for switch in self.switches
        ]
        if rule.archived:
            ended = "superseded" if self.is_superseded else "archived"
            lines.append(f"  {ended} {told(rule.archived, name_of(rule.archived_by))}")
        return "\n".join(lines)


def history_of(rule: "TriggerRule") -> list[Revision]:
    """List the revisions of a rule's lineage, the oldest first; see `TriggerRule.history`."""
    of_lineage = type(rule).objects.using(rule._state.db).filter(lineage=rule.lineage).order_by("pk")
    rows = list(of_lineage.select_related("author", "archived_by").prefetch_related("switches__by"))
    numbers = revision_numbers({row.pk: row.supersedes_id for row in rows})
    rows.sort(key=lambda row: numbers[row.pk])
    superseded = {row.supersedes_id for row in rows}
    return [
        Revision(
            numbers[row.pk],
            row,
            row.pk in superseded,
            tuple(differences(before.configuration, row.configuration)) if before else (),
            tuple(sorted(row.switches.all(), key=lambda switch: switch.pk)),
        )
        for before, row in zip([None, *rows], rows, strict=False)
    ]


def revision_numbers(supersedes: dict[int, int | None]) -> dict[int, int]:
    """Return the numbers of revisions, from 1: each follows the one that it supersedes, whatever their keys are.

    Args:
        supersedes: By the key of each revision that of the one before it, or None; all of their lineages.
    """
    numbers: dict[int, int] = {}
    for last in supersedes:
        for key in reversed(_unnumbered(last, supersedes, numbers)):
            # Where the one before is gone, it is the first that is known.
            numbers[key] = numbers.get(supersedes[key] or 0, 0) + 1
    return numbers


def _unnumbered(key: int | None, supersedes: dict[int, int | None], numbers: dict[int, int]) -> list[int]:
    """Return a revision and those before it, newest first, down to one that has its number."""
    chain: list[int] = []
    while key in supersedes and key not in numbers and key not in chain:
        chain.append(key)
        key = supersedes[key]
    return chain


def told(moment: datetime, name: str | None) -> str:
    """Say when something was done, to the second, and by whom if that is known."""
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}{f' by {name}' if name else ''}"


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
