"""What a queue's worker does with a hint."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from pytest_django import Settings

from detent.trigger import Retry, emit
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.hinted import IDS_A_MESSAGE, portions, run_hinted
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, make_delivery
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db(transaction=True)

hints: list[list[int]] = []


class Recorder:
    """A dispatcher that keeps what it was told."""

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        hints.append(list(delivery_ids))


@pytest.fixture(autouse=True)
def recorder(settings: Settings) -> None:
    hints.clear()
    settings.DETENT = {"DISPATCHER": f"{__name__}.Recorder"}


def nothing(delivery: Delivery) -> None: ...


def run(*deliveries: Delivery) -> int:
    return run_hinted([delivery.pk for delivery in deliveries], "default", worker="w")


def test_the_deliveries_that_it_names_are_run_and_no_others(register: Register) -> None:
    name = register(nothing)
    named, other = make_delivery(name), make_delivery(name)
    assert run(named) == 1
    assert (fresh(named).state, fresh(other).state) == ("done", "waiting")
    assert named.tries.get().worker == "w"


@pytest.mark.parametrize("state", ["running", "done", "dead", "cancelled"])
def test_what_is_not_there_to_be_claimed_is_left_alone(register: Register, state: str) -> None:
    name = register(nothing)
    later = make_delivery(name, due=DatabaseNow(timedelta(hours=1)))
    assert run(make_delivery(name, state=state), later) == 0
    assert fresh(later).attempts == 0


def test_one_that_is_to_be_tried_again_waits_for_the_sweeper(register: Register) -> None:
    def again(delivery: Delivery) -> None:
        raise Retry(after=0)

    made = make_delivery(register(again))
    assert run(made) == 1
    assert fresh(made).state == "waiting"
    assert hints == []


def test_the_next_of_an_ordering_key_is_hinted_at_when_the_one_before_it_ended(register: Register) -> None:
    event_rule("said", actions=[{"action": register(nothing)}], delivery={"order_by": "${data.to}"})
    made = [emit("said", {"to": "A"}, source="tests").events[0].deliveries.get() for _ in range(3)]
    hints.clear()
    assert run(*made) == 1
    assert hints == [[made[1].pk]]
    assert run(made[1]) == 1
    assert hints == [[made[1].pk], [made[2].pk]]


def test_a_hint_at_one_that_is_held_back_runs_the_one_that_goes_before_it(register: Register) -> None:
    event_rule("said", actions=[{"action": register(nothing)}], delivery={"order_by": "${data.to}"})
    first, second = (emit("said", {"to": "A"}, source="tests").events[0].deliveries.get() for _ in range(2))
    assert run(second) == 1
    assert (fresh(first).state, fresh(second).state) == ("done", "waiting")


def test_a_free_place_under_a_rules_limit_is_hinted_to_the_next(register: Register) -> None:
    event_rule("said", actions=[{"action": register(nothing)}], delivery={"concurrency": 1})
    first, second = (emit("said", {}, source="tests").events[0].deliveries.get() for _ in range(2))
    hints.clear()
    assert run(first) == 1
    assert hints == [[second.pk]]


def test_the_lease_of_a_long_action_is_renewed(register: Register, settings: Settings) -> None:
    settings.DETENT = {**settings.DETENT, "LEASE": timedelta(seconds=0.4)}

    def wait_for_a_new_lease(delivery: Delivery) -> None:
        while Delivery.objects.get(pk=delivery.pk).lease == delivery.lease:
            pass

    made = make_delivery(register(wait_for_a_new_lease, atomic=False))
    assert run(made) == 1
    assert fresh(made).state == "done"


def test_many_ids_are_split_into_messages_of_a_size_that_workers_share() -> None:
    split = list(portions(range(IDS_A_MESSAGE * 2 + 1)))
    assert [len(ids) for ids in split] == [IDS_A_MESSAGE, IDS_A_MESSAGE, 1]
    assert [key for ids in split for key in ids] == list(range(IDS_A_MESSAGE * 2 + 1))
