"""A browser, and the demo project served for it."""

import os
import re
import shutil
import socket
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.child import ROOT, child_process
from tests.service import missing

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium looks for its maker's servers at every start; these keep it on this machine.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
PIPELINE = ROOT / "examples" / "pipeline"
MANAGE = PIPELINE / "manage.py"
PATIENCE_SECONDS = 30
READY = re.compile(r"(?P<address>http://\S+/)  user: (?P<user>\S+)  password: (?P<password>\S+)")


@dataclass(frozen=True)
class Site:
    """The served project: where it is, who may enter, and in what environment its commands run."""

    address: str
    user: str
    password: str
    environment: dict[str, str]

    def manage(self, *command: str | Path) -> str:
        """Run a command of the project on the database that is served, and return what it printed."""
        return run_manage(self.environment, *command)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        missing("Chromium is not installed.")
    # As root Chromium only starts without its sandbox; it visits nothing but this test's own pages.
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page; the test fails if it logged an error or anything it asked for was refused."""
    with watched(browser.new_page()) as page:
        yield page


@pytest.fixture
def scriptless_page(browser: Browser) -> Iterator[Page]:
    """Open a page that runs no scripts; the test fails as with `page`."""
    with watched(browser.new_page(java_script_enabled=False)) as page:
        yield page


@contextmanager
def watched(page: Page) -> Iterator[Page]:
    """Fail at the end of the block if a page logged an error or anything it asked for was refused, and close it."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response", lambda answer: complaints.append(answer.url) if answer.status >= HTTPStatus.BAD_REQUEST else None
    )
    yield page
    page.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """Tell an error on a page from Chromium's own question for an icon, which the admin does not have."""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the demo on its samples and serve its admin, as `make demo` and `make serve` do; for tests that only read."""
    with served(tmp_path_factory.mktemp("state")) as site:
        yield site


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a demo for the tests of one module, which change what is there."""
    with served(tmp_path_factory.mktemp("own_state")) as site:
        yield site


@contextmanager
def served(state: Path) -> Iterator[Site]:
    """Run the demo on its samples and serve its admin for the length of the block.

    Args:
        state: The folder of its database.
    """
    environment = {"PIPELINE_STATE": str(state), "DJANGO_SETTINGS_MODULE": "pipeline.settings"}
    run_manage(environment, "demo", PIPELINE / "samples")
    with child_process(MANAGE, "serve", "--port", free_port(), environment=environment) as server:
        site = ready(server.stdout, environment)
        # It writes a line for each request, and would wait for somebody to read them once the pipe is full.
        Thread(target=deque, args=(server.stdout, 0), daemon=True).start()
        yield site


def run_manage(environment: dict[str, str], *command: str | Path) -> str:
    """Run a command of the pipeline, and return what it printed."""
    with child_process(MANAGE, *command, environment=environment) as process:
        output, _ = process.communicate()
    assert process.returncode == 0, output
    return output


def log_in(page: Page, site: Site) -> Page:
    """Log the administrator in."""
    page.goto(site.address)
    page.get_by_label("Username").fill(site.user)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("button", name="Log in").click()
    return page


def free_port() -> str:
    """Return a TCP port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def ready(output: Iterable[str] | None, environment: dict[str, str]) -> Site:
    """Read what the server prints until it says where it is, and wait until it listens there."""
    printed = []
    for line in output or ():
        printed.append(line)
        if found := READY.search(line):
            site = Site(**found.groupdict(), environment=environment)
            wait_for(site.address)
            return site
    raise AssertionError("".join(printed))


def wait_for(address: str) -> None:
    """Return when something listens at the address."""
    parts = urlsplit(address)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection((str(parts.hostname), parts.port or 80)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"Nothing listens at {address}."
            time.sleep(0.05)
        else:
            return
