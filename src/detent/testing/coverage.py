"""Transition coverage: a plugin of pytest that says which edges of which workflows the tests took, and which not.

It is loaded by `pytest_plugins = ["detent.testing.coverage"]` in the `conftest.py` at the top, or by
`pytest -p detent.testing.coverage`, and does nothing without its options.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import AppRegistryNotReady

from detent.machine import Workflow
from detent.machine.analysis import Edge, edges
from detent.testing.observation import Observation, all_workflows


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("detent", "state machines")
    group.addoption(
        "--transition-coverage",
        action="append",
        nargs="?",
        const="",
        default=[],
        metavar="WORKFLOW",
        help="Show which transitions ran: of all workflows of the project, or of a model (app.Model) or of a class "
        "(package.module:Class) only; may be given several times.",
    )
    group.addoption(
        "--transition-coverage-fail-under",
        type=float,
        metavar="PERCENT",
        help="Fail if fewer of the edges ran than so many percent.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to notice transitions, if that is asked for.

    Raises:
        UsageError: The tests are to run in several processes, each of which would notice its own.
    """
    names: list[str] = config.getoption("--transition-coverage")
    at_least: float | None = config.getoption("--transition-coverage-fail-under")
    if not names and at_least is None:
        return
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("Transition coverage sees one process; leave -n (pytest-xdist) out, or the coverage.")
    plugin = TransitionCoverage(config, [name for name in names if name], at_least)
    config.pluginmanager.register(plugin, "detent-transition-coverage")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What ran of a workflow.

    Attributes:
        workflow: The name of the workflow: its class with the module.
        taken: The edges that ran.
        missed: The edges that did not, in order of declaration.
        refused: The checks that refused, each with its transition and how often.
    """

    workflow: str
    taken: Sequence[Edge]
    missed: Sequence[Edge]
    refused: Sequence[str]

    @property
    def total(self) -> int:
        """How many edges there are."""
        return len(self.taken) + len(self.missed)


class TransitionCoverage:
    """The plugin while it has something to do.

    Args:
        config: pytest's configuration.
        names: The models and classes whose workflows are meant; empty for all of the project.
        at_least: The percentage of edges below which the run fails; None for any.
    """

    def __init__(self, config: pytest.Config, names: Sequence[str], at_least: float | None) -> None:
        self.config = config
        self.names = names
        self.at_least = at_least
        self.chosen: list[type[Workflow]] = []
        self.observation = Observation().__enter__()

    def pytest_sessionstart(self) -> None:
        """Find the workflows that were named, before any test runs."""
        self.chosen = [workflow for name in self.names for workflow in named_workflows(name)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail the run if too little was taken."""
        if exitstatus == pytest.ExitCode.OK and self.too_little and not self.config.option.collectonly:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what ran and what did not."""
        terminalreporter.section("transition coverage")
        for line in self.lines():
            terminalreporter.line(line)
        if self.too_little:
            terminalreporter.line(f"Fewer edges were taken than the {self.at_least:g} % asked for.", red=True)

    def pytest_unconfigure(self) -> None:
        """Notice nothing any more."""
        self.observation.__exit__(None, None, None)

    @property
    def too_little(self) -> bool:
        """Whether fewer edges were taken than were asked for."""
        return self.at_least is not None and _percent(self.coverages()) < self.at_least

    def coverages(self) -> list[Coverage]:
        """Return what ran of each workflow that is meant, by name."""
        return sorted((self._coverage(workflow) for workflow in self._workflows()), key=lambda each: each.workflow)

    def _workflows(self) -> set[type[Workflow]]:
        if self.names:
            return set(self.chosen)
        return {
            workflow
            for workflow in all_workflows()
            if len(workflow.transitions) and not _is_ours(workflow) and self._is_in_use(workflow)
        }

    def _is_in_use(self, workflow: type[Workflow]) -> bool:
        """Whether a workflow is more than what others inherit from."""
        return workflow in self.observation.taken or not workflow.__subclasses__()

    def _coverage(self, workflow: type[Workflow]) -> Coverage:
        noticed = self.observation.taken.get(workflow, set())
        declared = edges(workflow)
        refused = [
            f"{check} ({transition}) {count}"
            for (of, transition, check), count in sorted(self.observation.refused.items(), key=lambda item: item[0][1:])
            if of is workflow
        ]
        return Coverage(
            f"{workflow.__module__}.{workflow.__qualname__}",
            [edge for edge in declared if edge in noticed],
            [edge for edge in declared if edge not in noticed],
            refused,
        )

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        coverages = self.coverages()
        width = max([len(each.workflow) for each in coverages], default=0)
        for each in coverages:
            share = f"{len(each.taken):4} of {each.total:4} edges {int(_percent([each])):4} %"
            yield f"{each.workflow:{width}} {share}"
            yield from (f"    not taken   {edge}" for edge in each.missed)
            if each.refused:
                yield f"    refused by  {', '.join(each.refused)}"
        if not coverages:
            yield "No workflow was seen."
        elif len(coverages) > 1:
            taken, total = sum(len(each.taken) for each in coverages), sum(each.total for each in coverages)
            yield f"{'total':{width}} {taken:4} of {total:4} edges {int(_percent(coverages)):4} %"


def _percent(coverages: Sequence[Coverage]) -> float:
    total = sum(each.total for each in coverages)
    return 100 * sum(len(each.taken) for each in coverages) / total if total else 0.0


def _is_ours(workflow: type[Workflow]) -> bool:
    return workflow.__module__.partition(".")[0] == "detent"


def named_workflows(name: str) -> list[type[Workflow]]:
    """Return the workflows that an option names.

    Args:
        name: A model as "app.Model", or a workflow or a class that has some as "package.module:Class".

    Raises:
        UsageError: There is nothing of that name, or it has no workflow.
    """
    try:
        found: Any = resolve_name(name) if ":" in name else apps.get_model(name)
    except (LookupError, ValueError, ImportError, AttributeError, AppRegistryNotReady) as error:
        raise pytest.UsageError(
            f"--transition-coverage={name} names no model as app.Model and no class as package.module:Class ({error}); "
            "folders and files stand before the option, or after another."
        ) from error
    if isinstance(found, type) and issubclass(found, Workflow):
        return [found]
    workflows = [type(field.workflow) for field in getattr(found, "_workflows", {}).values()]
    if not workflows:
        raise pytest.UsageError(f"--transition-coverage={name}: it has no workflow.")
    return workflows
