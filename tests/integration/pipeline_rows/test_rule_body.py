"""A type's rule as an interface takes it: type, configuration and is_active."""

from typing import Any

import pytest

from detent.trigger import InvalidTriggerRule, InvalidTriggerType, TriggerRule
from pipeline.models import JobType
from pipeline.types import RuleBody, edit
from tests.integration.pipeline_rows.factories import ingest, make_job_type, make_rule, starting

pytestmark = pytest.mark.django_db

EVERY_FILE = ingest(starting("checksum"))
TEXT = ingest(starting("checksum"), media_type="text/plain")


def body(configuration: dict[str, Any], **more: Any) -> RuleBody:
    """Return the body of an INGEST rule."""
    return {"type": "INGEST", "configuration": configuration, **more}


def test_a_new_rule_is_active_and_called_as_its_type_is() -> None:
    """Unless the body says otherwise."""
    rule = make_job_type("checksum", body(EVERY_FILE)).trigger_rule

    assert rule is not None
    assert (rule.name, rule.is_active) == ("checksum", True)


def test_a_new_rule_can_have_a_name_and_begin_inactive() -> None:
    """As the body says."""
    rule = make_job_type("checksum", body(EVERY_FILE, name="every file", is_active=False)).trigger_rule

    assert rule is not None
    assert (rule.name, rule.is_active) == ("every file", False)


@pytest.mark.parametrize("given", [{"type": "INGEST"}, {"configuration": EVERY_FILE}, {"name": "every file"}])
def test_type_and_configuration_are_required_together(given: RuleBody) -> None:
    """One without the other says nothing."""
    job_type = make_job_type("checksum", body(EVERY_FILE))

    with pytest.raises(InvalidTriggerRule, match=r"^Trigger type and configuration are required together\.$"):
        edit(job_type, trigger_rule=given)


def test_is_active_alone_turns_the_rule_off_where_it_stands() -> None:
    """It is not archived, and no revision is made."""
    job_type = make_job_type("checksum", body(EVERY_FILE))

    edit(job_type, trigger_rule={"is_active": False})

    rule = TriggerRule.objects.get()
    assert (job_type.trigger_rule, rule.is_active, rule.archived) == (rule, False, None)


def test_is_active_alone_turns_it_on_again() -> None:
    """The same row."""
    job_type = make_job_type("checksum", body(EVERY_FILE, is_active=False))

    edit(job_type, trigger_rule={"is_active": True})

    assert TriggerRule.objects.get().is_active


def test_is_active_alone_needs_a_rule() -> None:
    """There is nothing to turn on."""
    with pytest.raises(InvalidTriggerRule, match="has no rule"):
        edit(make_job_type(), trigger_rule={"is_active": True})


@pytest.mark.parametrize("given", [{"is_active": "yes"}, {"colour": "red"}])
def test_what_a_body_cannot_say_is_refused(given: Any) -> None:
    """With its name."""
    job_type = make_job_type("checksum", body(EVERY_FILE))

    with pytest.raises(InvalidTriggerRule, match=r"is_active|colour"):
        edit(job_type, trigger_rule=given)


def test_another_configuration_revises_the_rule() -> None:
    """The old revision is archived; its history goes on."""
    job_type = make_job_type("checksum", body(EVERY_FILE))
    old = job_type.trigger_rule

    edit(job_type, trigger_rule=body(TEXT))

    assert job_type.trigger_rule is not None
    assert job_type.trigger_rule.supersedes == old
    assert job_type.trigger_rule.configuration["condition"]["media_type"] == "text/plain"


def test_the_same_configuration_changes_nothing() -> None:
    """Nor does it turn on a rule that an operator turned off."""
    job_type = make_job_type("checksum", body(EVERY_FILE, is_active=False))

    edit(job_type, trigger_rule=body(EVERY_FILE))

    rule = TriggerRule.objects.get()
    assert (rule.archived, rule.is_active) == (None, False)


def test_a_configuration_for_one_of_two_that_share_a_rule_is_a_rule_of_its_own() -> None:
    """The other goes on as before."""
    shared = make_rule(configuration=ingest(starting("checksum"), starting("other")))
    job_type, other = make_job_type("checksum", shared), make_job_type("other", shared)

    edit(job_type, trigger_rule=body(TEXT))

    own, others = job_type.rule_in_force(), other.rule_in_force()
    assert own is not None
    assert others is not None
    assert own.lineage != others.lineage
    assert others.configuration["condition"]["media_type"] == ""


def test_a_type_of_rule_that_nobody_handles_is_refused_and_nothing_is_written() -> None:
    """The type neither."""
    with pytest.raises(InvalidTriggerType, match=r"^NONE is an invalid trigger rule type$"):
        make_job_type("checksum", {"type": "NONE", "configuration": EVERY_FILE})
    assert not JobType.objects.exists()


def test_an_invalid_configuration_leaves_type_and_rule_as_they_were() -> None:
    """All in one transaction."""
    job_type = make_job_type("checksum", body(EVERY_FILE))

    with pytest.raises(InvalidTriggerRule, match="colour"):
        edit(job_type, inputs={"file": ["text/plain"]}, trigger_rule=body({**TEXT, "colour": "red"}))
    assert JobType.objects.get().inputs == {"file": []}
    assert TriggerRule.objects.get().is_active
