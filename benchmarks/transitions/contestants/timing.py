"""What is timed: a loop of operations, and what stands around it."""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import cycle, islice

Run = Callable[[int], int]
"""Given a number of operations, performs them and returns nanoseconds, or bytes."""


now = time.perf_counter_ns
"""The clock, which the benchmark chooses before the contestant is imported."""


def timed(work: Callable[[int], object]) -> Run:
    """Return the run that does the work with the clock on."""

    def run(number: int) -> int:
        began = now()
        work(number)
        return now() - began

    return run


def reading(order: object) -> Run:
    """Return the run that reads an order's state; the number is a multiple of three."""

    def read(number: int) -> None:
        for _ in range(number // 3):
            order.state  # noqa: B018 - the reading is what is measured
            order.state  # noqa: B018
            order.state  # noqa: B018

    return timed(read)


def moving(order: object) -> Run:
    """Return the run that moves an order around the cycle of three states; the number is a multiple of three."""

    def move(number: int) -> None:
        for _ in range(number // 3):
            order.place()
            order.pay()
            order.reopen()

    return timed(move)


def around(names: Sequence[str], move: Callable[[str], object]) -> Run:
    """Return the run that takes one named transition after the other, and goes on in the next run where it was.

    Each has been taken once by then: what is laid out at first use is laid out.
    """
    turning = cycle(names)
    for name in islice(turning, len(names)):
        move(name)

    def turn(number: int) -> None:
        for name in islice(turning, number):
            move(name)

    return timed(turn)


def allocated(make: Callable[[], object]) -> Run:
    """Return the run that makes objects and keeps them, and returns the bytes that they hold."""

    def run(number: int) -> int:
        kept: list[object] = [None] * number
        make()
        tracemalloc.start()
        for index in range(number):
            kept[index] = make()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return held

    return run


def filled(fill: Callable[[int], object], work: Callable[[], object], count: Callable[[], int]) -> Run:
    """Return the run that fills the tables, moves all of it with the clock on, and then counts the log's rows."""

    def run(number: int) -> int:
        fill(number)
        nanoseconds = timed(lambda _: work())(number)
        if count() != number:
            raise AssertionError(f"{count()} of {number} moves are in the log")
        return nanoseconds

    return run
