"""The lists of the admin: a bounded number of queries, no counting, and pages that begin at a key."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from detent.trigger import emit
from detent.trigger.models import (
    Attempt,
    ClockSchedule,
    Delivery,
    Lane,
    OrderingKey,
    TriggerRule,
    WebhookEndpoint,
    Window,
)
from tests.integration.admin.pages import admin_url, text_of
from tests.integration.trigger.factories import event_rule, note_action
from tests.shop.models import Order

pytestmark = pytest.mark.django_db

MODELS = (
    *("triggerrule", "occurrence", "triggerevent", "delivery", "attempt", "clockschedule", "lane", "orderingkey"),
    *("ruleswitch", "webhookendpoint", "window", "workflowtimer"),
)
LISTS = [*(f"trigger_{model}_changelist" for model in MODELS), "xworkflow_log_transitionlog_changelist"]


def fill(count: int) -> None:
    """Make so many rows of each kind, each of another rule."""
    now = timezone.now()
    root, _ = User.objects.get_or_create(username="root")
    for number in range(count):
        with note_action() as note:
            rule = event_rule(f"order.{root.pk}.{TriggerRule.objects.count()}", name=f"rule {number}", actions=[note])
            emit(rule.configuration["pattern"]["type"][0], {"order": number}, source="shop")
        rule.pause(by=root)
        Lane.objects.create(lineage=rule.lineage)
        OrderingKey.objects.create(lineage=rule.lineage, key="k")
        Window.objects.create(lineage=rule.lineage, key="k", due=now)
        ClockSchedule.objects.create(
            lineage=rule.lineage, rule=rule, rule_modified=now, revised=now, start=now, told=now, due=now
        )
        WebhookEndpoint.objects.create(name=str(rule.pk))
        # It is to expire: a timer.
        Order.objects.create(customer="C", total=1).place()
    for delivery in Delivery.objects.filter(tries=None):
        Attempt.objects.create(delivery=delivery, number=1, epoch=1, started=now, outcome="dead")


def queries(client: Client, url: str) -> list[str]:
    """Return the statements that a page needs."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        text_of(client, url)
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def filled(admin_client: Client) -> Callable[[str], tuple[list[str], list[str]]]:
    """Return the statements of a list with few rows, and with more."""

    def statements(page: str) -> tuple[list[str], list[str]]:
        url = admin_url(page)
        fill(2)
        # What is read once a process, such as content types, is read by then.
        queries(admin_client, url)
        few = queries(admin_client, url)
        fill(6)
        return few, queries(admin_client, url)

    return statements


@pytest.mark.parametrize("page", LISTS)
def test_more_rows_need_no_more_queries(page: str, filled: Callable[[str], tuple[list[str], list[str]]]) -> None:
    """However many rows a page shows, it takes the same few statements, the session and the user among them."""
    few, many = filled(page)

    assert len(many) == len(few), many
    assert len(many) <= 8, many


@pytest.mark.parametrize("page", LISTS)
def test_no_list_counts_its_table(page: str, filled: Callable[[str], tuple[list[str], list[str]]]) -> None:
    """A count stands only inside the rows of a page, where it is bounded."""
    _, many = filled(page)

    assert [statement for statement in many if re.match(r"SELECT COUNT|SELECT DISTINCT", statement)] == []


def test_older_rows_are_a_link_away(admin_client: Client) -> None:
    """A page begins after the last row of the one before it, and filters stay."""
    rule = event_rule(name="orders")
    for number in range(101):
        emit("order.paid", {}, source="shop", id=f"evt-{number}")
    url = admin_url("trigger_occurrence_changelist")
    newest = text_of(admin_client, url)
    assert "evt-100<" in newest
    assert "evt-0<" not in newest
    (older,) = re.findall(r'href="(\?p=\d+)" rel="next"', newest)
    oldest = text_of(admin_client, f"{url}{older}")

    assert "evt-0<" in oldest
    assert "evt-100<" not in oldest
    assert "Newest" in oldest
    filtered = text_of(admin_client, admin_url("trigger_triggerevent_changelist"), lineage=str(rule.lineage))
    assert f"lineage={rule.lineage}" in re.findall(r'href="([^"]+)" rel="next"', filtered)[0]


@pytest.mark.parametrize("place", ["x", "-1", "0", str(10**30), "1.5", "²"])
def test_a_page_that_is_none_is_the_newest(admin_client: Client, place: str) -> None:
    """Whatever stands in the address."""
    event_rule()
    emit("order.paid", {}, source="shop", id="evt-1")

    assert "evt-1" in text_of(admin_client, admin_url("trigger_occurrence_changelist"), p=place)
