"""Nothing in a drawn graph stands on anything else."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.machine import Workflow
from detent.machine.diagram.geometry import Layout, Link, Size
from detent.machine.diagram.graph import Graph
from detent.machine.diagram.parts import layout
from detent.machine.diagram.svg import laid_out
from tests.unit.machine.drawn import EPSILON, WORKFLOWS, DocumentWorkflow, OrderWorkflow, collisions, pieces, sides

RandomGraph = tuple[dict[int, Size], dict[tuple[int, int], Size]]

sizes = st.builds(Size, st.floats(20, 200), st.floats(16, 60))
graphs = st.integers(1, 20).flatmap(
    lambda count: st.tuples(
        st.fixed_dictionaries(dict.fromkeys(range(count), sizes)),
        st.dictionaries(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), sizes, max_size=30),
    )
)
FINAL = ("shipped", "cancelled")
widths = st.sampled_from([0.0, 100_000.0])
"""Too wide ever, so that it leads downwards where that is narrower, or never."""


def drawn(graph: RandomGraph, widest: float) -> Layout[int]:
    nodes, edges = graph
    links = [Link(source, target, label) for (source, target), label in edges.items()]
    return layout(nodes, links, widest=widest)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.__name__)
@pytest.mark.parametrize("counts", [None, {"draft": 12_345, "gone": 3}])
def test_in_a_drawn_workflow_nothing_stands_on_anything_else(
    workflow: type[Workflow], counts: dict[str, int] | None
) -> None:
    assert not collisions(laid_out(Graph.of(workflow, counts)))


@given(graphs, widths)
def test_no_label_meets_another_a_node_or_the_line_of_another_edge_and_no_line_a_node(
    graph: RandomGraph, widest: float
) -> None:
    assert not collisions(drawn(graph, widest))


@given(graphs, widths)
def test_every_line_begins_at_its_source_and_ends_at_its_target(graph: RandomGraph, widest: float) -> None:
    picture = drawn(graph, widest)
    for route in picture.routes:
        if route.source == route.target:
            assert not route.runs
            continue
        for node, point in ((route.source, route.runs[0].start), (route.target, route.runs[-1].end)):
            left, right, top, bottom = sides(picture.nodes[node])
            if picture.downwards:
                assert min(abs(point.y - top), abs(point.y - bottom)) < EPSILON
                assert left <= point.x <= right
            else:
                assert min(abs(point.x - left), abs(point.x - right)) < EPSILON
                assert top <= point.y <= bottom


@given(graphs, widths)
def test_lines_that_run_side_by_side_keep_apart(graph: RandomGraph, widest: float) -> None:
    picture = drawn(graph, widest)
    runs = [
        tuple(point.mirrored if picture.downwards else point for point in (run.start, run.end))
        for route in picture.routes
        for run in route.runs
    ]
    for number, (start, end) in enumerate(runs):
        for other_start, other_end in runs[:number]:
            together = min(max(start.x, end.x), max(other_start.x, other_end.x)) - max(
                min(start.x, end.x), min(other_start.x, other_end.x)
            )
            assert together <= EPSILON or abs(start.y - other_start.y) > 10


@given(graphs, widths)
def test_everything_stands_on_the_sheet(graph: RandomGraph, widest: float) -> None:
    picture = drawn(graph, widest)
    boxes = [*map(sides, picture.nodes.values()), *(sides(route.label) for route in picture.routes)]
    boxes += [box for _, box in pieces(picture)]
    assert all(left >= 0 and right <= picture.size.width for left, right, _, _ in boxes)
    assert all(top >= 0 and bottom <= picture.size.height for _, _, top, bottom in boxes)


@given(graphs, widths)
def test_the_same_graph_is_drawn_the_same_way(graph: RandomGraph, widest: float) -> None:
    assert drawn(graph, widest) == drawn(graph, widest)


def test_a_picture_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "from detent.machine.diagram import diagram; from tests.unit.machine.drawn import WORKFLOWS; "
        "print(*map(diagram, WORKFLOWS))"
    )
    pictures = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(pictures) == 1


def test_an_edge_forward_leads_to_the_right_and_an_edge_back_to_the_left() -> None:
    box, label = Size(40, 20), Size(30, 14)
    picture = layout({"a": box, "b": box, "c": box}, [Link(*ends, label) for ends in ("ab", "bc", "ca")])
    assert picture.nodes["a"].x < picture.nodes["b"].x < picture.nodes["c"].x
    assert all(run.start.x <= run.end.x for run in picture.routes[0].runs)
    assert all(run.start.x >= run.end.x for run in picture.routes[2].runs)


def test_a_chain_of_nodes_is_one_level_line() -> None:
    box, label = Size(40, 20), Size(30, 14)
    picture = layout({"a": box, "b": box, "c": box}, [Link("a", "b", label), Link("b", "c", label)])
    assert len({round(run.start.y, 3) for route in picture.routes for run in route.runs}) == 1


def test_two_edges_between_two_nodes_to_and_fro_are_both_level() -> None:
    box, label = Size(60, 33), Size(60, 19)
    picture = layout({"off": box, "on": box}, [Link("off", "on", label), Link("on", "off", label)])
    assert all(len({round(run.start.y, 3) for run in route.runs}) == 1 for route in picture.routes)
    assert picture.nodes["off"].y == picture.nodes["on"].y


def test_edges_that_need_not_cross_do_not_cross() -> None:
    picture = laid_out(Graph.of(OrderWorkflow))
    ends = sorted((route.runs[-1].end.y, route.target) for route in picture.routes if route.target in FINAL)
    assert [target for _, target in ends] in (["cancelled"] * 3 + ["shipped"] * 2, ["shipped"] * 2 + ["cancelled"] * 3)


def test_what_no_edge_joins_stands_in_parts_of_its_own() -> None:
    box, label = Size(40, 20), Size(30, 14)
    picture = layout(dict.fromkeys("abcd", box), [Link("a", "b", label), Link("c", "d", label)])
    assert picture.nodes["b"].x + 20 < picture.nodes["c"].x - 20


def test_a_node_to_which_nothing_leads_stands_next_to_what_it_leads_to() -> None:
    box, label = Size(40, 20), Size(30, 14)
    picture = layout(dict.fromkeys("abcd", box), [Link(*ends, label) for ends in ("ab", "bc", "dc")])
    assert picture.nodes["d"].x == picture.nodes["b"].x


def test_a_long_workflow_leads_downwards_and_is_no_wider_than_a_page() -> None:
    picture = laid_out(Graph.of(DocumentWorkflow))
    assert picture.downwards
    assert picture.size.width < 800


def test_an_empty_graph_has_a_size() -> None:
    assert layout({}, []).size.width > 0


def test_the_line_to_a_node_at_the_edge_ends_in_the_middle_of_the_other() -> None:
    box, label = Size(60, 33), Size(30, 19)
    links = [Link("start", "hub", Size(0, 0)), *(Link("hub", name, label) for name in "abcd"), Link("b", "c", label)]
    picture = layout({"start": Size(12, 12), "hub": box, **dict.fromkeys("abcd", box)}, links)
    assert abs(picture.nodes["start"].y - picture.nodes["hub"].y) < EPSILON
