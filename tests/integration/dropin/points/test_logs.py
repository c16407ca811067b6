"""Points 44, 58 to 64 and 66 of the drop-in behaviour: logs, and what of them can be overridden."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from django_xworkflows import models as xwf_models
from django_xworkflows.xworkflow_log.admin import TransitionLogAdmin
from django_xworkflows.xworkflow_log.models import TransitionLog
from tests.refunds.models import LabelLog, Refund, RefundLog, RefundWorkflow, Voucher
from tests.shop.models import Booking, BookingWorkflow

pytestmark = pytest.mark.django_db

# Run as a process of its own, with settings of its own; prints what stands in the last line.
PROGRAM = """
import json
import django
from django.conf import settings
installed = ["django.contrib.contenttypes", "django.contrib.auth", "django_xworkflows", {apps}]
settings.configure(INSTALLED_APPS=installed, {settings})
django.setup()
from django_xworkflows import models
print(json.dumps({expression}))
"""


def in_a_project(expression, apps="", settings=""):
    """Return what an expression is worth in a project with these apps and settings."""
    program = PROGRAM.format(apps=apps, settings=settings, expression=expression)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_each_state_field_has_a_workflow_and_a_log_of_its_own():
    """Point 44: several state fields per class, in `_workflows` and `_xworkflows_implems`."""
    refund = Refund.objects.create()
    refund.refuse()
    refund.print_label()
    assert {name: type(field) for name, field in Refund._workflows.items()} == {
        "state": xwf_models.StateField,
        "label": xwf_models.StateField,
    }
    assert set(Refund._xworkflows_implems) == {"state", "label"}
    assert (RefundLog.objects.get().to_state, LabelLog.objects.get().to_state) == ("refused", "printed")


def test_transitions_are_told_to_the_logger_of_the_original(caplog):
    """Point 58: "%s performed transition %s.%s (%s -> %s)"."""
    with caplog.at_level(logging.INFO, "xworkflows.transitions"):
        Booking.objects.create(pk=3).confirm("x")
    [told] = caplog.messages
    assert told == "<Booking: booking 3> performed transition BookingWorkflow.confirm (asked -> confirmed)"


def test_the_class_of_a_log_model_wins_over_its_name():
    """Point 59: `log_model_class` (attr or init kwarg) over `log_model`."""
    assert RefundWorkflow().get_log_model() is RefundLog
    assert RefundWorkflow(log_model_class=TransitionLog).get_log_model() is TransitionLog
    assert RefundWorkflow(log_model="xworkflow_log.TransitionLog").get_log_model() is TransitionLog

    class Both(RefundWorkflow):
        log_model_class = LabelLog

    assert Both().get_log_model() is LabelLog


def test_an_empty_name_disables_the_log():
    """Point 59: '' disables."""
    assert RefundWorkflow(log_model="").get_log_model() is None


def test_the_log_model_is_looked_up_once_for_a_workflow():
    """Point 59: resolved lazily and cached on the workflow instance."""
    workflow = RefundWorkflow()
    assert workflow.log_model_class is None
    assert workflow._get_log_model_class() is workflow.log_model_class is RefundLog
    assert RefundWorkflow.log_model_class is None


@pytest.mark.parametrize(
    ("apps", "expected"), [("'django_xworkflows.xworkflow_log'", "xworkflow_log.TransitionLog"), ("", "")]
)
def test_there_is_a_default_log_if_its_app_is_installed(apps, expected):
    """Point 59: read at import time."""
    expression = "[models.Workflow.log_model, models.get_default_log_model()]"
    assert in_a_project(expression, apps=apps) == [expected, expected]


def test_a_log_row_keeps_names():
    """Point 60: transition, from_state, to_state (Char 255, indexed), timestamp (default timezone.now, indexed)."""
    columns = {field.name: field for field in xwf_models.BaseTransitionLog._meta.fields}
    assert list(columns) == ["transition", "from_state", "to_state", "timestamp"]
    assert all(column.db_index for column in columns.values())
    assert {columns[name].max_length for name in ("transition", "from_state", "to_state")} == {255}
    assert columns["timestamp"].default is timezone.now
    assert xwf_models.GenericTransitionLog._meta.ordering == ("-timestamp", "transition")
    Booking.objects.create().confirm("x")
    row = TransitionLog.objects.get()
    assert (row.transition, row.from_state, row.to_state) == ("confirm", "asked", "confirmed")


def test_the_newest_row_is_first_and_those_of_one_time_are_by_name():
    """Point 60: ordering `('-timestamp','transition')`."""
    booking, now = Booking.objects.create(), timezone.now()
    for name, timestamp in [("b", now), ("a", now), ("c", now + timedelta(seconds=1))]:
        TransitionLog.log_transition(name, "", "", booking, timestamp=timestamp)
    assert list(TransitionLog.objects.values_list("transition", flat=True)) == ["c", "a", "b"]


def test_further_attributes_are_taken_from_the_calls_arguments():
    """Point 60: `EXTRA_LOG_ATTRIBUTES = ((db_field, kwarg, default),)`; `MODIFIED_OBJECT_FIELD`."""
    refund = Refund.objects.create()
    refund.grant(because="late")
    assert (refund.refundlog.reason, refund.refundlog.get_modified_object()) == ("late", refund)
    refund.reopen()
    assert RefundLog.objects.get().reason == "none given"
    assert xwf_models.BaseTransitionLog.EXTRA_LOG_ATTRIBUTES == ()
    assert xwf_models.BaseTransitionLog.MODIFIED_OBJECT_FIELD == ""


def test_a_generic_log_points_by_content_type_and_id():
    """Point 61: `content_id` PositiveIntegerField (nullable)."""
    booking = Booking.objects.create()
    booking.confirm("x")
    row = TransitionLog.objects.get()
    assert (row.content_type, row.content_id) == (ContentType.objects.get_for_model(Booking), booking.pk)
    assert row.modified_object == booking
    column = xwf_models.GenericTransitionLog._meta.get_field("content_id")
    assert (type(column), column.null) == (models.PositiveIntegerField, True)


def test_a_log_of_the_last_transition_has_one_row_for_an_object():
    """Point 62: updated with new timestamp."""
    refund, long_ago = Refund.objects.create(), datetime(2020, 1, 1, tzinfo=UTC)
    refund.grant()
    RefundLog.objects.update(timestamp=long_ago)
    refund.reopen()
    row = RefundLog.objects.get()
    assert (row.transition, row.from_state, row.to_state) == ("reopen", "granted", "asked")
    assert row.timestamp > long_ago


def test_a_generic_log_of_the_last_transition_is_unique_for_an_object():
    """Point 62: unique (content_type, content_id), related_name last_transition_logs."""
    first, second = Refund.objects.create(), Refund.objects.create()
    first.print_label()
    first.tear_off()
    second.print_label()
    rows = LabelLog.objects.order_by("content_id").values_list("content_id", "transition")
    assert list(rows) == [(first.pk, "tear_off"), (second.pk, "print_label")]
    assert LabelLog._meta.unique_together == (("content_type", "content_id"),)
    assert ContentType.objects.get_for_model(Refund).last_transition_logs.count() == 2
    assert LabelLog.objects.first().modified_object in {first, second}


def test_the_log_keeps_who_performed_a_transition():
    """Point 63: kwarg `user`, nullable, verbose "author"."""
    ann = User.objects.create_user("ann")
    Booking.objects.create().confirm("x", user=ann)
    assert TransitionLog.objects.get().user == ann
    column = TransitionLog._meta.get_field("user")
    assert (column.null, str(column.verbose_name)) == (True, "author")


@pytest.mark.parametrize(
    ("settings", "expected"), [("", "auth.User"), ("XWORKFLOWS_USER_MODEL='auth.Group'", "auth.Group")]
)
def test_a_setting_says_who_may_perform_a_transition(settings, expected):
    """Point 63: FK to `XWORKFLOWS_USER_MODEL` else `AUTH_USER_MODEL`."""
    user = "django.apps.apps.get_model('xworkflow_log.TransitionLog')._meta.get_field('user')"
    assert in_a_project(f"{user}.related_model._meta.label", "'django_xworkflows.xworkflow_log'", settings) == expected


def test_a_row_shows_object_states_and_time():
    """Point 63: str is "%r: from -> to at iso"."""
    booking = Booking.objects.create(pk=3)
    when = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    row = TransitionLog.log_transition("confirm", "asked", "confirmed", booking, timestamp=when)
    assert str(row) == "<Booking: booking 3>: asked -> confirmed at 2020-01-02T03:04:05+00:00"


def test_the_admin_shows_the_log_and_changes_nothing(rf):
    """Point 64: no add, no delete, change only for GET, no actions."""
    log_admin: ModelAdmin = TransitionLogAdmin(TransitionLog, admin.site)
    get, post = rf.get("/"), rf.post("/")
    assert not log_admin.has_add_permission(get)
    assert not log_admin.has_delete_permission(get)
    assert log_admin.has_change_permission(get)
    assert not log_admin.has_change_permission(post)
    assert log_admin.actions is None


def test_the_admin_finds_log_rows():
    """Point 64: date_hierarchy timestamp, filters content_type + transition, search transition and user__username."""
    log_admin = TransitionLogAdmin(TransitionLog, admin.site)
    assert log_admin.date_hierarchy == "timestamp"
    assert log_admin.list_filter == ("content_type", "transition")
    assert log_admin.search_fields == ("transition", "user__username")
    assert {"user", "modified_object", "transition", "timestamp"} <= set(log_admin.readonly_fields)


def test_what_saves_and_logs_can_be_overridden(monkeypatch):
    """Point 66: `log_transition(transition, from_state, instance, *args, **kwargs)`."""

    def log_transition(self, transition, from_state, instance, *args, **kwargs):
        kwargs["save"] = False
        xwf_models.Workflow.log_transition(self, transition, from_state, instance, *args, **kwargs)

    monkeypatch.setattr(BookingWorkflow, "log_transition", log_transition, raising=False)
    Booking.objects.create().confirm("x")
    assert (Booking.objects.get().state, TransitionLog.objects.count()) == ("asked", 1)


def test_what_writes_the_log_row_can_be_overridden(monkeypatch):
    """Point 66: `db_log(...)`."""

    def db_log(self, transition, from_state, instance, *args, **kwargs):
        row = xwf_models.Workflow.db_log(self, transition, from_state, instance, *args, **kwargs)
        row.transition = f"{transition.name} from {from_state}"
        row.save()

    monkeypatch.setattr(BookingWorkflow, "db_log", db_log, raising=False)
    Booking.objects.create().confirm("x")
    assert TransitionLog.objects.get().transition == "confirm from asked"


def test_what_makes_a_log_row_can_be_overridden(monkeypatch):
    """Point 66: `Log.log_transition(transition, from_state, to_state, modified_object, **extra)`."""
    given = {}

    def log_transition(cls, transition, from_state, to_state, modified_object, **extra):
        given.update(extra, told=(transition, from_state, to_state, modified_object))

    monkeypatch.setattr(RefundLog, "log_transition", classmethod(log_transition))
    refund = Refund.objects.create()
    refund.grant(because="late")
    assert given == {"told": ("grant", "asked", "granted", refund), "reason": "late"}


def test_a_workflow_logs_when_it_is_called_by_hand():
    """Point 66: as overriding code does."""
    voucher = Voucher.objects.create()
    from_state, voucher.state = voucher.state, "used"
    Voucher.state.log_transition(Voucher.state.transitions.use, from_state, voucher)
    assert Voucher.objects.get().state == "used"
    assert voucher.transition_logs.get().to_state == "used"
