"""Where an object is written, there goes all of its transition: the row, the log, the transaction."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from detent.workflow import AbortTransition, ConcurrentTransition, transitioned
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Letter, Machine, Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write_path")]


@pytest.fixture(autouse=True)
def second_database(tmp_path, monkeypatch):
    """Open an SQLite file as a second database, with the tables that the tests need."""
    monkeypatch.setattr(transitioned, "receivers", [])
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "second.sqlite3")}
    monkeypatch.setitem(connections.settings, "second", connections.settings["default"] | settings | {"OPTIONS": {}})
    # Django keeps tests from connecting to databases that they do not name, which this one cannot before it is there.
    connections["second"].connect()
    with connections["second"].schema_editor() as schema:
        for model in (ContentType, User, TransitionLog, Order, Letter, Machine):
            schema.create_model(model)
    yield
    ContentType.objects.clear_cache()
    connections["second"].close()
    del connections["second"]


class WriteToSecond:
    """A router that writes to the second database what was read anywhere."""

    def db_for_write(self, model, **hints):
        return "second"


def make(**values):
    return Order.objects.using("second").create(customer="C7", total=Decimal(1), **values)


def test_an_object_is_moved_and_logged_in_the_database_out_of_which_it_was_read():
    order = make()
    order.place()
    assert (order._state.db, Order.objects.using("second").get().state) == ("second", "placed")
    log = TransitionLog.objects.using("second").get()
    assert log.content_type == ContentType.objects.db_manager("second").get_for_model(Order)
    assert list(order.transition_logs) == [log]
    assert (Order.objects.count(), TransitionLog.objects.count()) == (0, 0)


def test_a_router_says_where_an_object_is_written_that_was_read_from_a_replica(make_order, settings):
    replica = make_order()
    make(pk=replica.pk)
    settings.DATABASE_ROUTERS = [WriteToSecond()]
    replica.place()
    assert (replica._state.db, Order.objects.using("second").get().state) == ("second", "placed")
    assert Order.objects.using("default").get().state == "draft"
    assert TransitionLog.objects.using("second").count() == 1


def test_what_fails_is_undone_in_that_database():
    letter = Letter.objects.using("second").create(text="fail in enter")
    with pytest.raises(RuntimeError):
        letter.stamp()
    stored = Letter.objects.using("second").get()
    assert (letter.state, stored.state, TransitionLog.objects.using("second").count()) == ("written", "written", 0)


def test_a_conflict_and_a_key_are_found_in_that_database():
    order, stale = make(), Order.objects.using("second").get()
    order.place.options(key="k")()
    with pytest.raises(ConcurrentTransition):
        stale.place()
    stale.place.options(key="k")()
    assert stale.state == "placed"


def test_a_row_is_locked_in_that_database():
    machine = Machine.objects.using("second").create()
    Machine.objects.using("second").update(state="running")
    machine.stop()
    assert Machine.objects.using("second").get().state == "cooling"
    with pytest.raises(AbortTransition):
        machine.start()
