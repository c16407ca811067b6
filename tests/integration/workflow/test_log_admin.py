"""The admin of the log lists and shows, and changes nothing."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import translation

from detent.workflow.log.models import TransitionLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(make_order, client):
    client.force_login(User.objects.create_superuser("root"))
    order = make_order()
    order.place()
    return order.transition_logs.get()


def test_the_list_shows_object_transition_and_states_and_finds_by_name(log, client):
    address = reverse("admin:xworkflow_log_transitionlog_changelist")
    page = client.get(address, {"q": "place"}).content.decode()
    assert "order" in page
    assert "placed" in page
    assert str(log.modified_object) not in client.get(address, {"q": "ship"}).content.decode()


def test_an_entry_is_shown_and_not_changed_added_or_deleted(log, client):
    change = reverse("admin:xworkflow_log_transitionlog_change", args=[log.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"to_state": "paid"}).status_code == 403
    assert client.get(reverse("admin:xworkflow_log_transitionlog_add")).status_code == 403
    assert client.post(reverse("admin:xworkflow_log_transitionlog_delete", args=[log.pk])).status_code == 403
    assert TransitionLog.objects.get().to_state == "placed"


def test_the_pages_are_shown_in_french(log, client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    # The middleware leaves its language to the next request.
    with translation.override("en"):
        for page, keys in (("changelist", []), ("change", [log.pk])):
            address = reverse(f"admin:xworkflow_log_transitionlog_{page}", args=keys)
            text = client.get(address, headers={"accept-language": "fr"}).content.decode().lower()
            assert [label for label in ("objet modifié", "état de départ", "auteur") if label not in text] == []
