"""Rules and events over HTTP: who may read them, what is shown, and at what cost."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from detent.trigger import TriggerEvent, TriggerRule
from detent.trigger.views import NewestFirst
from tests.integration.trigger.factories import event_rule

WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
pytestmark = pytest.mark.urls("tests.rest_urls")


def client_with(*codenames: str) -> APIClient:
    """Make a user with permissions of the trigger app, and a client that has logged in."""
    user = User.objects.create_user("ann")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="trigger", codename__in=codenames))
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def client(db: None) -> APIClient:
    """Return the client of someone who may see rules and events."""
    return client_with("view_triggerrule", "view_triggerevent")


def event_of(rule: TriggerRule | None) -> TriggerEvent:
    """Make an event."""
    return TriggerEvent.objects.create_trigger_event("EVENT", rule, {"order": 17}, WHEN)


def test_rules_are_listed_newest_first_without_their_configuration(client: APIClient) -> None:
    """As the seed's serializer shows them, and where each stands among its revisions."""
    old, new = event_rule(name="old"), event_rule(name="new")
    response = client.get(reverse("trigger:rule-list"))
    assert response.status_code == 200
    assert [shown["id"] for shown in response.json()["results"]] == [new.pk, old.pk]
    keys = {"id", "type", "name", "is_active", "created", "archived", "last_modified"}
    assert set(response.json()["results"][0]) == {*keys, "uuid", "lineage", "supersedes"}


def test_a_rule_is_shown_with_its_configuration(client: APIClient) -> None:
    """As the seed's serializer of details shows it."""
    rule = event_rule("order.paid", name="review")
    shown = client.get(reverse("trigger:rule-detail", args=[rule.pk])).json()
    assert (shown["name"], shown["configuration"]) == ("review", rule.configuration)


def test_events_are_listed_newest_first_each_with_the_key_of_its_rule(client: APIClient) -> None:
    """An event need not have one."""
    rule = event_rule()
    first, second = event_of(rule), event_of(None)
    shown = client.get(reverse("trigger:event-list")).json()["results"]
    assert [(event["id"], event["rule"]) for event in shown] == [(second.pk, None), (first.pk, {"id": rule.pk})]
    assert set(shown[0]) == {"id", "type", "rule", "occurred", "lineage", "occurrence", "outcome", "reason"}


def test_an_event_is_shown_with_its_rule_and_description(client: APIClient) -> None:
    """Both whole."""
    rule = event_rule(name="review")
    shown = client.get(reverse("trigger:event-detail", args=[event_of(rule).pk])).json()
    assert shown["description"] == {"order": 17}
    assert (shown["rule"]["id"], shown["rule"]["configuration"]) == (rule.pk, rule.configuration)


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("kind", ["rule", "event"])
def test_a_list_costs_one_query_however_many_rows_it_has(client: APIClient, kind: str, rows: int) -> None:
    """Beside those for session, user and permissions."""
    for number in range(rows):
        event_of(event_rule(name=f"rule {number}"))
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(reverse(f"trigger:{kind}-list")).json()["results"]) == rows
    asked = [query["sql"] for query in captured if f'FROM "trigger_{kind}"' in query["sql"].replace("`", '"')]
    assert len(asked) == 1
    assert len(captured) <= 5
    assert "configuration" not in asked[0]


def test_pages_follow_one_another_to_the_last_row(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that come in meanwhile shift nothing."""
    monkeypatch.setattr(NewestFirst, "page_size", 2)
    expected = [event_of(None).pk for _ in range(5)][::-1]
    seen, url = [], reverse("trigger:event-list")
    while url:
        page = client.get(url).json()
        seen += [event["id"] for event in page["results"]]
        url = page["next"]
        event_of(None)
    assert seen == expected


def test_a_page_has_a_hundred_rows(client: APIClient) -> None:
    """No parameter makes it larger: one that nothing reads is refused."""
    TriggerEvent.objects.bulk_create(TriggerEvent(type="EVENT", description={}, occurred=WHEN) for _ in range(101))
    page = client.get(reverse("trigger:event-list")).json()
    assert len(page["results"]) == 100
    assert page["next"]
    for parameter in ("page_size", "limit"):
        assert client.get(reverse("trigger:event-list"), {parameter: 1000}).status_code == 400


@pytest.mark.parametrize("cursor", ["cD1hYmM=", "nonsense", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_no_page_gave_is_no_server_error(client: APIClient, cursor: str) -> None:
    """One whose position is a word, one that is no cursor, and one beyond any row."""
    response = client.get(reverse("trigger:event-list"), {"cursor": cursor})
    assert response.status_code == (200 if cursor.startswith("cD05") else 404)


@pytest.mark.parametrize("key", ["999999", "word", "99999999999999999999"])
@pytest.mark.parametrize("kind", ["rules", "events"])
def test_a_row_that_there_is_not_is_not_found(client: APIClient, kind: str, key: str) -> None:
    """A key that can be none included."""
    assert client.get(f"/triggers/{kind}/{key}/").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_row_is_edited_or_deleted(client: APIClient, method: str) -> None:
    """Rules are revised and archived, and events are history."""
    rule = event_rule()
    for url in (reverse("trigger:rule-list"), reverse("trigger:rule-detail", args=[rule.pk])):
        assert getattr(client, method)(url, {}, format="json").status_code == 405
    assert TriggerRule.objects.get().is_active


@pytest.mark.django_db
def test_the_view_permission_of_each_model_is_needed_to_read_it() -> None:
    """That of the other model, or of changing, is not enough."""
    client = client_with("view_triggerevent", "change_triggerrule", "delete_triggerrule")
    rule = event_rule()
    assert client.get(reverse("trigger:event-list")).status_code == 200
    for method in (client.get, client.head, client.options):
        assert method(reverse("trigger:rule-list")).status_code == 403
        assert method(reverse("trigger:rule-detail", args=[rule.pk])).status_code == 403


@pytest.mark.django_db
def test_who_has_not_logged_in_reads_nothing() -> None:
    """Whatever the project's own default permissions are."""
    assert APIClient().get(reverse("trigger:rule-list")).status_code == 403
    assert APIClient().get(reverse("trigger:event-list")).status_code == 403


def test_without_a_project_that_asks_for_it_the_framework_is_not_imported() -> None:
    """The extra `rest` stays an extra."""
    program = """
import sys
import django
from django.conf import settings
from django.core.management import call_command

settings.configure(INSTALLED_APPS=[
    "django.contrib.auth", "django.contrib.contenttypes",
    "detent.workflow", "detent.workflow.log", "detent.trigger",
])
django.setup()
call_command("check")
assert "rest_framework" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
