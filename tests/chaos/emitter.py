"""A process that does as it is told: it says what happened, in an order of its own, or which rules it sees."""

import random
import sys
from collections.abc import Callable

import django

SOURCES = ("shop", "till")
PAIRS = 1000


def main() -> None:
    """Answer each line on standard input: a command, and a number that decides the order."""
    django.setup()
    from detent.trigger import Emission, emit, emit_many
    from detent.trigger.ruleset import current_ruleset

    def emissions(seed: str) -> list[Emission]:
        said = [
            Emission("order.paid", {"order": number}, source=SOURCES[number % 2], id=str(number))
            for number in range(PAIRS)
        ]
        return random.Random(seed).sample(said, PAIRS)

    def together(seed: str) -> int:
        return sum(not emitted.duplicate for emitted in emit_many(emissions(seed)))

    def apart(seed: str) -> int:
        return sum(not emit(each.type, each.data, source=each.source, id=each.id).duplicate for each in emissions(seed))

    def rules(_: str) -> int:
        return len(current_ruleset("default").rules)

    commands: dict[str, Callable[[str], int]] = {"together": together, "apart": apart, "rules": rules}
    print("ready")
    for line in sys.stdin:
        command, seed = line.split()
        print(commands[command](seed))


if __name__ == "__main__":
    main()
