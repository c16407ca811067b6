"""Declaring workflows: points 1 to 11 of the behaviour of xworkflows."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from detent.machine import (
    DuplicateState,
    DuplicateTransition,
    InvalidName,
    MalformedDefinition,
    State,
    StateList,
    Transition,
    UnknownState,
    UnknownTransition,
    Workflow,
)
from tests.unit.machine.jobs import JobWorkflow


def names(items: object) -> list[str]:
    return [item.name for item in items]


@pytest.mark.parametrize("state", [("a",), ("a", "A", "more"), (1, "A"), "a", None])
def test_a_state_that_is_no_pair_of_name_and_title_is_a_type_error(state: object) -> None:
    with pytest.raises(MalformedDefinition, match=r"should be a two-tuple of strings; got .* instead") as caught:
        type("Broken", (Workflow,), {"states": (state,)})
    assert isinstance(caught.value, TypeError)
    assert (caught.value.workflow, caught.value.name) == ("Broken", "states")
    assert 'List each state in Broken.states as ("name", "Title")' in caught.value.hint


@pytest.mark.parametrize("transition", [("ab", "a"), ("ab", "a", "b", "more"), "abc", None])
def test_a_transition_that_is_no_triple_is_a_type_error(transition: object) -> None:
    with pytest.raises(MalformedDefinition, match="three-tuples") as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"), ("b", "B")), "transitions": (transition,)})
    assert isinstance(caught.value, TypeError)
    assert (caught.value.workflow, caught.value.name) == ("Broken", "transitions")
    assert 'Broken.transitions as ("name", "source", "target")' in caught.value.hint


@pytest.mark.parametrize("transition", [("go", 3, "b"), ("go", None, "b"), ("go", "a", None), ("go", "a b", "b")])
def test_a_source_or_target_that_no_state_is_called_is_refused_with_the_workflow(transition: object) -> None:
    with pytest.raises(InvalidName, match="Invalid state name") as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"), ("b", "B")), "transitions": (transition,)})
    assert caught.value.workflow == "Broken"


def test_a_list_asked_for_what_it_lacks_names_what_it_has() -> None:
    with pytest.raises(AttributeError, match=r"StateList has no 'c'; it has \[a, b\]\."):
        StateList([State("a"), State("b")]).c  # noqa: B018 - what is read is not there


def test_a_source_is_a_name_a_state_or_several_of_either() -> None:
    class Mixed(Workflow):
        a, b = State("a"), State("b")
        states = (a, b, ("c", "C"))
        transitions = (("one", "a", b), ("other", a, "b"), ("several", ["a", b], "c"), ("tuple", (a, "c"), a))
        initial_state = "a"

    sources = {transition.name: names(transition.source) for transition in Mixed.transitions}
    assert sources == {"one": ["a"], "other": ["a"], "several": ["a", "b"], "tuple": ["a", "c"]}
    assert all(source in Mixed.states for transition in Mixed.transitions for source in transition.source)


@pytest.mark.parametrize("transition", [("go", "nowhere", "a"), ("go", "a", "nowhere"), ("go", ("a", "nowhere"), "a")])
def test_a_transition_between_states_that_are_not_declared_is_a_key_error_that_names_all(transition: object) -> None:
    with pytest.raises(UnknownState) as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"),), "transitions": (transition,)})
    assert isinstance(caught.value, KeyError)
    assert (caught.value.workflow, caught.value.name) == ("Broken", "nowhere")
    assert str(caught.value) == "Broken.go names a state that is not declared: 'nowhere' is not one of [a]."


def test_an_initial_state_that_is_not_declared_is_a_key_error_that_names_the_workflow() -> None:
    with pytest.raises(UnknownState, match=r"Broken\.initial_state names a state that is not declared: 'b'") as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"),), "initial_state": "b"})
    assert isinstance(caught.value, KeyError)


@pytest.mark.parametrize("name", ["", "in progress", "under-review", "a.b", 3, None])
def test_a_state_name_that_is_no_word_is_a_value_error(name: str) -> None:
    with pytest.raises(InvalidName, match=f"Invalid state name {name}.") as caught:
        State(name, "Title")
    assert isinstance(caught.value, ValueError)
    assert caught.value.name == str(name)
    assert caught.value.hint == "Take one word of letters, digits and underscores; the title may be any text."


def test_the_initial_state_is_named_or_given_and_becomes_a_state_of_the_workflow() -> None:
    class Given(Workflow):
        start = State("start")
        states = (start,)
        initial_state = start

    assert Given.initial_state is Given.states.start
    assert JobWorkflow.initial_state is JobWorkflow.states.queued


def test_a_missing_initial_state_is_an_attribute_error_only_when_it_is_used() -> None:
    class Headless(Workflow):
        states = (("a", "A"),)

    with pytest.raises(AttributeError):
        _ = Headless().initial_state


class LongerJobWorkflow(JobWorkflow):
    states = (("running", "Still at work"), ("archived", "Archived"))
    transitions = (("retry", ("failed", "running"), "queued"), ("archive", "completed", "archived"))


def test_a_subclass_replaces_in_place_and_appends() -> None:
    assert names(LongerJobWorkflow.states) == ["queued", "running", "completed", "failed", "cancelled", "archived"]
    assert names(LongerJobWorkflow.transitions) == ["start", "complete", "fail", "retry", "cancel", "archive"]
    assert LongerJobWorkflow.states.running.title == "Still at work"
    assert names(LongerJobWorkflow.transitions.retry.source) == ["failed", "running"]
    assert names(JobWorkflow.transitions.retry.source) == ["failed"]


def test_inherited_transitions_join_the_states_that_replaced_theirs() -> None:
    assert LongerJobWorkflow.transitions.start.target is LongerJobWorkflow.states.running
    assert JobWorkflow.transitions.start.target is JobWorkflow.states.running


def test_the_initial_state_follows_its_replacement_in_a_subclass() -> None:
    class Renamed(JobWorkflow):
        states = (("queued", "Waiting"),)

    assert Renamed.initial_state is Renamed.states.queued
    assert Renamed.initial_state.title == "Waiting"


def test_a_transition_declared_twice_is_an_error_that_names_it() -> None:
    transitions = (("go", "a", "b"), ("back", "b", "a"), ("go", "b", "b"))
    with pytest.raises(DuplicateTransition, match="Twice declares the transition 'go' twice") as caught:
        type("Twice", (Workflow,), {"states": (("a", "A"), ("b", "B")), "transitions": transitions})
    assert (caught.value.workflow, caught.value.name) == ("Twice", "go")


def test_a_state_declared_twice_is_an_error_that_names_it() -> None:
    with pytest.raises(DuplicateState, match="Twice declares the state 'a' twice") as caught:
        type("Twice", (Workflow,), {"states": (("a", "A"), ("b", "B"), ("a", "Another"))})
    assert (caught.value.workflow, caught.value.name) == ("Twice", "a")


@pytest.mark.parametrize("name", ["", "check out", "2nd", "import", "a-b"])
def test_a_transition_that_no_method_can_be_named_after_is_an_error(name: str) -> None:
    with pytest.raises(InvalidName, match="Broken has a transition named") as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"),), "transitions": ((name, "a", "a"),)})
    assert (caught.value.workflow, caught.value.transition) == ("Broken", name)


def test_a_transition_that_starts_nowhere_is_an_error() -> None:
    with pytest.raises(MalformedDefinition, match=r"Broken\.go has no source") as caught:
        type("Broken", (Workflow,), {"states": (("a", "A"),), "transitions": (("go", (), "a"),)})
    assert (caught.value.workflow, caught.value.transition) == ("Broken", "go")


def test_a_workflow_that_lists_no_states_is_an_error_and_one_without_a_list_is_a_base() -> None:
    with pytest.raises(MalformedDefinition, match="Broken declares no states"):
        type("Broken", (Workflow,), {"states": ()})
    assert len(type("Base", (Workflow,), {}).states) == 0


@pytest.mark.parametrize("timeout", [timedelta(0), timedelta(days=-1), 3600])
def test_a_timeout_that_is_no_time_to_come_is_an_error(timeout: object) -> None:
    with pytest.raises(MalformedDefinition, match=r"'go' has the timeout .* greater than zero") as caught:
        Transition("go", "a", "b", timeout=timeout)
    assert caught.value.transition == "go"


def test_a_permission_that_is_no_text_is_an_error() -> None:
    with pytest.raises(MalformedDefinition, match=r"'go' asks for the permission 3; name one as 'app\.codename'"):
        Transition("go", "a", "b", permission=3)


def test_without_strictness_what_xworkflows_let_pass_is_let_pass() -> None:
    class Lenient(Workflow):
        strict = False
        states = (("a", "A"), ("a", "Another"))
        transitions = (("check out", "a", "a"), ("go", (), "a"))

    assert Lenient.states.a.title == "Another"
    assert names(Lenient.transitions) == ["check out", "go"]


def test_without_strictness_the_last_of_two_transitions_of_one_name_wins() -> None:
    class Lenient(Workflow):
        strict = False
        states = (("a", "A"), ("b", "B"))
        transitions = (("go", "a", "b"), ("back", "b", "a"), ("go", "b", "b"))

    assert names(Lenient.transitions) == ["go", "back"]
    assert names(Lenient.transitions.go.source) == ["b"]


def test_states_and_transitions_are_found_by_attribute_name_and_object() -> None:
    running, start = JobWorkflow.states.running, JobWorkflow.transitions.start
    assert JobWorkflow.states["running"] is running
    assert JobWorkflow.states[running] is running
    assert JobWorkflow.transitions["start"] is start
    assert JobWorkflow.transitions[start] is start
    assert (len(JobWorkflow.states), len(JobWorkflow.transitions)) == (5, 5)


def test_membership_is_by_name_or_by_the_object_itself() -> None:
    assert "running" in JobWorkflow.states
    assert JobWorkflow.states.running in JobWorkflow.states
    assert State("running") not in JobWorkflow.states
    assert "paused" not in JobWorkflow.states
    assert JobWorkflow.transitions.start in JobWorkflow.transitions
    assert Transition("start", "queued", "running") not in JobWorkflow.transitions


def test_what_a_list_lacks_is_an_attribute_error_or_a_key_error_with_a_message() -> None:
    with pytest.raises(AttributeError, match="StateList has no 'paused'"):
        _ = JobWorkflow.states.paused
    with pytest.raises(AttributeError, match="TransitionList has no 'pause'"):
        _ = JobWorkflow.transitions.pause
    with pytest.raises(UnknownState, match=r"'paused' is not one of \[queued, running, completed, failed, cancelled\]"):
        JobWorkflow.states["paused"]
    with pytest.raises(UnknownTransition) as caught:
        JobWorkflow.transitions["pause"]
    assert isinstance(caught.value, KeyError)


def test_the_transitions_that_start_in_a_state_come_one_by_one_in_order() -> None:
    available = JobWorkflow.transitions.available_from(JobWorkflow.states.running)
    assert isinstance(available, Iterator)
    assert names(available) == ["complete", "fail", "cancel"]


def test_a_state_prints_as_its_name_and_shows_what_it_is() -> None:
    assert str(JobWorkflow.states.queued) == "queued"
    assert repr(State("a", "A")) == "<State: 'a'>"
    assert State("a").title == "a"


def test_states_of_one_name_in_two_workflows_differ() -> None:
    assert State("a", "A") != State("a", "A")


def test_a_transition_shows_its_name_sources_and_target() -> None:
    class Two(Workflow):
        states = (("a", "A"), ("b", "B"))
        transitions = (("ab", ("a", "b"), "b"),)

    assert repr(Two.transitions.ab) == "Transition('ab', [<State: 'a'>, <State: 'b'>], <State: 'b'>)"
    assert Two.transitions.ab.source == [Two.states.a, Two.states.b]
    assert Two.transitions.ab.target is Two.states.b


def test_a_declared_transition_keeps_its_title_permission_and_timeout_in_subclasses() -> None:
    class Base(Workflow):
        states = (("a", "A"), ("b", "B"))
        transitions = (
            Transition("go", "a", "b", title="Go on", permission="shop.go", timeout=timedelta(days=3)),
            ("back", "b", "a"),
        )

    class Sub(Base):
        states = (("b", "Be"),)

    go = Sub.transitions.go
    assert (go.title, go.permission, go.timeout) == ("Go on", "shop.go", timedelta(days=3))
    assert go.target is Sub.states.b
    assert Sub.transitions.back.title == "back"
