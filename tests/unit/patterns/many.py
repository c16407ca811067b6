"""Millions of random patterns and documents: what the index finds is what each pattern says on its own.

`python -m tests.unit.patterns.many COMPARISONS [SEED]` prints the seed, so that a run can be repeated.
"""

import random
import sys
import time
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from detent.patterns import Pattern, PatternIndex
from tests.unit.patterns import languages, strategies

PATTERNS = 300
DOCUMENTS = 200
AT_ONCE = 15
LANGUAGES = (languages, strategies)


def main(comparisons: int, number: int) -> None:
    print(f"seed {number}: {comparisons:,} comparisons of a pattern and a document", flush=True)
    began, done, met, rounds = time.monotonic(), 0, 0, 0
    while done < comparisons:
        language = LANGUAGES[rounds % len(LANGUAGES)]
        patterns = drawn(language.patterns(), PATTERNS, number + rounds)
        documents = drawn(language.documents, DOCUMENTS, number + rounds)
        met += compare(patterns, documents, random.Random(number + rounds))
        done += len(patterns) * len(documents)
        rounds += 1
        print(f"{done:>12,} compared, {met:,} met, {time.monotonic() - began:,.0f} s", flush=True)
    print(f"seed {number}: {done:,} comparisons agree", flush=True)


def drawn(strategy: st.SearchStrategy[Any], count: int, number: int) -> list[Any]:
    """Examples of a strategy, unlike each other."""
    examples: list[Any] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: Any) -> None:
        examples.append(example)

    draw()
    return examples


def compare(patterns: list[dict[str, Any]], documents: list[dict[str, Any]], numbers: random.Random) -> int:
    """Compare every pattern with every document, in one large index and in small ones; return how many met."""
    compiled = {key: Pattern(pattern) for key, pattern in enumerate(patterns)}
    numbers.shuffle(keys := list(compiled))
    groups = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
    small = [PatternIndex({key: compiled[key] for key in group}) for group in groups]
    large = changed(compiled, numbers)
    met = 0
    for document in documents:
        expected = {key for key, pattern in compiled.items() if pattern.matches(document)}
        for found in (large.match(document), set().union(*(index.match(document) for index in small))):
            for key in found ^ expected:
                raise AssertionError(f"pattern {patterns[key]!r}\ndocument {document!r}\nmeets: {key in expected}")
        met += len(expected)
    return met


def changed(patterns: dict[int, Pattern], numbers: random.Random) -> PatternIndex[int]:
    """An index of the patterns, of which some have come later, and some have gone and come again."""
    late = {key for key in patterns if numbers.random() < 0.1}
    index = PatternIndex({key: pattern for key, pattern in patterns.items() if key not in late})
    index = index.replace(added={key: patterns[key] for key in late})
    for key in numbers.sample(sorted(patterns), len(patterns) // 10):
        index = index.replace(removed=[key]).replace(added={key: patterns[key]})
    return index


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6))
