"""Workflows of 2 to 20 states, and what a layout of them is asked for."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from detent.machine import State, Transition, Workflow
from detent.machine.diagram.geometry import Layout, Place

Box: TypeAlias = tuple[float, float, float, float]

EPSILON = 1e-6


class OrderWorkflow(Workflow):
    states = (
        ("draft", "Draft"),
        ("placed", "Placed"),
        ("paid", "Paid"),
        ("review", "Under review"),
        State("shipped", "Shipped", final=True),
        State("cancelled", "Cancelled", final=True),
    )
    transitions = (
        ("place", "draft", "placed"),
        ("pay", "placed", "paid"),
        ("review", "paid", "review"),
        ("ship", ("paid", "review"), "shipped"),
        ("cancel", ("draft", "placed", "review"), "cancelled"),
        ("expire", "placed", "cancelled"),
    )
    initial_state = "draft"


class TicketWorkflow(Workflow):
    """Loops, and ways back from the end."""

    states = (
        ("new", "New"),
        ("open", "Open"),
        ("in_progress", "In progress"),
        ("waiting", "Waiting for customer"),
        ("resolved", "Resolved"),
        State("closed", "Closed", final=True),
    )
    transitions = (
        ("triage", "new", "open"),
        ("assign", ("open", "in_progress"), "in_progress"),
        ("ask", "in_progress", "waiting"),
        ("answer", "waiting", "in_progress"),
        ("comment", ("open", "in_progress", "waiting"), "open"),
        ("resolve", ("in_progress", "waiting"), "resolved"),
        ("reopen", ("resolved", "closed"), "open"),
        ("close", "resolved", "closed"),
        ("reject", ("new", "open"), "closed"),
        ("note", "waiting", "waiting"),
    )
    initial_state = "new"


class DocumentWorkflow(Workflow):
    """Twenty states, most of them one after the other."""

    states = (
        *(
            (name, name.replace("_", " ").capitalize())
            for name in (
                *("draft", "outlined", "written", "self_check", "peer_review", "changes_requested", "edited"),
                *("legal_review", "on_legal_hold", "in_translation", "translated", "layout", "proofreading"),
                *("approved", "scheduled", "published", "corrected", "withdrawn"),
            )
        ),
        State("archived", "Archived", final=True),
        State("discarded", "Discarded", final=True),
    )
    transitions = (
        ("save", "draft", "draft"),
        ("outline", "draft", "outlined"),
        ("write", ("outlined", "changes_requested"), "written"),
        ("check", "written", "self_check"),
        ("submit", "self_check", "peer_review"),
        ("request_changes", ("peer_review", "legal_review", "proofreading"), "changes_requested"),
        ("edit", "peer_review", "edited"),
        ("send_to_legal", "edited", "legal_review"),
        ("hold", "legal_review", "on_legal_hold"),
        ("release", "on_legal_hold", "legal_review"),
        ("translate", "legal_review", "in_translation"),
        ("finish_translation", "in_translation", "translated"),
        ("lay_out", ("translated", "legal_review"), "layout"),
        ("proofread", "layout", "proofreading"),
        ("relayout", "proofreading", "layout"),
        ("approve", "proofreading", "approved"),
        ("schedule", "approved", "scheduled"),
        ("unschedule", "scheduled", "approved"),
        ("publish", ("approved", "scheduled"), "published"),
        ("correct", "published", "corrected"),
        ("republish", "corrected", "published"),
        ("withdraw", ("published", "corrected"), "withdrawn"),
        ("archive", ("published", "withdrawn"), "archived"),
        ("discard", ("draft", "outlined", "written"), "discarded"),
    )
    initial_state = "draft"


class DenseWorkflow(Workflow):
    """From each state to each other."""

    states = tuple((name, name.upper()) for name in "abcdef")
    transitions = tuple((f"{one}_to_{other}", one, other) for one in "abcdef" for other in "abcdef" if one != other)
    initial_state = "a"


class ToggleWorkflow(Workflow):
    states = (("off", "Off"), ("on", "On"))
    transitions = (("switch_on", "off", "on"), ("switch_off", "on", "off"))
    initial_state = "off"


class ScatteredWorkflow(Workflow):
    """Parts that nothing joins, several ways between two states, long titles in several scripts."""

    states = (
        ("hub", "ハブ 状態"),
        *((f"spoke{number}", f"État n° {number} – un titre plutôt long, <et> encore") for number in range(6)),
        ("island", "Остров"),
        ("shore", "חוף"),
        State("alone", "Alone", final=True),
    )
    transitions = (
        *((f"out{number}", "hub", f"spoke{number}") for number in range(6)),
        ("back", tuple(f"spoke{number}" for number in range(6)), "hub"),
        Transition("one", "spoke1", "spoke2"),
        Transition("two", "spoke1", "spoke2", title="an awfully long title of a transition"),
        ("swim", "island", "shore"),
        ("row", "shore", "island"),
    )
    initial_state = "hub"


WORKFLOWS = (OrderWorkflow, TicketWorkflow, DocumentWorkflow, DenseWorkflow, ToggleWorkflow, ScatteredWorkflow)


def sides(place: Place) -> Box:
    width, height = place.size.width, place.size.height
    return place.x - width / 2, place.x + width / 2, place.y - height / 2, place.y + height / 2


def meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[1] - EPSILON
        and other[0] < one[1] - EPSILON
        and one[2] < other[3] - EPSILON
        and other[2] < one[3] - EPSILON
    )


def pieces(drawn: Layout) -> Iterator[tuple[object, Box]]:
    """Yield, for each edge, the boxes within which its line runs straight and within which it bends."""
    for route in drawn.routes:
        ends = [point for run in route.runs for point in (run.start, run.end)]
        for number, (start, end) in enumerate(pairwise(ends)):
            (left, right), (top, bottom) = sorted((start.x, end.x)), sorted((start.y, end.y))
            width = 1.0 if number % 2 == 0 else 0.0
            if drawn.downwards:
                yield route, (left - width, right + width, top, bottom)
            else:
                yield route, (left, right, top - width, bottom + width)


def collisions(drawn: Layout) -> list[tuple[Box, Box]]:
    """List what stands on something else: nodes and labels on each other, lines on nodes and on others' labels."""
    nodes = [sides(place) for place in drawn.nodes.values()]
    labels = [(route, sides(route.label)) for route in drawn.routes]
    boxes = [*nodes, *(box for _, box in labels)]
    found = [(one, other) for number, one in enumerate(boxes) for other in boxes[:number] if meet(one, other)]
    for route, piece in pieces(drawn):
        found += [(piece, node) for node in nodes if meet(piece, node)]
        found += [(piece, label) for owner, label in labels if owner is not route and meet(piece, label)]
    return found
