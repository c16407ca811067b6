"""Points 1 to 11 of the drop-in behaviour: how workflows are defined."""

from types import GeneratorType

import pytest

import xworkflows
from tests.unit.dropin.points.jobs import JobWorkflow
from xworkflows import base

TWO = (("a", "A"), ("b", "B"))


def workflow(**attributes):
    """Return a workflow class with these attributes."""
    return type(xworkflows.Workflow)("W", (xworkflows.Workflow,), attributes)


@pytest.mark.parametrize("state", [("a",), ("a", "A", "x"), ()])
def test_a_state_is_a_pair(state):
    """Point 1: any other length is a TypeError that shows what it got."""
    message = "The 'state' attribute of a workflow should be a two-tuple of strings; got %r instead."
    with pytest.raises(TypeError) as raised:
        workflow(states=[state])
    assert str(raised.value) == message % (state,)


def test_states_come_from_any_iterable():
    """Point 1: `states` = iterable of 2-tuples."""
    names = workflow(states=iter([("a", "A"), ["b", "B"]]), initial_state="a").states
    assert [(state.name, state.title) for state in names] == [("a", "A"), ("b", "B")]


@pytest.mark.parametrize("transition", [("go", "a"), ("go", "a", "b", "c")])
def test_a_transition_is_a_triple(transition):
    """Point 2: `transitions` = iterable of 3-tuples, else `TypeError`."""
    with pytest.raises(TypeError):
        workflow(states=TWO, transitions=[transition])


@pytest.mark.parametrize("source", ["a", JobWorkflow.states.queued, ["a"], ("a", "b"), ["a", "b"]])
def test_the_source_is_a_state_or_several(source):
    """Point 2: name, State, or list/tuple of either."""
    states = (*TWO, ("queued", "Queued"))
    names = [source] if isinstance(source, str | base.State) else source
    given = workflow(states=states, transitions=[("go", source, "b")]).transitions.go
    assert [state.name for state in given.source] == [getattr(name, "name", name) for name in names]


@pytest.mark.parametrize(("source", "target"), [("a", "x"), ("x", "b"), (["a", "x"], "b")])
def test_a_transition_between_unknown_states_is_a_key_error(source, target):
    """Point 3: at class creation."""
    with pytest.raises(KeyError):
        workflow(states=TWO, transitions=[("go", source, target)], initial_state="a")


def test_an_unknown_initial_state_is_a_key_error():
    """Point 3: likewise."""
    with pytest.raises(KeyError):
        workflow(states=TWO, initial_state="x")


@pytest.mark.parametrize("name", ["", "two words", "a-b", "é!"])
def test_the_name_of_a_state_is_a_word(name):
    """Point 4: else ValueError."""
    with pytest.raises(ValueError, match=rf"(?m)^Invalid state name {name}\.$"):
        base.State(name, "Title")


@pytest.mark.parametrize("name", ["a", "A_1", "été", "1"])
def test_words_of_any_language_are_names(name):
    """Point 4: `\\w+$` by `match`."""
    assert base.State(name, "Title").name == name


def test_the_initial_state_becomes_a_state():
    """Point 5: it is given as a name or a State."""
    assert workflow(states=TWO, initial_state="a").initial_state.title == "A"
    named = workflow(states=TWO, initial_state=base.State("b", "other"))
    assert named.initial_state is named.states.b


def test_a_workflow_without_initial_state_can_be_declared_but_not_used():
    """Point 5: missing gives `AttributeError` on use, not at declaration."""

    class Enabled(xworkflows.WorkflowEnabled):
        state = workflow(states=TWO)()

    with pytest.raises(AttributeError):
        _ = Enabled().state


def test_a_subclass_replaces_in_place_and_appends():
    """Point 6: inherited keep their place, the same name replaces in place, new ones append."""

    class Special(JobWorkflow):
        states = (("paused", "Paused"), ("running", "At work"))
        transitions = (("pause", "running", "paused"), ("finish", ("running", "paused"), "done"))

    assert [(state.name, state.title) for state in Special.states] == [
        ("queued", "Queued"),
        ("running", "At work"),
        ("done", "Done"),
        ("paused", "Paused"),
    ]
    assert [transition.name for transition in Special.transitions] == ["start", "finish", "redo", "pause"]
    assert Special.transitions.finish.source == [Special.states.running, Special.states.paused]
    assert [transition.name for transition in JobWorkflow.transitions] == ["start", "finish", "redo"]


def test_the_initial_state_follows_its_replacement():
    """Point 7 without defect 1: the original kept the replaced State."""

    class Special(JobWorkflow):
        states = (("queued", "Waiting"),)

    assert Special.initial_state is Special.states.queued
    assert Special.initial_state.title == "Waiting"
    assert Special.transitions.start.source == [Special.states.queued]


def test_the_last_of_two_transitions_of_one_name_wins():
    """Point 8: silently."""
    lenient = workflow(states=TWO, transitions=(("go", "a", "b"), ("go", "b", "a")), initial_state="a")
    assert len(lenient.transitions) == 1
    assert lenient.transitions.go.target is lenient.states.a


def test_states_are_found_as_attribute_item_and_member():
    """Point 9: attribute, item (name or State), `in` (name or object), `len`, iteration in definition order."""
    states = JobWorkflow.states
    assert states.queued is states["queued"] is states[states.queued]
    assert "queued" in states
    assert states.queued in states
    assert "x" not in states
    assert base.State("queued", "Queued") not in states
    assert (len(states), [state.name for state in states]) == (3, ["queued", "running", "done"])


def test_transitions_are_found_as_attribute_item_and_member():
    """Point 9: likewise."""
    transitions = JobWorkflow.transitions
    assert transitions.start is transitions["start"]
    assert "start" in transitions
    assert transitions.start in transitions
    assert base.Transition("start", [], JobWorkflow.states.done) not in transitions
    assert (len(transitions), [item.name for item in transitions]) == (3, ["start", "finish", "redo"])


@pytest.mark.parametrize("items", [JobWorkflow.states, JobWorkflow.transitions])
def test_what_is_missing_is_an_attribute_error_or_a_key_error(items):
    """Point 9: missing attribute `AttributeError`, missing item `KeyError`."""
    with pytest.raises(AttributeError):
        _ = items.nowhere
    with pytest.raises(KeyError):
        items["nowhere"]


def test_the_transitions_from_a_state_are_generated():
    """Point 9: `transitions.available_from(state)` is a generator."""
    available = JobWorkflow.transitions.available_from(JobWorkflow.states.running)
    assert isinstance(available, GeneratorType)
    assert [transition.name for transition in available] == ["finish", "redo"]


def test_a_state_has_a_name_and_a_title():
    """Point 10: `str` = name; repr `<State: 'a'>`."""
    state = base.State("a", "An A")
    assert (state.name, state.title, str(state), repr(state)) == ("a", "An A", "a", "<State: 'a'>")


def test_states_are_equal_by_identity():
    """Point 10: equal-named States of two workflows differ."""
    assert base.State("a", "A") != base.State("a", "A")
    assert "__eq__" not in vars(base.State)


def test_a_transition_shows_its_name_sources_and_target():
    """Point 11: repr `Transition('ab', [..], <State..>)`; `.source` list of State, `.target` State."""
    redo = JobWorkflow.transitions.redo
    assert repr(redo) == "Transition('redo', [<State: 'running'>, <State: 'done'>], <State: 'queued'>)"
    assert redo.source == [JobWorkflow.states.running, JobWorkflow.states.done]
    assert redo.target is JobWorkflow.states.queued
