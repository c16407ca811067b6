"""The built-in action `emit`."""

from typing import Any

import pytest
from pytest_django import Settings

from detent.settings import detent_settings
from detent.testing import deliver_all
from detent.trigger.models import Delivery, Occurrence
from tests.integration.delivery.factories import fresh, make_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping_all(settings: Settings) -> None:
    settings.DETENT = {"RECORD_UNMATCHED": True}


def run(**settings: Any) -> Delivery:
    made = make_delivery("emit", settings, data={"order": 17})
    deliver_all()
    return fresh(made)


def test_an_occurrence_is_emitted_under_the_deliverys_key_and_names_it_as_its_cause() -> None:
    done = run(type="order.checked", data={"order": "${data.order}"}, subject="17")
    emitted = Occurrence.objects.get(type="order.checked")
    assert (done.state, emitted.source, emitted.identifier, emitted.cause) == ("done", "detent", done.key, done.key)
    assert (emitted.data, emitted.subject, emitted.depth) == ({"order": 17}, "17", 1)


def test_a_redriven_delivery_emits_nothing_twice() -> None:
    done = run(type="order.checked")
    Delivery.objects.filter(pk=done.pk).update(state="dead")
    fresh(done).redrive()
    deliver_all()
    assert fresh(done).state == "done"
    assert Occurrence.objects.filter(type="order.checked").count() == 1


@pytest.mark.parametrize(
    ("given", "said"), [({"type": ""}, "must not be empty"), ({"type": "a", "source": "b" * 256}, "255 are allowed")]
)
def test_what_cannot_be_taken_in_makes_a_dead_delivery_with_the_reason(given: dict[str, str], said: str) -> None:
    dead = run(**given)
    assert (dead.state, said in dead.error) == ("dead", True)


def test_a_chain_of_causes_comes_to_an_end() -> None:
    made = make_delivery("emit", {"type": "again"})
    Occurrence.objects.update(depth=detent_settings().MAX_CAUSATION_DEPTH)
    deliver_all()
    dead = fresh(made)
    assert (dead.state, "MAX_CAUSATION_DEPTH" in dead.error) == ("dead", True)
