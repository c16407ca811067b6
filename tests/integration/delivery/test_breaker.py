"""A rule's circuit breaker: what fails so many times in a row is held back for a time, then tried one by one."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from detent.machine import ForbiddenTransition, InvalidTransitionError
from detent.settings import detent_settings
from detent.testing import deliver_all
from detent.trigger import Reject, Retry, TriggerRule, emit
from detent.trigger.actions import actions
from detent.trigger.delivery.admission import admit
from detent.trigger.delivery.barring import barred
from detent.trigger.delivery.claim import claim
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.leases import expire_leases
from detent.trigger.delivery.operators import close_breaker, pause, resume
from detent.trigger.delivery.probing import probe
from detent.trigger.delivery.run import run
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, Lane
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, let_lease_run_out, make_delivery, make_due
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db

PATIENCE = 60


DOWN = Retry(after=timedelta(hours=2), reason="down")


class Target:
    """What the action calls: it answers, or fails as it is told."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.failure: Exception | None = DOWN

    def call(self, delivery: Delivery) -> None:
        self.calls.append(delivery.pk)
        if self.failure:
            raise self.failure


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture(params=[True, False], ids=["atomic", "not atomic"])
def action(request: pytest.FixtureRequest, register: Register, target: Target) -> str:
    def act(delivery: Delivery) -> None:
        target.call(delivery)

    return register(act, atomic=request.param)


def rule_with_breaker(action: str, failures: int = 3, **delivery: Any) -> TriggerRule:
    """Make a rule whose deliveries are held back for an hour after so many failures."""
    breaker = {"failures": failures, "open_for": "PT1H"}
    options = {"attempts": 100, "circuit_breaker": breaker, **delivery}
    return event_rule("said", actions=[{"action": action}], delivery=options)


def say(times: int = 1) -> list[Delivery]:
    events = [emit("said", {"key": number}, source="tests").events[0] for number in range(times)]
    return [event.deliveries.get() for event in events]


def lane() -> Lane:
    return Lane.objects.get()


def let_its_time_pass() -> None:
    """Put the moment from which one is tried into the past."""
    Lane.objects.update(try_at=DatabaseNow(timedelta(seconds=-1)))


def open_breaker(target: Target, failures: int = 3) -> None:
    say(failures)
    deliver_all()
    assert lane().breaker == "open"
    target.calls.clear()


def states() -> set[str]:
    return {str(state) for state in Delivery.objects.values_list("state", flat=True)}


def test_so_many_failures_in_a_row_open_it_and_the_others_are_not_tried(action: str, target: Target) -> None:
    """Those neither that the worker has claimed before."""
    rule_with_breaker(action)
    say(10)
    deliver_all()
    assert len(target.calls) == 3
    assert (lane().breaker, lane().failures) == ("open", 3)
    assert Delivery.objects.filter(attempts=0).count() == 7


def test_what_is_emitted_while_it_is_open_waits_too(action: str, target: Target) -> None:
    rule_with_breaker(action)
    open_breaker(target)
    say()
    assert deliver_all() == 0
    assert not target.calls


def test_deliveries_of_other_rules_go_on(action: str, target: Target) -> None:
    rule_with_breaker(action)
    open_breaker(target)
    other = make_delivery(action)
    assert deliver_all() == 1
    assert target.calls == [other.pk]


def test_a_success_between_them_starts_the_count_anew(action: str, target: Target) -> None:
    rule_with_breaker(action)
    say(2)
    deliver_all()
    target.failure = None
    say()
    deliver_all()
    target.failure = DOWN
    say(2)
    deliver_all()
    assert (lane().breaker, lane().failures) == ("closed", 2)


def test_attempts_at_one_delivery_count_like_those_at_many(action: str, target: Target) -> None:
    rule_with_breaker(action)
    (made,) = say()
    for _ in range(3):
        make_due(made)
        deliver_all()
    assert lane().breaker == "open"


def test_after_its_time_one_is_tried_and_if_that_fails_the_time_begins_again(action: str, target: Target) -> None:
    rule_with_breaker(action)
    say(10)
    deliver_all()
    target.calls.clear()
    let_its_time_pass()
    assert deliver_all() == 1
    assert len(target.calls) == 1
    assert lane().breaker == "open"
    wait = Lane.objects.annotate(wait=DatabaseNow(timedelta(minutes=59))).get()
    assert lane().try_at > wait.wait


def test_if_the_one_that_is_tried_succeeds_all_go_on(action: str, target: Target) -> None:
    rule_with_breaker(action)
    say(10)
    deliver_all()
    target.failure = None
    let_its_time_pass()
    deliver_all()
    assert Delivery.objects.filter(state="done").count() == 7
    assert (lane().breaker, lane().failures, lane().try_at, lane().probe) == ("closed", 0, None, None)


def test_a_rejection_says_nothing_about_the_next(action: str, target: Target) -> None:
    """Be it before the breaker opens, or of the one that is tried: then it is the next one's turn."""
    rule_with_breaker(action)
    target.failure = Reject("no such order")
    say(5)
    deliver_all()
    assert not Lane.objects.exists()
    target.failure = DOWN
    open_breaker(target)
    target.failure = Reject("no such order")
    say(2)
    let_its_time_pass()
    assert deliver_all() == 2
    assert lane().breaker == "open"


def test_an_attempt_whose_worker_dies_counts(action: str, target: Target) -> None:
    rule_with_breaker(action, failures=1)
    (made,) = say()
    claim("default", worker="w", limit=1, lease=detent_settings().LEASE)
    let_lease_run_out(made)
    expire_leases("default")
    assert lane().breaker == "open"


@pytest.mark.parametrize("failure", [ConnectionError("down"), SystemExit(1), Retry()], ids=repr)
def test_whatever_an_action_raises_that_may_help_to_try_again_counts(
    action: str, target: Target, failure: Exception
) -> None:
    rule_with_breaker(action, failures=1)
    target.failure = failure
    say()
    deliver_all()
    assert lane().breaker == "open"


def test_one_that_is_tried_and_whose_worker_dies_is_followed_by_another_after_the_time(
    action: str, target: Target
) -> None:
    rule_with_breaker(action)
    say(5)
    deliver_all()
    let_its_time_pass()
    admit("default")
    (tried,) = claim("default", worker="w", limit=10, lease=detent_settings().LEASE)
    admit("default")
    assert claim("default", worker="x", limit=10, lease=detent_settings().LEASE) == []
    let_lease_run_out(tried)
    target.failure = None
    deliver_all()
    assert lane().breaker == "open"
    let_its_time_pass()
    deliver_all()
    assert lane().breaker == "closed"


def test_one_that_is_tried_and_cancelled_is_followed_by_another(action: str, target: Target) -> None:
    rule_with_breaker(action)
    say(5)
    deliver_all()
    let_its_time_pass()
    admit("default")
    Delivery.objects.get(pk=lane().probe).cancel()
    target.failure = None
    deliver_all()
    assert lane().breaker == "closed"


def test_one_that_nobody_can_run_any_more_is_followed_by_another(
    action: str, target: Target, register: Register
) -> None:
    """As after a deploy that was taken back."""

    def newer(delivery: Delivery) -> None: ...

    target.failure = None
    name = register(newer)
    event_rule(
        "said",
        actions=[{"action": name}, {"action": action}],
        delivery={"circuit_breaker": {"failures": 1, "open_for": "PT1H"}},
    )
    emit("said", {}, source="tests")
    lineage = Delivery.objects.values_list("lineage", flat=True)[0]
    Lane.objects.create(lineage=lineage, breaker="open", failures=1, try_at=DatabaseNow())
    Worker()._hand()._keep_up()
    admit("default")
    assert Delivery.objects.get(pk=lane().probe).action == name
    function = actions._actions.pop(name)
    try:
        Worker().run_until_idle()
        assert target.calls
    finally:
        actions._actions[name] = function


def test_the_order_of_a_key_holds_when_one_is_tried(action: str, target: Target) -> None:
    rule_with_breaker(action, failures=1, order_by="${data.key || 'none'}")
    first, second = (emit("said", {"key": "A"}, source="tests").events[0].deliveries.get() for _ in range(2))
    deliver_all()
    target.failure = None
    let_its_time_pass()
    assert deliver_all() == 0
    make_due(first)
    deliver_all()
    assert target.calls == [first.pk, first.pk, second.pk]


def test_the_limit_of_a_rule_holds_when_one_is_tried(action: str, target: Target) -> None:
    rule_with_breaker(action, failures=1, concurrency=1)
    say(3)
    admit("default")
    (running,) = claim("default", worker="w", limit=10, lease=detent_settings().LEASE)
    Lane.objects.update(breaker="open", failures=1, try_at=DatabaseNow())
    assert probe("default", [running.lineage]) == 0
    Delivery.objects.filter(pk=running.pk).update(state="done")
    assert probe("default", [running.lineage]) == 1


def test_a_revision_shares_the_breaker(action: str, target: Target) -> None:
    rule = rule_with_breaker(action)
    open_breaker(target)
    options = {"circuit_breaker": {"failures": 50, "open_for": "PT1S"}}
    rule.revise({**rule.configuration, "delivery": options})
    say()
    assert deliver_all() == 0


def test_a_revision_without_a_breaker_lets_all_go_on(action: str, target: Target) -> None:
    """As soon as the next would be tried."""
    rule = rule_with_breaker(action)
    open_breaker(target)
    rule.revise({key: value for key, value in rule.configuration.items() if key != "delivery"})
    say(5)
    assert deliver_all() == 0
    let_its_time_pass()
    deliver_all()
    assert len(target.calls) == 5
    assert lane().breaker == "closed"


def test_what_an_archived_rule_asked_for_is_still_tried(action: str, target: Target) -> None:
    rule = rule_with_breaker(action)
    say(10)
    deliver_all()
    rule.archive()
    target.failure = None
    let_its_time_pass()
    deliver_all()
    assert Delivery.objects.filter(state="done").count() == 7


def test_nothing_of_a_paused_rule_is_tried(action: str, target: Target) -> None:
    rule = rule_with_breaker(action)
    open_breaker(target)
    say()
    pause(rule.lineage)
    let_its_time_pass()
    assert deliver_all() == 0
    resume(rule.lineage)
    assert deliver_all() == 1


def test_an_operator_closes_it_and_that_is_logged(action: str, target: Target) -> None:
    operator = User.objects.create(username="operator")
    rule = rule_with_breaker(action)
    say(10)
    deliver_all()
    target.failure = None
    close_breaker(rule.lineage, by=operator)
    deliver_all()
    assert Delivery.objects.filter(state="done").count() == 7
    (entry,) = lane().transition_logs
    assert (entry.transition, entry.from_state, entry.to_state, entry.user) == ("close", "open", "closed", operator)


def test_what_is_closed_cannot_be_closed(action: str) -> None:
    with pytest.raises(InvalidTransitionError):
        close_breaker(rule_with_breaker(action).lineage)


def test_only_a_worker_opens_it(action: str) -> None:
    made = Lane.objects.create(lineage=rule_with_breaker(action).lineage)
    with pytest.raises(ForbiddenTransition, match="Only a worker"):
        made.trip()


def test_what_fails_of_a_rule_without_one_is_not_counted(register: Register, target: Target) -> None:
    def act(delivery: Delivery) -> None:
        target.call(delivery)

    event_rule("said", actions=[{"action": register(act, atomic=False)}])
    say(3)
    deliver_all()
    assert not Lane.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_choose_at_once_choose_one(action: str, target: Target) -> None:
    rule_with_breaker(action)
    say(10)
    deliver_all()
    let_its_time_pass()
    together, admitted = threading.Barrier(2), list[int]()

    def choose() -> None:
        try:
            together.wait(PATIENCE)
            admitted.append(admit("default"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=choose) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(admitted) == [0, 1]
    assert len(claim("default", worker="w", limit=10, lease=detent_settings().LEASE)) == 1


def test_what_bars_is_read_in_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert barred("default").lineages == ()


def test_a_success_of_what_began_before_closes_it(action: str, target: Target) -> None:
    rule_with_breaker(action, failures=1)
    say(2)
    running, failing = claim("default", worker="w", limit=2, lease=detent_settings().LEASE)
    let_lease_run_out(failing)
    expire_leases("default")
    assert lane().breaker == "open"
    target.failure = None
    run(running, "default")
    assert fresh(running).state == "done"
    assert lane().breaker == "closed"
