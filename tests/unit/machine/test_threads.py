"""Threads that use a class for the first time at once: what is laid out then, each of them finds whole."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from detent.machine import Workflow, WorkflowEnabled, transition_check

THREADS = 4


@pytest.fixture(autouse=True)
def threads_that_take_turns_often() -> Iterator[None]:
    """Let threads be switched as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def make_class() -> type[WorkflowEnabled]:
    """Return a class that no one has used."""

    class LampWorkflow(Workflow):
        states = (("off", "Off"), ("on", "On"))
        transitions = (("light", "off", "on"), ("darken", "on", "off"))
        initial_state = "off"

    class Lamp(WorkflowEnabled):
        state = LampWorkflow()

        @transition_check("light")
        def has_current(self) -> bool:
            return True

    return Lamp


def test_objects_moved_for_the_first_time_by_several_threads_all_arrive():
    def arrives(lamp_class, barrier):
        barrier.wait()
        lamp = lamp_class()
        lamp.light()
        lamp.darken()
        lamp.light()
        return str(lamp.state)

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(300):
            lamp_class, barrier = make_class(), Barrier(THREADS)
            moved = [pool.submit(arrives, lamp_class, barrier) for _ in range(THREADS)]
            assert [each.result() for each in moved] == ["on"] * THREADS
