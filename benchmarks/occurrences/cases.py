"""What is measured: what Detent does, and beside it what is written by hand to get the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks.occurrences import by_hand
from benchmarks.occurrences.shop import (
    cancel_orders,
    data_of,
    make_orders,
    payments,
    rule_for_moves,
    rules_for_customers,
)
from detent.trigger import emit, emit_many

MANY = 10_000
FEW = 200

Work = Callable[[str], object]
"""What is done in the database with an alias."""


@dataclass(frozen=True)
class Target:
    """What Detent holds itself to, on PostgreSQL.

    Attributes:
        ratio: At most so many times what it takes by hand.
        rate: At least so many occurrences a second.
        statements: At most so many statements.
    """

    ratio: float | None = None
    rate: int | None = None
    statements: int | None = None


@dataclass(frozen=True)
class Case:
    """A line of the table.

    Attributes:
        title: What is done.
        number: How many occurrences a run takes in.
        rules: Makes the rules.
        ours: What Detent does; measured.
        by_hand: What is done by hand; measured.
        prepare: What comes before either; not measured.
        target: What the figures are held against.
    """

    title: str
    number: int
    rules: Work
    ours: Work
    by_hand: Work | None = None
    prepare: Work | None = None
    target: Target = Target()


def one_by_one(customer: str, using: str) -> None:
    """Emit payments of a customer, one after the other."""
    for order in range(FEW):
        emit("order.paid", data_of(order, customer), source="shop", subject=str(order), using=using)


def together(matching: int, using: str) -> None:
    """Emit many payments at once."""
    emit_many(payments(MANY, matching, 1000), using=using)


CASES: Sequence[Case] = (
    Case(
        "emit: one rule, one action",
        FEW,
        partial(rules_for_customers, 1),
        partial(one_by_one, "C0"),
        partial(by_hand.pairs, FEW),
        target=Target(ratio=2.5, statements=4),
    ),
    Case(
        "emit: 10,000 rules, no match",
        FEW,
        partial(rules_for_customers, 10_000),
        partial(one_by_one, "D0"),
        target=Target(statements=1),
    ),
    Case(
        "emit_many: 1,000 rules, 10 % match",
        MANY,
        partial(rules_for_customers, 1000),
        partial(together, MANY // 10),
        partial(by_hand.rows, MANY // 10),
        target=Target(ratio=3, rate=10_000),
    ),
    Case(
        "emit_many: 1,000 rules, all match",
        MANY,
        partial(rules_for_customers, 1000),
        partial(together, MANY),
        partial(by_hand.rows, MANY),
    ),
    Case(
        "bulk transition: one rule, all match",
        MANY,
        rule_for_moves,
        cancel_orders,
        partial(by_hand.moves, MANY),
        prepare=partial(make_orders, MANY),
    ),
)
