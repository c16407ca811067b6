"""What a workflow may ask of rows: to be locked, to be told apart by a version, to be written in part."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from detent.machine import MalformedDefinition
from detent.workflow import (
    ConcurrentTransition,
    ForbiddenTransition,
    InvalidTransitionError,
    StateField,
    Workflow,
    WorkflowEnabled,
    transitioned,
)
from tests.shop.models import Document, Machine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write_path")]

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def statements(queries):
    words = [query["sql"].split()[0] for query in queries]
    return [word for word in words if word not in {"SAVEPOINT", "RELEASE"}]


def test_a_version_is_counted_up_by_each_transition():
    document = Document.objects.create()
    document.edit()
    document.seal()
    assert document.revision == Document.objects.get().revision == 2


def test_a_version_tells_a_stale_copy_of_a_self_transition_apart():
    Document.objects.create()
    first, second = Document.objects.get(), Document.objects.get()
    first.edit()
    with pytest.raises(ConcurrentTransition, match="revision 0"):
        second.edit()
    assert (second.revision, Document.objects.get().revision) == (0, 1)
    second.refresh_from_db()
    second.edit()


def test_a_version_tells_a_stale_copy_of_an_object_that_is_back_in_its_state_apart():
    stale = Document.objects.create()
    fresh = Document.objects.get()
    fresh.seal()
    fresh.unseal()
    with pytest.raises(ConcurrentTransition):
        stale.seal()
    assert stale.state == "open"


def test_a_version_is_put_back_when_the_transition_fails(monkeypatch):
    document = Document.objects.create()
    monkeypatch.setattr(type(Document.state), "db_log", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        document.edit()
    assert (document.revision, Document.objects.get().revision) == (0, 0)


def test_a_transition_writes_the_state_the_fields_named_and_nothing_else():
    machine = Machine.objects.create(name="press")
    Machine.objects.update(name="renamed meanwhile", started=LONG_AGO, seen=LONG_AGO)
    machine.start()
    stored = Machine.objects.get()
    assert (stored.state, stored.starts, stored.name) == ("running", 1, "renamed meanwhile")
    assert (stored.started > LONG_AGO, stored.seen) == (True, LONG_AGO)


def test_a_field_that_is_not_named_stays_changed_in_memory_alone():
    machine = Machine.objects.create(name="press")
    machine.name = "lathe"
    machine.start()
    assert (machine.name, Machine.objects.get().name) == ("lathe", "press")


def test_a_row_is_locked_and_its_state_read_again_before_the_checks():
    machine = Machine.objects.create(name="press")
    Machine.objects.update(state="running", broken=True)
    machine.stop()
    assert Machine.objects.get().state == "cooling"


def test_nothing_but_the_state_is_read_again():
    machine = Machine.objects.create(name="press")
    Machine.objects.update(name="lathe", broken=True)
    machine.start()
    assert (machine.name, machine.broken) == ("press", False)


def test_who_is_refused_holds_the_state_that_the_row_has():
    machine = Machine.objects.create(name="press")
    Machine.objects.update(state="cooling")
    with pytest.raises(InvalidTransitionError, match="from state 'cooling'"):
        machine.start()
    assert machine.state == "cooling"


def test_a_check_refuses_under_the_lock():
    machine = Machine.objects.create(broken=True)
    with pytest.raises(ForbiddenTransition):
        machine.start()
    assert Machine.objects.get().state == "idle"


def test_a_row_that_is_gone_cannot_be_locked():
    machine = Machine.objects.create()
    Machine.objects.all().delete()
    with pytest.raises(ConcurrentTransition, match="deleted"):
        machine.start()
    assert machine.state == "idle"


def test_a_new_object_has_no_row_to_lock():
    Machine(name="press").start()
    assert Machine.objects.get().state == "running"


def test_a_lock_takes_one_statement_more(write_path, monkeypatch):
    monkeypatch.setattr(transitioned, "receivers", [])
    Machine.objects.create().start()
    machine = Machine.objects.create()
    with CaptureQueriesContext(connection) as queries:
        machine.start()
    in_one = connection.vendor == "postgresql" and write_path == "compiled"
    assert statements(queries) == ["SELECT", *(["WITH"] if in_one else ["UPDATE", "INSERT"])]
    assert (" FOR UPDATE" in queries[1]["sql"]) == (connection.vendor != "sqlite")


@pytest.mark.django_db(transaction=True)
def test_who_comes_second_waits_for_the_row_and_then_moves_it_on():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the database, and so is asked by IMMEDIATE transactions")
    machine, begun, stopped = Machine.objects.create(), Event(), []

    def stop():
        begun.set()
        copy = Machine.objects.get()
        copy.stop()
        stopped.append(copy.state.name)
        connection.close()

    second = Thread(target=stop)
    with transaction.atomic():
        machine.start()
        second.start()
        begun.wait()
    second.join()
    assert (stopped, Machine.objects.get().state) == (["cooling"], "cooling")


@isolate_apps("tests.shop")
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"lock": "table"}, r"Odd\.lock is 'table'; it can be 'row' or ''"),
        ({"version": "revision"}, r"Odd\.version names 'revision', which is no field of shop\.Item"),
        ({"version": "note"}, r"Odd\.version names 'note', which must be an integer field that is never NULL"),
        ({"writes": ("state", "size")}, r"Odd\.writes names 'size', which is no field of shop\.Item"),
        ({"writes": "size"}, r"Odd\.writes names 'size'"),
    ],
)
def test_an_option_that_the_model_cannot_meet_is_refused_where_the_model_is_made(options, complaint):
    odd = type("Odd", (Workflow,), {"states": (("a", "A"),), "transitions": (), "initial_state": "a", **options})
    fields = {"note": models.CharField(max_length=9), "state": StateField(odd)}
    with pytest.raises(MalformedDefinition, match=complaint) as refused:
        type(models.Model)("Item", (WorkflowEnabled, models.Model), {"__module__": "tests.shop.models", **fields})
    assert refused.value.workflow == "Odd"
