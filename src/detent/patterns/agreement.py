"""Whether the fields of a pattern can be met by array elements that agree.

Values that meet different fields must sit in the same element of every array that both pass through; what a field
forbids counts only where it agrees with the elements chosen for the other fields. Values of one field need not agree
with each other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from detent.patterns.choice import Choice, Places
from detent.patterns.field import Clause, Field
from detent.patterns.flatten import Leaf
from detent.patterns.limits import SEARCH_EFFORT
from detent.patterns.search import Goal, OneWay, Search, Seek, Shun


def find_choice(fields: Sequence[tuple[Field, Sequence[Leaf]]]) -> Choice | None:
    """Choose array elements so that all fields are met.

    Args:
        fields: Fields, each with the leaf values at its path.

    Returns:
        The elements chosen in the arrays that fields share, by the fields' positions; None if no choice meets all.

    Raises:
        InvalidDocument: The search takes unreasonably long, which only a document built for that brings about.
    """
    shared = _shared_arrays([leaves for _, leaves in fields])
    if not shared:
        met = all(field.met_by([leaf.value for leaf in leaves]) for field, leaves in fields)
        return Choice(frozenset()) if met else None
    goals = tuple(_goal(number, field, leaves, shared) for number, (field, leaves) in enumerate(fields))
    restless = {number for number, (field, _) in enumerate(fields) if any(len(option) > 1 for option in field.options)}
    values = sum(len(leaves) for _, leaves in fields)
    return Search(SEARCH_EFFORT + 4 * values * len(fields)).solve(goals, Choice(restless))


def _shared_arrays(fields: Iterable[Sequence[Leaf]]) -> set[int]:
    users = Counter(array for leaves in fields for array in {array for leaf in leaves for array, _ in leaf.place})
    return {array for array, count in users.items() if count > 1}


def _goal(number: int, field: Field, leaves: Sequence[Leaf], shared: AbstractSet[int]) -> Goal:
    return OneWay(
        tuple(tuple(_clause_goal(number, clause, leaves, shared) for clause in option) for option in field.options)
    )


def _clause_goal(number: int, clause: Clause, leaves: Sequence[Leaf], shared: AbstractSet[int]) -> Goal:
    wanted = [leaf.place for leaf in leaves if clause.wants(leaf.value)]
    ways: list[tuple[Goal, ...]] = [(Seek(number, Places.of(wanted, shared)),)]
    for condition in clause.forbidding:
        breaking = [leaf.place for leaf in leaves if condition.broken_by(leaf.value)]
        ways.append((Shun(number, Places.of(breaking, shared)),))
    return OneWay(tuple(ways))
