"""An occurrence is taken in once, with all that follows from it, in the caller's transaction."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from detent.testing import deliver_all
from detent.trigger import (
    Delivery,
    Emission,
    Emitted,
    InvalidTriggerRule,
    Occurrence,
    TriggerEvent,
    aemit,
    emit,
    emit_many,
)
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.errors import CausationTooDeep, InvalidOccurrence
from detent.trigger.occurrences.causation import below
from detent.workflow.cause import caused_by
from tests.integration.trigger.factories import (
    event_rule,
    make_rule,
    note_action,
    roll_something_back,
    rule_type,
    statements,
    stored_rule,
    taken_in,
)

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
hints: list[tuple[list[int], str]] = []


GOOD = {"type": "order.paid", "data": {}, "source": "shop"}


def nested(depth: int) -> dict[str, Any]:
    """Return objects in each other."""
    data: dict[str, Any] = {}
    for _ in range(depth):
        data = {"a": data}
    return data


def endless() -> dict[str, Any]:
    """Return an object that holds itself."""
    data: dict[str, Any] = {}
    data["a"] = data
    return data


class Recorder:
    """A dispatcher that keeps its hints."""

    def hint(self, delivery_ids: list[int], using: str) -> None:
        """Keep the hint."""
        hints.append((list(delivery_ids), using))


class BrokenDispatcher:
    """A dispatcher whose broker is away."""

    def hint(self, delivery_ids: list[int], using: str) -> None:
        """Fail."""
        raise ConnectionError


class Sometimes(TriggerRuleConfiguration):
    """A rule for every order, with a condition in Python."""

    def validate(self) -> None:
        """Find nothing wrong."""

    def pattern(self) -> dict[str, Any]:
        """Ask for orders."""
        return {"type": ["order.paid"]}

    def applies_to(self, document: Document) -> bool:
        """Fail without a total, else ask for a large one."""
        return bool(document["data"]["total"] > 100)

    def description(self, document: Document) -> dict[str, Any]:
        """Say how large it was."""
        return {"total": document["data"]["total"]}


class Undeclared(Sometimes):
    """A rule whose condition asks the database, which its type did not say."""

    def applies_to(self, document: Document) -> bool:
        """Ask the database something that it does not take."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT total FROM nowhere")
        return True


class Querying(Undeclared):
    """A rule whose condition breaks the transaction, as its type said it might."""

    queries = True


class BadlyDescribed(Sometimes):
    """A rule that says of an occurrence what cannot be stored."""

    def applies_to(self, document: Document) -> bool:
        """Ask for anything."""
        return True

    def description(self, document: Document) -> dict[str, Any]:
        """Return no number."""
        return {"total": float("nan")}


class QueryingDescription(BadlyDescribed):
    """A rule that breaks the transaction where it describes an occurrence."""

    queries = True

    def description(self, document: Document) -> dict[str, Any]:
        """Ask the database something that it does not take."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT total FROM nowhere")
        return {}


class Counting(Sometimes):
    """A rule whose condition asks the database."""

    queries = True

    def applies_to(self, document: Document) -> bool:
        """Ask whether something happened before."""
        return Occurrence.objects.filter(type=document["type"]).exists()

    def description(self, document: Document) -> dict[str, Any]:
        """Say nothing."""
        return {}


def written() -> tuple[int, int, int]:
    """Count occurrences, events and deliveries."""
    return Occurrence.objects.count(), TriggerEvent.objects.count(), Delivery.objects.count()


def test_a_rule_that_matches_is_triggered() -> None:
    """One occurrence, one event for the rule, one delivery for each of its actions."""
    with note_action() as note:
        rule = event_rule(actions=[note, note], delivery={"attempts": 3, "priority": 7})
    emitted = emit(
        "order.paid", {"order": 17, "total": Decimal("40.5")}, source="shop", id="ch_1", subject="17", occurred=WHEN
    )
    occurrence = Occurrence.objects.get()
    assert emitted.occurrence == occurrence
    assert (occurrence.type, occurrence.source, occurrence.identifier) == ("order.paid", "shop", "ch_1")
    assert (occurrence.subject, occurrence.time, occurrence.data) == ("17", WHEN, {"order": 17, "total": 40.5})
    assert (occurrence.cause, occurrence.depth) == ("", 0)
    event = TriggerEvent.objects.get()
    assert emitted.events == (event,)
    assert (event.rule, event.lineage, event.occurrence) == (rule, rule.lineage, occurrence)
    assert (event.type, event.occurred, event.description, event.outcome) == ("order.paid", WHEN, {}, "")
    first, second = event.deliveries.order_by("position")
    assert (first.position, second.position) == (0, 1)
    assert (first.action, first.settings) == ("test.note", {"order": "${data.order}"})
    assert str(first.state) == "waiting"
    assert (first.attempts, first.max_attempts, first.priority, first.epoch) == (0, 3, 7, 0)


def test_what_emit_returns_is_what_is_stored() -> None:
    """The objects are made without reading the rows back."""
    with note_action() as note:
        event_rule(actions=[note])
    emitted = emit("order.paid", {"order": 17}, source="shop")
    (event,) = emitted.events
    for made, stored in ((taken_in(emitted), Occurrence.objects.get()), (event, TriggerEvent.objects.get())):
        fields = [field.attname for field in made._meta.concrete_fields]
        assert {name: getattr(made, name) for name in fields} == {name: getattr(stored, name) for name in fields}
    assert event.occurrence is emitted.occurrence


def test_what_emit_returns_can_be_read_in_a_shell() -> None:
    """It shows the rows, without asking the database for them."""
    event_rule()
    emitted = emit("order.paid", {"order": 17}, source="shop", id="ch_1")
    with statements() as ran:
        shown = repr(emitted)
    assert ran == []
    assert "order.paid from shop, id ch_1" in shown
    assert f"events=(<TriggerEvent: order.paid {emitted.events[0].pk}>,)" in shown


def test_the_document_is_the_same_before_and_after_storage() -> None:
    """What patterns saw is what templates and replay will see."""
    event_rule()
    occurred = datetime(2026, 11, 22, 11, 0, 0, 500, tzinfo=UTC)
    emit("order.paid", {"at": occurred}, source="shop", id="1", occurred=occurred)
    assert Occurrence.objects.get().document() == {
        "type": "order.paid",
        "source": "shop",
        "subject": "",
        "id": "1",
        "time": "2026-11-22T11:00:00.000500Z",
        "data": {"at": "2026-11-22T11:00:00.000500+00:00"},
    }


def test_what_matches_no_rule_leaves_no_row() -> None:
    """And nothing says that it was there before."""
    event_rule("order.placed")
    assert emit("order.paid", {}, source="shop", id="1") == Emitted()
    assert emit("order.paid", {}, source="shop", id="1") == Emitted()
    assert written() == (0, 0, 0)


def test_what_matches_no_rule_is_kept_on_demand() -> None:
    """For one emission, or by a setting for all."""
    assert emit("order.paid", {}, source="shop", id="1", record=True).occurrence
    with override_settings(DETENT={"RECORD_UNMATCHED": True}):
        assert emit("order.paid", {}, source="shop", id="2").occurrence
        assert emit("order.paid", {}, source="shop", id="3", record=False).occurrence is None
    assert emit("order.paid", {}, source="shop", id="1", record=True).duplicate
    assert written() == (2, 0, 0)


def test_a_rule_that_is_not_in_force_is_not_triggered() -> None:
    """Neither a paused nor an archived one."""
    make_rule("EVENT", {"version": "1.0", "pattern": {"type": ["order.paid"]}}, is_active=False)
    event_rule().archive()
    assert emit("order.paid", {}, source="shop").occurrence is None


def test_the_same_source_and_id_are_taken_in_once() -> None:
    """The second time nothing is written, whatever it says; another source is another matter."""
    with note_action() as note:
        event_rule(actions=[note])
    assert not emit("order.paid", {"order": 1}, source="shop", id="1").duplicate
    assert emit("order.paid", {"order": 2}, source="shop", id="1") == Emitted(duplicate=True)
    assert not emit("order.paid", {"order": 1}, source="other shop", id="1").duplicate
    assert written() == (2, 2, 2)


def test_ids_differ_by_case_and_spaces() -> None:
    """On every database."""
    event_rule()
    for identifier in ("README", "readme", "readme "):
        assert not emit("order.paid", {}, source="shop", id=identifier).duplicate


def test_a_matched_occurrence_costs_four_statements() -> None:
    """The ruleset's token, the occurrence, the events, the deliveries; the token once a transaction."""
    with note_action() as note:
        event_rule(actions=[note, note])
        event_rule(actions=[note])
    emit("order.paid", {"order": 1}, source="shop")
    roll_something_back()
    tables = ["trigger_ruleset", "trigger_occurrence", "trigger_event", "trigger_delivery"]
    for expected in (tables, tables[1:]):
        with statements() as ran:
            emit("order.paid", {"order": 2}, source="shop")
        assert [next(table for table in tables if table in sql) for sql in ran] == expected


def test_an_order_costs_one_statement_more_for_each_key() -> None:
    """Which takes its row; MySQL and MariaDB cannot return the number that was taken, so they are asked for it."""
    with note_action() as note:
        event_rule("plain", actions=[note])
        event_rule("ordered", actions=[note], delivery={"order_by": "${data.order}"})
    emit("plain", {"order": 1}, source="shop")
    with statements() as plain:
        emit("plain", {"order": 1}, source="shop")
    with statements() as ordered:
        emit("ordered", {"order": 1}, source="shop")
    assert len(ordered) - len(plain) == (2 if connection.vendor == "mysql" else 1)


def test_an_unmatched_occurrence_costs_one_statement() -> None:
    """The ruleset's token, once a transaction."""
    event_rule("order.placed")
    emit("order.paid", {}, source="shop")
    roll_something_back()
    for expected in (1, 0):
        with statements() as ran:
            emit("order.paid", {}, source="shop")
        assert len(ran) == expected


def test_many_occurrences_cost_no_more_statements_than_one() -> None:
    """All rows of a table are inserted together."""
    with note_action() as note:
        event_rule(actions=[note])
    emit("order.paid", {"order": 0}, source="shop")
    roll_something_back()
    with statements() as ran:
        emitted = emit_many(
            Emission("order.paid" if number % 2 else "order.placed", {"order": number}, source="shop")
            for number in range(50)
        )
    assert len(ran) == 4
    assert [bool(one.events) for one in emitted] == [False, True] * 25
    assert {taken_in(one).data["order"] for one in emitted if one.events} == set(range(1, 50, 2))


def test_a_batch_of_more_rows_than_a_statement_takes_is_written_whole() -> None:
    """SQLite takes about a hundred rows at once; events and occurrences still belong together."""
    with note_action() as note:
        event_rule(actions=[note])
    emitted = emit_many({"type": "order.paid", "data": {"order": number}, "source": "shop"} for number in range(500))
    assert written() == (500, 500, 500)
    for number, one in enumerate(emitted):
        assert taken_in(one).data == {"order": number}
        assert [event.occurrence_id for event in one.events] == [taken_in(one).pk]
    for delivery in Delivery.objects.select_related("event"):
        assert delivery.event.occurrence_id


def test_in_a_batch_too_the_same_source_and_id_are_taken_in_once() -> None:
    """The first of them is taken in, the others are duplicates of it, as are those of an earlier batch."""
    event_rule()
    emit("order.paid", {"n": 0}, source="shop", id="a")
    emitted = emit_many(Emission("order.paid", {"n": n}, source="shop", id=i) for n, i in enumerate(["b", "a", "b"]))
    assert [one.duplicate for one in emitted] == [False, True, True]
    assert dict(Occurrence.objects.values_list("identifier", "data__n")) == {"a": 0, "b": 0}


def test_in_a_batch_too_what_matches_no_rule_takes_nobodys_place() -> None:
    """Each emission of a batch gets the result that it would get alone, though its source and id are another's."""
    event_rule()
    unmatched, matched, again = emit_many(
        [
            Emission("order.seen", {"n": 0}, source="shop", id="a"),
            Emission("order.paid", {"n": 1}, source="shop", id="a"),
            Emission("order.seen", {"n": 2}, source="shop", id="a"),
        ]
    )
    assert taken_in(matched).data == {"n": 1}
    assert [(one.occurrence, one.duplicate) for one in (unmatched, again)] == [(None, False), (None, False)]


def test_an_empty_batch_does_nothing() -> None:
    """No emission, no result."""
    assert emit_many([]) == []


def test_one_emission_that_is_invalid_spoils_its_batch() -> None:
    """The caller hears of it before anything is written."""
    event_rule()
    good, bad = Emission("order.paid", {}, source="shop"), Emission("order.paid", {"a": float("nan")}, source="shop")
    with pytest.raises(InvalidOccurrence):
        emit_many([good, bad])
    assert written() == (0, 0, 0)


def test_a_document_that_is_too_deep_for_patterns_is_refused() -> None:
    """As what cannot be JSON."""
    event_rule(pattern={"data": {"a": {"b": [1]}}})
    with pytest.raises(InvalidOccurrence, match="data"):
        emit("order.paid", nested(600), source="shop")


def test_a_condition_in_python_is_asked_of_what_the_pattern_let_through() -> None:
    """The rule is triggered if both agree, and may describe what it saw."""
    with rule_type("SOMETIMES", Sometimes):
        make_rule("SOMETIMES", {})
        assert emit("order.paid", {"total": 5}, source="shop").events == ()
        (event,) = emit("order.paid", {"total": 500}, source="shop").events
        assert emit("order.placed", {}, source="shop").failures == ()
    assert TriggerEvent.objects.get().description == event.description == {"total": 500}


@pytest.mark.parametrize("configuration", [Sometimes, Undeclared, Querying, BadlyDescribed, QueryingDescription])
def test_a_rule_that_fails_to_evaluate_stops_nobody(
    configuration: type[TriggerRuleConfiguration], caplog: pytest.LogCaptureFixture
) -> None:
    """It is recorded with its reason, and asks for nothing; the other rule is triggered all the same."""
    with rule_type("FAILING", configuration), note_action() as note:
        failing = make_rule("FAILING", {"actions": [note]})
        event_rule(actions=[note])
        with caplog.at_level(logging.CRITICAL, "detent.trigger"):
            emitted = emit("order.paid", {"order": 1}, source="shop")
    (failure,) = emitted.failures
    stored = TriggerEvent.objects.get(pk=failure.pk)
    assert (stored.rule, stored.outcome) == (failing, TriggerEvent.FAILED)
    assert "total" in stored.reason or "nowhere" in stored.reason or "queries = True" in stored.reason
    assert len(emitted.events) == 1
    assert written() == (1, 2, 1)


def test_a_condition_may_ask_the_database_if_its_type_says_so() -> None:
    """It runs in a savepoint."""
    with rule_type("COUNTING", Counting):
        make_rule("COUNTING", {})
        assert not emit("order.paid", {}, source="shop", record=True).events
        assert emit("order.paid", {}, source="shop").events


def test_a_template_that_cannot_be_filled_in_stops_nobody() -> None:
    """What the document does not have is missed by the worker that runs the delivery; its error is there to be read."""
    with note_action() as note:
        event_rule(actions=[note])
        event_rule(actions=[{**note, "input": {"order": "${subject}"}}])
        emitted = emit("order.paid", {}, source="shop")
        deliver_all()
    assert (len(emitted.events), emitted.failures) == (2, ())
    assert {str(delivery.state) for delivery in Delivery.objects.all()} == {"dead"}
    assert all("order" in delivery.error for delivery in Delivery.objects.all())


def test_a_failure_that_names_what_no_database_stores_is_recorded() -> None:
    """NUL and half surrogates in an error's text do not spoil the caller's transaction."""

    class Garbled(Sometimes):
        def applies_to(self, document: Document) -> bool:
            raise ValueError("\0\udc80")

    with rule_type("GARBLED", Garbled):
        make_rule("GARBLED", {})
        logging.disable()
        try:
            emit("order.paid", {}, source="shop")
        finally:
            logging.disable(logging.NOTSET)
    assert TriggerEvent.objects.get().reason == "ValueError: \\x00\\udc80"


def test_a_stored_rule_that_cannot_be_compiled_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Its app may be gone, or a fixture wrong; the log says which rule it is."""
    with rule_type("GONE", Sometimes):
        gone = make_rule("GONE", {})
    event_rule()
    assert len(emit("order.paid", {}, source="shop").events) == 1
    assert f"Rule {gone.pk}" in caplog.text
    with pytest.raises(InvalidTriggerRule):
        make_rule("EVENT", {})


def test_a_stored_rule_whose_type_fails_to_make_a_pattern_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """The code of a rule type may have changed since the rule was made."""

    class Changed(Sometimes):
        def pattern(self) -> dict[str, Any]:
            return {"type": [self.get_dict()["kind"]]}

    with rule_type("CHANGED", Changed):
        broken = stored_rule("CHANGED", {})
        event_rule()
        assert len(emit("order.paid", {}, source="shop").events) == 1
    assert f"Rule {broken.pk}" in caplog.text


def test_each_lineage_is_triggered_once_by_an_occurrence() -> None:
    """The database holds it, whoever tries."""
    rule = event_rule()
    (event,) = emit("order.paid", {}, source="shop").events
    with pytest.raises(DatabaseError), transaction.atomic():
        TriggerEvent.objects.create(
            type="EVENT", rule=rule, lineage=rule.lineage, occurrence=event.occurrence, occurred=WHEN
        )


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_rolls_back_leaves_no_trace() -> None:
    """What it emitted is not there, and its id is free."""
    with note_action() as note:
        event_rule(actions=[note])
    with transaction.atomic():
        emit("order.paid", {"order": 1}, source="shop", id="1")
        transaction.set_rollback(True)
    assert written() == (0, 0, 0)
    assert not emit("order.paid", {"order": 1}, source="shop", id="1").duplicate


@pytest.mark.django_db(transaction=True)
@override_settings(DETENT={"DISPATCHER": f"{__name__}.Recorder"})
def test_the_dispatcher_gets_its_hint_after_the_commit() -> None:
    """Once for all deliveries, with their keys and the database; not for what rolled back or asks for nothing."""
    hints.clear()
    with note_action() as note:
        event_rule(actions=[note])
    event_rule("order.placed")
    with transaction.atomic():
        emit_many(Emission("order.paid", {"order": number}, source="shop") for number in range(3))
        emit("order.placed", {}, source="shop")
        assert hints == []
    assert [(sorted(keys), using) for keys, using in hints] == [
        (sorted(Delivery.objects.values_list("pk", flat=True)), "default")
    ]


@pytest.mark.django_db(transaction=True)
@override_settings(DETENT={"DISPATCHER": f"{__name__}.BrokenDispatcher"})
def test_a_hint_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged; the rows are there, and a worker that polls finds them."""
    with note_action() as note:
        event_rule(actions=[note])
    assert emit("order.paid", {"order": 1}, source="shop").events
    assert written() == (1, 1, 1)
    assert "ConnectionError" in caplog.text


def test_a_transaction_that_cannot_commit_takes_nothing_in() -> None:
    """Django's own error says so."""
    event_rule()
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            emit("order.paid", {}, source="shop")


@pytest.mark.django_db(transaction=True)
def test_whoever_says_it_first_is_heard_once() -> None:
    """Four at a time say the same things in different orders: each is taken in by one of them, and nobody deadlocks."""
    event_rule()
    identifiers = [str(number) for number in range(20)]

    def say(turn: int) -> int:
        order = identifiers[turn:] + identifiers[:turn]
        try:
            with transaction.atomic():
                emitted = emit_many(Emission("order.paid", {}, source="shop", id=each) for each in order)
            return sum(not one.duplicate for one in emitted)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(say, (0, 5, 10, 15)))
    assert sum(heard) == len(identifiers)
    assert written() == (20, 20, 0)


def test_an_occurrence_says_what_it_was_emitted_in_the_course_of() -> None:
    """The cause, and its depth in the chain of causes."""
    event_rule()
    with caused_by("delivery:17"), below(3):
        occurrence = emit("order.paid", {}, source="shop").occurrence
    assert occurrence
    assert (occurrence.cause, occurrence.depth) == ("delivery:17", 4)


@override_settings(DETENT={"MAX_CAUSATION_DEPTH": 4})
def test_a_chain_of_causes_has_an_end() -> None:
    """Two rules that trigger each other do not do so for ever."""
    event_rule()
    with caused_by("delivery:17"), below(3):
        emit("order.paid", {}, source="shop")
    with caused_by("delivery:18"), below(4), pytest.raises(CausationTooDeep, match="delivery:18") as caught:
        emit("order.paid", {}, source="shop")
    assert (caught.value.depth, caught.value.cause) == (5, "delivery:18")


def test_a_delivery_is_due_at_once_by_the_databases_clock() -> None:
    """Whatever this process takes for the time."""
    with note_action() as note:
        event_rule(actions=[note])
    emit("order.paid", {"order": 1}, source="shop")
    assert abs(Delivery.objects.get().due - datetime.now(UTC)) < timedelta(minutes=1)


BAD_INPUT: dict[str, dict[str, Any]] = {
    "deep data": {"data": nested(300)},
    "data that hold themselves": {"data": endless()},
    "huge data": {"data": {"text": "x" * 300_000}},
    "a number of thousands of digits": {"data": {"number": 10**5000}},
    "a NUL character in data": {"data": {"text": "a\0b"}},
    "a NUL character in a key": {"data": {"a\0b": 1}},
    "a NUL character in a name": {"source": "sh\0op"},
    "half a surrogate pair": {"data": {"name": "\udc80"}},
    "a naive date-time in data": {"data": {"at": datetime(2026, 11, 22)}},  # noqa: DTZ001
    "a naive date-time": {"occurred": datetime(2026, 11, 22)},  # noqa: DTZ001
    "not a number": {"data": {"total": float("nan")}},
    "a type that is too long": {"type": "t" * 256},
    "an id that is too long": {"id": "i" * 256},
    "a subject that is too long": {"subject": "s" * 256},
    "no mapping": {"data": [1]},
}


@pytest.mark.parametrize("parts", BAD_INPUT.values(), ids=BAD_INPUT)
def test_nothing_is_written_of_bad_input(parts: dict[str, Any]) -> None:
    """The error says what is wrong, and the caller's transaction goes on."""
    with note_action() as note:
        make_rule("EVENT", {"version": "1.0", "pattern": {"source": [{"exists": True}]}, "actions": [note]})
    with pytest.raises(InvalidOccurrence):
        emit_many([{"type": "order.paid", "data": {}, "source": "shop"}, {**GOOD, **parts}], record=True)
    assert written() == (0, 0, 0)


def test_the_longest_names_are_taken_in() -> None:
    """An event keeps the first 50 characters of its occurrence's type, which is what its column takes."""
    make_rule("EVENT", {"version": "1.0", "pattern": {"source": [{"exists": True}]}, "actions": []})
    (event,) = emit("t" * 255, {}, source="s" * 255, id="i" * 255, subject="u" * 255).events
    assert TriggerEvent.objects.get() == event
    assert event.type == "t" * 50


@pytest.mark.django_db(transaction=True)
def test_emitting_from_asynchronous_code() -> None:
    """Many at once, in an event loop: each is taken in, on the connection that Django gives asynchronous code."""
    with note_action() as note:
        event_rule(actions=[note])

    async def pay_all() -> list[Emitted]:
        paying = (aemit("order.paid", {"order": n}, source="shop", id=str(n)) for n in (*range(5), 0))
        emitted = await asyncio.gather(*paying)
        assert await Occurrence.objects.acount() == 5
        return emitted

    emitted = async_to_sync(pay_all)()
    assert [one.duplicate for one in emitted] == [False] * 5 + [True]
    assert written() == (5, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_what_is_emitted_from_asynchronous_code_is_part_of_the_transaction_around_it() -> None:
    """A view's transaction that rolls back takes along what an asynchronous part of it emitted."""
    event_rule()
    with transaction.atomic():
        assert async_to_sync(aemit)("order.paid", {"order": 1}, source="shop").events
        assert written() == (1, 1, 0)
        transaction.set_rollback(True)
    assert written() == (0, 0, 0)
