"""Transition coverage in a run of pytest of its own."""

from pathlib import Path

import pytest

from detent.machine import Workflow
from detent.testing.coverage import named_workflows
from tests.shop.models.order import OrderWorkflow
from tests.shop.models.parcel import Parcel
from tests.unit.machine.jobs import JobWorkflow
from tests.unit.testing.project import Project

LAMP = """
from detent.machine import State, Workflow, WorkflowEnabled, transition_check

class LampWorkflow(Workflow):
    states = (("off", "Off"), ("on", "On"), State("broken", "Broken", final=True))
    transitions = (("switch_on", "off", "on"), ("switch_off", "on", "off"), ("drop", ("off", "on"), "broken"))
    initial_state = "off"

class DoorWorkflow(Workflow):
    states = (("shut", "Shut"), ("open", "Open"))
    transitions = (("push", "shut", "open"),)
    initial_state = "shut"

class Lamp(WorkflowEnabled):
    state = LampWorkflow()

    @transition_check("drop")
    def is_held_over_stone(self):
        return False
"""

TESTS = """
from lamps import Lamp

def test_light():
    lamp = Lamp()
    lamp.switch_on()
    lamp.switch_off()
    assert not lamp.drop.is_available()
"""

LAMP_REPORT = [
    "lamps.LampWorkflow    2 of    4 edges   50 %",
    "    not taken   off --drop--> broken",
    "    not taken   on --drop--> broken",
    "    refused by  is_held_over_stone (drop) 1",
]


CONFTEST = 'pytest_plugins = ["detent.testing.coverage"]\n'


def lamps_in(folder: Path) -> Project:
    return Project(folder, lamps=LAMP, test_lamps=TESTS, conftest=CONFTEST)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return lamps_in(tmp_path)


@pytest.fixture(scope="module")
def with_forty_percent(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[str]]:
    """The one run that several tests look at, for each takes a process of its own."""
    return lamps_in(tmp_path_factory.mktemp("lamps")).run(
        "--transition-coverage", "--transition-coverage-fail-under", "40"
    )


def test_every_workflow_is_shown_with_the_edges_that_ran_and_those_that_did_not(
    with_forty_percent: tuple[int, list[str]],
) -> None:
    status, lines = with_forty_percent
    begin = next(number for number, line in enumerate(lines) if "transition coverage" in line)
    assert lines[begin + 1 : begin + 8] == [
        "lamps.DoorWorkflow    0 of    1 edges    0 %",
        "    not taken   shut --push--> open",
        *LAMP_REPORT,
        "total                 2 of    5 edges   40 %",
    ]
    assert status == 0


def test_without_its_options_the_plugin_shows_nothing(project: Project) -> None:
    status, lines = project.run()
    assert not [line for line in lines if "transition coverage" in line]
    assert status == 0


def test_one_class_can_be_asked_for(project: Project) -> None:
    _, lines = project.run("--transition-coverage=lamps:Lamp")
    assert set(LAMP_REPORT) <= set(lines)
    assert not [line for line in lines if "DoorWorkflow" in line]


@pytest.mark.parametrize(
    ("name", "workflows"),
    [
        ("tests.unit.machine.jobs:JobWorkflow", [JobWorkflow]),
        ("shop.Order", [OrderWorkflow]),
        ("shop.Parcel", [type(field.workflow) for field in Parcel._workflows.values()]),
    ],
)
def test_a_name_means_a_workflow_or_those_of_a_class_or_a_model(name: str, workflows: list[type[Workflow]]) -> None:
    assert named_workflows(name) == workflows


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shop.Odrer", "names no model as app.Model and no class as package.module:Class"),
        ("tests.unit.machine.jobs:Jbo", "has no attribute 'Jbo'"),
        ("tests.unit.machine.jobs:State", "it has no workflow"),
        ("auth.User", "it has no workflow"),
        ("tests/", "folders and files stand before the option"),
    ],
)
def test_a_name_that_means_nothing_is_an_error(name: str, message: str) -> None:
    with pytest.raises(pytest.UsageError, match=message):
        named_workflows(name)


def test_the_run_fails_if_too_few_edges_were_taken(project: Project) -> None:
    status, lines = project.run("--transition-coverage-fail-under", "40.1")
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "Fewer edges were taken than the 40.1 % asked for." in lines


def test_the_run_passes_if_just_enough_edges_were_taken(with_forty_percent: tuple[int, list[str]]) -> None:
    status, lines = with_forty_percent
    assert status == pytest.ExitCode.OK
    assert not [line for line in lines if line.startswith("Fewer edges")]


def test_a_run_in_which_a_test_fails_keeps_its_own_exit_status(project: Project) -> None:
    project.write("test_broken.py", "def test_broken():\n    raise KeyboardInterrupt\n")
    status, _ = project.run("--transition-coverage-fail-under", "100")
    assert status == pytest.ExitCode.INTERRUPTED


def test_a_base_that_only_others_use_is_not_shown(project: Project) -> None:
    project.write(
        "test_more.py", "import lamps\n\nclass Torch(lamps.DoorWorkflow):\n    pass\n\ndef test_nothing(): ...\n"
    )
    _, lines = project.run("--transition-coverage")
    assert [line.split()[0] for line in lines if line.endswith(" %")] == [
        "lamps.LampWorkflow",
        "test_more.Torch",
        "total",
    ]


def test_a_name_that_means_nothing_ends_the_run_before_the_tests(project: Project) -> None:
    status, lines = project.run("--transition-coverage", ".")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert any("--transition-coverage=. names no model" in line for line in lines)
    assert not any("passed" in line for line in lines)


def test_it_is_not_for_several_processes(project: Project) -> None:
    project.write(
        "conftest.py",
        'pytest_plugins = ["detent.testing.coverage"]\n\ndef pytest_addoption(parser):\n'
        '    parser.addoption("--workers", dest="numprocesses", type=int)\n',
    )
    status, lines = project.run("--transition-coverage", "--workers=2")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert any("leave -n (pytest-xdist) out" in line for line in lines)


def test_transitions_of_models_count_and_a_model_can_be_asked_for(project: Project) -> None:
    project.write(
        "test_order.py",
        "import pytest\nfrom tests.shop.models.order import Order\n\n@pytest.mark.django_db\ndef test_place():\n"
        "    Order.objects.create(customer='C7', total=1).place()\n",
    )
    status, lines = project.run("--transition-coverage=shop.Order", "test_order.py", django=True)
    assert status == 0, lines
    assert "tests.shop.models.order.OrderWorkflow    1 of    9 edges   11 %" in lines
    assert "    not taken   draft --cancel--> cancelled" in lines
    assert "    not taken   draft --place--> placed" not in lines
