"""Whatever is sent to the forms and written in addresses, the admin answers, and not with an error of its own."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from detent.trigger import emit
from detent.trigger.models import Delivery, TriggerRule
from pipeline.models import Job
from tests.integration.admin.pages import admin_url
from tests.integration.pipeline_rows.factories import make_event, make_file, make_job_type
from tests.integration.trigger.factories import event_rule

SERVER_ERROR = 500
NASTY = st.sampled_from(
    ["\0", "\ud800", "\\u0000", '"\\ud800"', "{", "[" * 5000, '{"a":' * 3000, "1e999", "NaN", "9" * 5000]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("type"), inner, max_size=3),
    max_leaves=8,
).map(json.dumps)
WORDS = st.text() | NASTY
TEXTS = JSON | WORDS
KEYS = st.integers().map(str) | st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1)
SETTINGS = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def sendable(said: dict[str, Any]) -> dict[str, Any]:
    """Return fields as a request can carry them, half a surrogate pair as the bytes that a browser would not send."""
    return {
        name: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if isinstance(value, str) else value
        for name, value in said.items()
    }


class HostileInput(TestCase):
    """Forms and addresses under fire."""

    def setup_example(self) -> None:
        """Make a rule and a delivery, and log in; an example ends as it began."""
        super().setup_example()
        sold = {"action": "emit", "input": {"type": "sold", "data": {}}}
        self.rule = event_rule(name="orders", actions=[sold])
        emit("order.paid", {}, source="shop")
        self.delivery = Delivery.objects.get()
        self.client = Client()
        self.client.force_login(User.objects.create_superuser("root"))

    def check_post(self, url: str, said: dict[str, Any]) -> None:
        """Send a form."""
        assert self.client.post(url, sendable(said)).status_code < SERVER_ERROR

    @SETTINGS
    @given(name=WORDS, kind=st.just("EVENT") | WORDS, configuration=TEXTS)
    def test_new_rules(self, name: str, kind: str, configuration: str) -> None:
        """A rule is made, or refused."""
        self.check_post(
            admin_url("trigger_triggerrule_add"), {"name": name, "type": kind, "configuration": configuration}
        )

    @SETTINGS
    @given(pattern=JSON, actions=JSON)
    def test_revisions(self, pattern: str, actions: str) -> None:
        """A rule is revised, or the revision refused."""
        rule = TriggerRule.objects.get(archived=None)
        text = f'{{"version": "1.0", "pattern": {pattern}, "actions": {actions}}}'
        self.check_post(admin_url("trigger_triggerrule_revise", rule.pk), {"configuration": text})

    @SETTINGS
    @given(sample=TEXTS, occurrence=WORDS)
    def test_samples(self, sample: str, occurrence: str) -> None:
        """A sample is tested, or refused."""
        url = admin_url("trigger_triggerrule_test", self.rule.pk)
        self.check_post(url, {"sample": sample})
        self.check_post(url, {"sample": sample, "occurrence": occurrence})
        assert self.client.get(url, sendable({"occurrence": occurrence})).status_code < SERVER_ERROR

    @SETTINGS
    @given(action=st.just("redrive_selected") | WORDS, key=KEYS | WORDS, across=WORDS)
    def test_actions_of_lists(self, action: str, key: str, across: str) -> None:
        """An action is carried out, or there is nothing to do."""
        said = {"action": action, "_selected_action": [str(self.delivery.pk), key], "select_across": across}
        url = admin_url("trigger_delivery_changelist")
        self.check_post(url, {name: value for name, value in said.items() if name != "_selected_action"})
        keys = [sendable({"key": each})["key"] for each in said["_selected_action"]]
        self.check_post(url, {**said, "_selected_action": keys, "index": "0"})

    @SETTINGS
    @given(
        page=st.sampled_from(["triggerrule", "delivery", "triggerevent", "occurrence", "attempt"]),
        name=st.sampled_from(["q", "p", "state", "lineage", "outcome", "standing", "type", "o", "time__gte"]) | KEYS,
        value=WORDS,
    )
    def test_addresses_of_lists(self, page: str, name: str, value: str) -> None:
        """A list is shown, or the address is refused."""
        answer = self.client.get(admin_url(f"trigger_{page}_changelist"), sendable({name: value}))
        assert answer.status_code < SERVER_ERROR

    @SETTINGS
    @given(
        page=st.sampled_from(["triggerrule", "delivery", "triggerevent", "occurrence", "lane"]),
        key=KEYS,
        rest=st.sampled_from(["change/", "history/", "test/", "revise/", "act/cancel/", "act/none/", ""]),
    )
    def test_addresses_of_rows(self, page: str, key: str, rest: str) -> None:
        """A row is shown, or there is none."""
        answer = self.client.get(f"/admin/trigger/{page}/{key.replace('?', '').replace('#', '')}/{rest}")
        assert answer.status_code < SERVER_ERROR


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ['"\\u0000"', '{"a": "\\ud800"}', "[" * 5000, "NaN", "1" * 5000, "{"])
def test_arguments_of_transitions_that_no_database_keeps(admin_client: Client, sent: str) -> None:
    """JSON is refused that could not be stored."""
    job = Job.objects.create(job_type=make_job_type(), file=make_file(path="a.txt"), event=make_event())
    job.start()
    url = admin_url("pipeline_job_transition", job.pk, "state", "complete")
    response = admin_client.post(url, {"argument-result": sent})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
