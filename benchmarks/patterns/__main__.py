"""Prints the tables; names of rule sets, or counts, on the command line print only those."""

import json
import platform
import sys

from benchmarks.patterns import index, selective
from benchmarks.patterns.bad_rules import BAD
from benchmarks.patterns.lots import LOTS, SEED, make_events, make_lots
from benchmarks.patterns.measure import microseconds
from benchmarks.patterns.peers import measure_peers
from benchmarks.patterns.rules import make_rules
from detent.patterns import PatternIndex

BAD_RULES = 1_000
BAD_EVENTS = 500


def main() -> None:
    """Measure and print."""
    kinds = [kind for kind in index.SETS if kind in sys.argv] or list(index.SETS)
    counts = [count for count in index.COUNTS if str(count) in sys.argv] or index.COUNTS
    lots = make_lots()
    texts = make_events(lots)
    name, decode = index.decoder()
    documents = [json.loads(text) for text in texts]
    events = index.Events(texts, documents, microseconds(decode, texts))
    print(f"Python {platform.python_version()}, seed {SEED}: {len(texts):,} events of {LOTS:,} city lots,")
    print(f"{sum(map(len, texts)) // len(texts)} bytes each; {name} decodes {1e6 / events.decoding:,.0f} a second,")
    print(f"json {1e6 / microseconds(json.loads, texts[:2000]):,.0f}")
    print(f"\n{index.HEADER}")
    for kind in kinds:
        for count in counts:
            print(index.measure(kind, count, lots, events), flush=True)
    if len(sys.argv) > 1:
        return
    print("\nby other means, mixed rules, events a second")
    print(measure_peers(lots, documents), flush=True)
    print(f"\n{selective.SETS} random sets of {selective.RULES:,} rules, each with something selective")
    print(selective.measure(documents), flush=True)
    print(f"\n{BAD_RULES:,} rules made to be bad")
    for bad, maker in BAD.items():
        built = PatternIndex(make_rules([maker], BAD_RULES, lots))
        met = sum(len(built.match(document)) for document in documents[:BAD_EVENTS]) / BAD_EVENTS
        cost = microseconds(built.match, documents[:BAD_EVENTS], passes=3)
        print(f"{bad:>16} {cost:>8.1f} us an event, {met:>7.2f} met", flush=True)


if __name__ == "__main__":
    main()
