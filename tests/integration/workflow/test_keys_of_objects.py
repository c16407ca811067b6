"""Objects with keys of any type: moved, compared and logged alike."""

import uuid

import pytest

from detent.workflow import ConcurrentTransition
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Document, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write_path")]


def test_an_object_with_a_uuid_as_its_key_is_moved_and_logged():
    document = Document.objects.create(id=uuid.UUID(int=7))
    Document.objects.get().seal()
    log = document.transition_logs.get()
    assert (log.object_key, log.content_id, log.modified_object) == (str(uuid.UUID(int=7)), None, document)
    with pytest.raises(ConcurrentTransition):
        document.seal()


def test_a_new_object_with_a_uuid_as_its_key_is_inserted():
    Document(text="new").seal()
    assert Document.objects.get().state == "sealed"


def test_an_object_with_a_key_of_two_columns_is_moved_and_logged_under_a_json_list():
    seat = Seat.objects.create(hall="Große", number=3)
    Seat.objects.create(hall="Große", number=4)
    stale = Seat.objects.get(number=3)
    seat.take()
    log = seat.transition_logs.get()
    assert (log.object_key, log.modified_object) == ('["Große", 3]', seat)
    assert Seat.objects.get(number=4).state == "free"
    with pytest.raises(ConcurrentTransition):
        stale.take()
    seat.leave()
    assert seat.transition_logs.count() == TransitionLog.objects.count() == 2


def test_a_new_object_with_a_key_of_two_columns_is_inserted():
    Seat(hall="A", number=1).take()
    assert Seat.objects.get(pk=("A", 1)).state == "taken"


def test_the_history_of_an_object_with_a_key_of_two_columns_outlives_it():
    seat = Seat.objects.create(hall="A", number=1)
    seat.take()
    seat.delete()
    assert TransitionLog.objects.get().modified_object is None
