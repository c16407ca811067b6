"""Diagrams of workflows as SVG, Mermaid and Graphviz text."""

from xml.etree import ElementTree

import pytest

from detent.machine import State, Transition, UnknownFormat, Workflow
from detent.machine.diagram import diagram
from detent.machine.diagram.difference import difference
from tests.unit.machine.jobs import JobWorkflow

SVG = "{http://www.w3.org/2000/svg}"


def drawn(workflow: type[Workflow], **options: object) -> ElementTree.Element:
    return ElementTree.fromstring(diagram(workflow, "svg", **options))


def texts(picture: ElementTree.Element, kind: str = "") -> list[str]:
    return [
        "".join(text.itertext()) for text in picture.iter(f"{SVG}text") if not kind or kind in text.get("class", "")
    ]


class Hostile(Workflow):
    states = (("a", 'A "quoted" <b> & \\ \x07 state'), ("b", "First line\nsecond line"), ("state", " "))
    transitions = (
        Transition("go", "a", "b", title="<go> & 'run'; #1: \"now\""),
        ("go_too", "a", "b"),
        ("stay", "b", "b"),
        ("back", "b", "a"),
        Transition("on", "b", "state", title=""),
    )
    initial_state = "a"


def test_a_picture_shows_each_state_by_its_title_and_each_way_by_the_titles_of_its_transitions() -> None:
    picture = drawn(JobWorkflow)
    assert texts(picture, "label") == ["start", "complete", "fail", "retry", "cancel", "cancel", "cancel"]
    states = [text for text in texts(picture) if text not in texts(picture, "label")]
    assert states == ["In the queue", "At work", "Done", "Failed", "Called off"]


def test_transitions_between_the_same_two_states_share_one_line() -> None:
    picture = drawn(Hostile)
    assert len(picture.findall(f".//{SVG}path[@class='line']")) == 1 + 4


def test_a_picture_has_its_size_and_a_title_for_those_who_do_not_see_it() -> None:
    picture = drawn(JobWorkflow, title="Jobs <today>")
    assert picture.get("viewBox") == f"0 0 {picture.get('width')} {picture.get('height')}"
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "Jobs <today>"
    assert texts(picture, "heading") == ["Jobs <today>"]


def test_a_picture_without_title_is_still_named() -> None:
    picture = drawn(JobWorkflow)
    assert picture.find(f"{SVG}title").text == "Workflow"
    assert texts(picture, "heading") == []


def test_titles_with_markup_and_control_characters_are_shown_as_text() -> None:
    shown = " ".join(texts(drawn(Hostile)))
    assert 'A "quoted" <b> & \\' in shown
    assert "\ufffd state" in shown
    assert "<go> & 'run'; #1:" in shown


def test_long_names_are_broken_after_their_underscores() -> None:
    class Wordy(Workflow):
        states = (("a", "A"), ("b", "Waiting for the answer of the customer"))
        transitions = (("ask_the_customer_for_a_missing_document", "a", "b"),)

    shown = texts(drawn(Wordy))
    assert shown == ["ask_the_customer_for_a_", "missing_document", "A", "Waiting for the answer", "of the customer"]


def test_what_has_no_title_to_read_is_shown_by_its_name() -> None:
    picture = drawn(Hostile)
    assert "state" in texts(picture)
    assert "on" in texts(picture, "label")
    assert "    s_b --> s_state: on" in diagram(Hostile, "mermaid").splitlines()


def test_a_picture_tells_in_words_each_state_and_what_leads_from_it() -> None:
    picture = drawn(JobWorkflow, counts={"failed": 1204, "gone": 1})
    assert picture.find(f"{SVG}desc").text.splitlines() == [
        "In the queue (initial, 0 objects): start to At work, cancel to Called off.",
        "At work (0 objects): complete to Done, fail to Failed, cancel to Called off.",
        "Done (final, 0 objects): no transitions.",
        "Failed (1,204 objects): retry to In the queue, cancel to Called off.",
        "Called off (final, 0 objects): no transitions.",
        "gone (unknown to the workflow, 1 objects): no transitions.",
    ]


def test_a_picture_has_colours_for_light_and_dark_surroundings() -> None:
    style = drawn(JobWorkflow).find(f"{SVG}style").text
    assert "@media screen and (prefers-color-scheme: dark)" in style


def test_counts_are_shown_in_each_state_with_zero_where_nothing_was_counted() -> None:
    picture = drawn(JobWorkflow, counts={"completed": 1204, "failed": 1})
    assert texts(picture, "count") == ["0", "0", "1,204", "1", "0"]
    assert texts(picture, "none") == ["0", "0", "0"]


def test_without_counts_there_are_no_numbers() -> None:
    assert texts(drawn(JobWorkflow), "count") == []


def test_objects_counted_in_a_state_that_the_workflow_lacks_get_a_node_of_its_own() -> None:
    picture = drawn(JobWorkflow, counts={"paused": 3})
    strays = picture.findall(f".//{SVG}g[@class='state stray']")
    assert [["".join(text.itertext()) for text in stray.iter(f"{SVG}text")] for stray in strays] == [["paused", "3"]]


def test_final_states_have_a_double_border_and_the_initial_one_a_dot_before_it() -> None:
    picture = drawn(JobWorkflow)
    borders = [len(state.findall(f"{SVG}rect")) for state in picture.findall(f".//{SVG}g[@class='state']")]
    assert borders == [1, 1, 2, 1, 2]
    assert len(picture.findall(f".//{SVG}circle")) == 1


def test_a_workflow_without_initial_state_is_drawn_without_the_dot() -> None:
    class Headless(Workflow):
        states = (("a", "A"),)

    assert drawn(Headless).findall(f".//{SVG}circle") == []
    assert "[*]" not in diagram(Headless, "mermaid")


def test_a_workflow_without_states_is_an_empty_picture() -> None:
    assert texts(drawn(Workflow)) == []


def test_a_mermaid_diagram_names_states_ways_beginning_and_ends() -> None:
    assert diagram(JobWorkflow, "mermaid", {"completed": 1204}, "Jobs").splitlines() == [
        "---",
        'title: "Jobs"',
        "---",
        "stateDiagram-v2",
        "    direction LR",
        '    state "In the queue (0)" as s_queued',
        '    state "At work (0)" as s_running',
        '    state "Done (1,204)" as s_completed',
        '    state "Failed (0)" as s_failed',
        '    state "Called off (0)" as s_cancelled',
        "    [*] --> s_queued",
        "    s_queued --> s_running: start",
        "    s_running --> s_completed: complete",
        "    s_running --> s_failed: fail",
        "    s_failed --> s_queued: retry",
        "    s_queued --> s_cancelled: cancel",
        "    s_running --> s_cancelled: cancel",
        "    s_failed --> s_cancelled: cancel",
        "    s_completed --> [*]",
        "    s_cancelled --> [*]",
    ]


def test_characters_that_mean_something_to_mermaid_are_written_as_numbers() -> None:
    lines = diagram(Hostile, "mermaid").splitlines()
    assert '    state "A #34;quoted#34; #60;b#62; #38; #92; #7; state" as s_a' in lines
    assert "    s_a --> s_b: #60;go#62; #38; 'run'#59; #35;1#58; #34;now#34;, go_too" in lines


def test_a_dollar_begins_no_formula_to_mermaid() -> None:
    class Priced(Workflow):
        states = (("a", "$$x^2$$"),)

    assert '    state "#36;#36;x^2#36;#36;" as s_a' in diagram(Priced, "mermaid").splitlines()


def test_a_graphviz_diagram_names_states_ways_beginning_and_ends() -> None:
    class Small(Workflow):
        states = (("a", 'The "A"'), State("b", "B", final=True))
        transitions = (("go", "a", "b"), ("run", "a", "b"))
        initial_state = "a"

    assert diagram(Small, "dot", {"a": 2, "gone": 1}, "Small").splitlines() == [
        "digraph {",
        "    rankdir=LR;",
        "    node [shape=box, style=rounded];",
        '    label="Small"; labelloc=t;',
        '    "a" [label="The \\"A\\"\\n2"];',
        '    "b" [label="B\\n0", peripheries=2];',
        '    "gone" [label="gone\\n1", style="rounded,dashed"];',
        '    "" [shape=point, width=0.15]; "" -> "a";',
        '    "a" -> "b" [label="go\\nrun"];',
        "}",
    ]


def test_an_ampersand_is_no_entity_to_graphviz() -> None:
    class Named(Workflow):
        states = (("a", "R&amp;D \\N"),)

    assert '    "a" [label="R&amp;amp;D \\\\N"];' in diagram(Named, "dot").splitlines()


class Longer(JobWorkflow):
    states = (("paused", "Paused"),)
    transitions = (("pause", "running", "paused"), ("resume", "paused", "running"))


def test_equal_diagrams_have_no_difference() -> None:
    assert difference(diagram(JobWorkflow), diagram(JobWorkflow)) == []


def test_the_difference_of_two_pictures_is_told_in_words() -> None:
    lines = difference(diagram(JobWorkflow), diagram(Longer))
    assert "-At work: complete to Done, fail to Failed, cancel to Called off." in lines
    assert "+At work: complete to Done, fail to Failed, cancel to Called off, pause to Paused." in lines
    assert "+Paused: resume to At work." in lines
    assert not [line for line in lines if "<" in line]


def test_the_difference_of_two_texts_is_told_by_their_lines() -> None:
    lines = difference(diagram(JobWorkflow, "mermaid"), diagram(Longer, "mermaid"))
    assert "+    s_running --> s_paused: pause" in lines


def test_pictures_that_say_the_same_and_look_otherwise_differ_too() -> None:
    picture = diagram(JobWorkflow)
    assert difference(picture.replace("#ffffff", "#000000"), picture)


def test_an_unknown_format_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(UnknownFormat, match="'png'; ask for one of svg, mermaid, dot") as caught:
        diagram(JobWorkflow, "png")
    assert (caught.value.format, caught.value.known) == ("png", ("svg", "mermaid", "dot"))
    assert isinstance(caught.value, ValueError)
