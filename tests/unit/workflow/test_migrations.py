"""How a migration keeps a state field and its workflow."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.writer import MigrationWriter

from detent.workflow import FrozenWorkflow, StateField, Workflow
from tests.shop.models import LabelWorkflow, OrderWorkflow


def written(field: StateField) -> tuple[str, set[str]]:
    """Return what a migration says of a field."""
    return MigrationWriter.serialize(field)


def frozen(field: StateField) -> StateField:
    """Return the field as a migration makes it again."""
    _, _, args, kwargs = field.deconstruct()
    return StateField(*args, **kwargs)


def test_a_migration_keeps_the_names_of_the_states_under_a_path_that_stays():
    text, imports = written(StateField(OrderWorkflow))
    assert text == (
        "detent.workflow.StateField(max_length=16, workflow=detent.workflow.FrozenWorkflow(initial_state='draft', "
        "name='OrderWorkflow', states=['draft', 'placed', 'paid', 'review', 'shipped', 'cancelled']))"
    )
    assert imports == {"import detent.workflow"}


def test_the_live_field_and_the_frozen_one_are_the_same_to_the_autodetector():
    autodetector = MigrationAutodetector.__new__(MigrationAutodetector)
    live = StateField(OrderWorkflow, verbose_name="how far")
    live.set_attributes_from_name("state")
    again = frozen(live)
    again.set_attributes_from_name("state")
    assert autodetector.deep_deconstruct(live) == autodetector.deep_deconstruct(again)
    assert again.workflow.initial_state == again.workflow.states.draft
    assert written(frozen(again)) == written(live)


@pytest.mark.parametrize("change", ["transitions", "titles"])
def test_changed_transitions_and_titles_make_no_migration(change):
    class Changed(OrderWorkflow):
        states = (("draft", "Sketch"),) if change == "titles" else ()
        transitions = (("leap", "draft", "shipped"),) if change == "transitions" else ()

    Changed.__name__ = "OrderWorkflow"
    assert written(StateField(Changed)) == written(StateField(OrderWorkflow))


def test_an_added_state_another_order_and_another_initial_state_make_one():
    def workflow(*states: str, initial_state: str = "a") -> type[Workflow]:
        return type(
            "Letters",
            (Workflow,),
            {"states": [(name, name) for name in states], "transitions": (), "initial_state": initial_state},
        )

    fields = [
        StateField(workflow("a", "b")),
        StateField(workflow("a", "b", "c")),
        StateField(workflow("b", "a")),
        StateField(workflow("a", "b", initial_state="b")),
    ]
    assert len({written(field)[0] for field in fields}) == 4


def test_the_options_follow_from_the_workflow_whatever_is_passed():
    field = StateField(LabelWorkflow, null=True, blank=True, default="queued", choices=[("x", "X")], max_length=5)
    assert (field.null, field.blank, field.default, field.max_length) == (False, False, "none", 26)
    assert field.choices[1] == ("queued", "Queued")
    assert StateField(LabelWorkflow(), max_length=40).max_length == 40


def test_frozen_workflows_of_the_same_states_are_equal():
    one, same = (FrozenWorkflow("W", "a", ["a", "b"]) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != FrozenWorkflow("W", "a", ["b", "a"])
    assert one != "W"
