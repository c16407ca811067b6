"""A job type or a recipe type and its rule are checked against each other, whichever of them changes."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from detent.trigger import InvalidTriggerType, TriggerRule
from detent.trigger.configuration.connection import InvalidConnection, InvalidRecipeConnection
from detent.trigger.errors import RuleIsArchived
from pipeline.interface import InvalidDefinition
from pipeline.models import JobType, RecipeType
from pipeline.types import create, edit
from tests.integration.pipeline_rows.factories import ingest, make_job_type, make_recipe_type, make_rule, starting

pytestmark = pytest.mark.django_db

EVENT_RULE = {"version": "1.0", "pattern": {"type": ["order.paid"]}}
IMAGES = ingest(starting("checksum"), media_type="image/png")


def reviewing(**condition: Any) -> dict[str, Any]:
    """Return the configuration of a rule that starts the recipe type `review`."""
    return ingest(starting("review", "recipe_type"), **condition)


class TestCreating:
    """A new type."""

    def test_a_type_is_saved_with_a_rule_that_fits(self) -> None:
        """Nothing can go wrong, so there is no warning."""
        rule = make_rule()
        job_type = JobType(name="checksum")

        assert create(job_type, rule) == []
        assert JobType.objects.get().trigger_rule == rule

    def test_a_rule_that_gives_another_input_is_refused_and_nothing_is_written(self) -> None:
        """The job would never get its file."""
        rule = make_rule(configuration=ingest(starting("checksum"), input_name="picture"))

        with pytest.raises(InvalidConnection, match="The inputs are 'file', but 'picture' would be given"):
            create(JobType(name="checksum"), rule)
        assert not JobType.objects.exists()

    def test_a_recipe_type_refuses_it_with_an_error_of_its_own(self) -> None:
        """As Scale's recipes did."""
        make_job_type()
        rule = make_rule(configuration=ingest(starting("review", "recipe_type"), input_name="picture"))

        with pytest.raises(InvalidRecipeConnection):
            create(RecipeType(name="review", steps=["checksum"]), rule)
        assert not RecipeType.objects.exists()

    def test_a_media_type_that_the_type_does_not_know_is_a_warning(self) -> None:
        """It is saved all the same."""
        (warning,) = create(JobType(name="checksum", inputs={"file": ["text/plain"]}), make_rule(configuration=IMAGES))

        assert (warning.key, warning.details) == ("MEDIA_TYPE", "Input 'file' does not know media type image/png")
        assert JobType.objects.exists()

    def test_a_rule_without_an_action_for_the_type_is_a_warning(self) -> None:
        """It would be triggered, and the type never started."""
        (warning,) = create(JobType(name="other"), make_rule())

        assert (warning.key, warning.details) == ("NO_ACTION", "No action of the rule starts 'other'")

    def test_a_rule_that_makes_no_jobs_is_of_an_invalid_type(self) -> None:
        """An EVENT rule has no data for a job."""
        with pytest.raises(InvalidTriggerType, match=r"^EVENT is an invalid trigger rule type for creating jobs$"):
            create(JobType(name="checksum"), make_rule("EVENT", EVENT_RULE))

    def test_a_rule_that_makes_no_recipes_is_of_an_invalid_type(self) -> None:
        """Nor for a recipe."""
        make_job_type()

        with pytest.raises(InvalidTriggerType, match=r"^EVENT is an invalid trigger rule type for creating recipes$"):
            create(RecipeType(name="review", steps=["checksum"]), make_rule("EVENT", EVENT_RULE))

    def test_an_archived_rule_is_refused(self) -> None:
        """It is history."""
        rule = make_rule()
        rule.archive()

        with pytest.raises(RuleIsArchived):
            create(JobType(name="checksum"), rule)

    @pytest.mark.parametrize("inputs", [[], {"file": "text/plain"}, {"file": [1]}, None])
    def test_inputs_that_are_no_lists_of_media_types_are_refused(self, inputs: object) -> None:
        """With what they should look like."""
        with pytest.raises(InvalidDefinition, match="inputs must be like"):
            create(JobType(name="checksum", inputs=inputs))

    @pytest.mark.parametrize(
        ("steps", "reason"), [(["checksum", "nothing"], "'nothing' is no job type"), ([], "list"), ("checksum", "list")]
    )
    def test_a_recipe_type_needs_steps_that_are_job_types(self, steps: object, reason: str) -> None:
        """Each of which exists."""
        make_job_type()

        with pytest.raises(InvalidDefinition, match=reason):
            create(RecipeType(name="review", steps=steps))

    def test_in_a_transaction_that_is_rolled_back_it_is_a_dry_run(self) -> None:
        """The warnings are told, and neither the type nor its rule stays."""
        with transaction.atomic():
            warnings = create(JobType(name="other"), {"type": "INGEST", "configuration": IMAGES})
            transaction.set_rollback(True)

        assert [warning.key for warning in warnings] == ["NO_ACTION"]
        assert not JobType.objects.exists()
        assert not TriggerRule.objects.exists()


class TestEditing:
    """A type that is there."""

    def test_a_rule_that_a_type_has_cannot_be_deleted(self) -> None:
        """Not even by hand."""
        rule = make_rule()
        make_job_type(rule=rule)

        with pytest.raises(ProtectedError):
            rule.delete()

    def test_another_rule_takes_the_place_of_the_old_one_which_is_archived(self) -> None:
        """The old one asks for nothing any more."""
        old, new = make_rule(), make_rule()
        job_type = make_job_type(rule=old)

        edit(job_type, trigger_rule=new)

        old.refresh_from_db()
        assert job_type.trigger_rule == new
        assert (old.is_active, old.archived is None) == (False, False)

    def test_a_rule_is_removed_and_archived(self) -> None:
        """Nothing asks for the type by itself then."""
        rule = make_rule()
        job_type = make_job_type(rule=rule)

        edit(job_type, remove_trigger_rule=True)

        rule.refresh_from_db()
        assert job_type.trigger_rule is None
        assert rule.archived is not None

    def test_without_a_word_about_the_rule_it_stays(self) -> None:
        """Only what is said changes."""
        rule = make_rule()
        job_type = make_job_type(rule=rule)

        edit(job_type, inputs={"file": ["text/plain"]})

        rule.refresh_from_db()
        assert (job_type.trigger_rule, rule.archived) == (rule, None)
        assert job_type.inputs == {"file": ["text/plain"]}

    def test_a_rule_that_stays_is_checked_against_new_inputs(self) -> None:
        """What it gives must fit what the type takes in now; if not, nothing is changed."""
        job_type = make_job_type(rule=make_rule())

        with pytest.raises(InvalidConnection):
            edit(job_type, inputs={"picture": []})
        assert JobType.objects.get().inputs == {"file": []}

    def test_new_inputs_and_a_new_rule_are_checked_together(self) -> None:
        """Neither would fit what was there before."""
        job_type = make_job_type(rule=make_rule())

        edit(
            job_type,
            inputs={"picture": []},
            trigger_rule=make_rule(configuration=ingest(starting("checksum"), input_name="picture")),
        )

        assert JobType.objects.get().inputs == {"picture": []}

    def test_a_rule_that_does_not_fit_leaves_the_old_one_in_force(self) -> None:
        """Not archived, and attached as before."""
        old = make_rule()
        job_type = make_job_type(rule=old)

        with pytest.raises(InvalidTriggerType):
            edit(job_type, trigger_rule=make_rule("EVENT", EVENT_RULE))
        old.refresh_from_db()
        assert (JobType.objects.get().trigger_rule, old.archived) == (old, None)

    def test_a_recipe_type_that_a_job_types_new_inputs_do_not_fit_refuses_them(self) -> None:
        """It was right only for what its step was before."""
        job_type = make_job_type()
        make_recipe_type()

        with pytest.raises(InvalidDefinition, match="Step 'checksum' does not fit"):
            edit(job_type, inputs={"picture": []})

    def test_it_warns_of_media_types_that_a_step_does_not_know(self) -> None:
        """The recipe takes in images, and its step only text from now on."""
        job_type = make_job_type()
        make_recipe_type(inputs={"file": ["image/png"]})

        (warning,) = edit(job_type, inputs={"file": ["text/plain"]})

        assert warning.key == "MEDIA_TYPE"

    def test_recipe_types_are_locked_first_then_job_types_then_the_rule(self) -> None:
        """Whoever edits what, so that two edits cannot wait for each other."""
        job_type, recipe_type = (
            make_job_type(rule=make_rule()),
            make_recipe_type(rule=make_rule(configuration=reviewing())),
        )

        for kind in (job_type, recipe_type):
            with CaptureQueriesContext(connection) as captured:
                edit(kind, inputs={"file": []})
            selects = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
            if connection.features.has_select_for_update:
                selects = [sql for sql in selects if "FOR UPDATE" in sql]
            tables = [next(name for name in TABLES if name in sql.partition("FROM")[2]) for sql in selects]
            assert list(dict.fromkeys(tables)) == list(TABLES)


TABLES = ("pipeline_recipetype", "pipeline_jobtype", "trigger_rule")


class TestSharing:
    """One rule for several types."""

    @pytest.fixture
    def rule(self) -> TriggerRule:
        """A rule that two job types share."""
        rule = make_rule(configuration=ingest(starting("checksum"), starting("other")))
        make_job_type("checksum", rule)
        make_job_type("other", rule)
        return rule

    def test_a_rule_that_one_of_its_types_lets_go_starts_the_others_still(self, rule: TriggerRule) -> None:
        """It is revised: the actions for that type go."""
        edit(JobType.objects.get(name="checksum"), remove_trigger_rule=True)

        in_force = JobType.objects.get(name="other").rule_in_force()
        assert in_force is not None
        assert in_force.configuration["actions"] == [starting("other")]
        assert in_force.supersedes == rule

    def test_it_is_archived_when_the_last_type_lets_it_go(self, rule: TriggerRule) -> None:
        """Nobody is left to start."""
        for job_type in JobType.objects.all():
            edit(job_type, remove_trigger_rule=True)

        assert not TriggerRule.objects.filter(lineage=rule.lineage, archived=None).exists()

    def test_a_revision_must_fit_every_type_that_has_the_rule(self, rule: TriggerRule) -> None:
        """One of them may refuse it."""
        edit(JobType.objects.get(name="other"), inputs={"file": ["image/png"]})

        with pytest.raises(InvalidConnection):
            rule.revise(ingest(starting("checksum"), input_name="picture"))
        rule.refresh_from_db()
        assert rule.archived is None


class TestRevisingTheRule:
    """A rule that changes, by whatever way."""

    def test_a_type_follows_its_rules_revisions(self) -> None:
        """The newest is the one in force."""
        rule = make_rule()
        job_type = make_job_type(rule=rule)

        newest = rule.revise(IMAGES)

        assert job_type.rule_in_force() == newest

    def test_a_revision_that_does_not_fit_the_type_is_refused_and_nothing_is_changed(self) -> None:
        """The rule stays in force as it was."""
        rule = make_rule(configuration=reviewing())
        make_recipe_type(rule=rule)

        with pytest.raises(InvalidRecipeConnection):
            rule.revise(ingest(starting("review", "recipe_type"), input_name="picture"))
        assert TriggerRule.objects.get().archived is None

    def test_a_rule_of_no_type_is_revised_as_ever(self) -> None:
        """Nobody is asked."""
        make_job_type(rule=make_rule())
        rule = make_rule()

        assert rule.revise(ingest(input_name="picture")).supersedes == rule

    def test_a_type_whose_rule_is_archived_has_none_in_force(self) -> None:
        """And can be edited all the same."""
        rule = make_rule()
        job_type = make_job_type(rule=rule)
        rule.archive()

        assert job_type.rule_in_force() is None
        assert edit(job_type, inputs={"picture": []}) == []
