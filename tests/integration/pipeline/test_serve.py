"""The demo's admin."""

import re
import socket
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.child import child_process
from tests.integration.pipeline.demo import MANAGE, SAMPLES, Demo


def free_port() -> int:
    """Return a port that nothing listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def log_in(browser: OpenerDirector, address: str, password: str) -> str:
    """Log in as a browser would, and return the page that follows."""
    form = browser.open(f"{address}login/", timeout=30).read().decode()
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    fields = {"csrfmiddlewaretoken": token, "username": "admin", "password": password, "next": "/"}
    with browser.open(f"{address}login/", urlencode(fields).encode(), timeout=30) as answer:
        return str(answer.read().decode())


def test_serve_prints_an_address_and_a_login_that_open_the_admin(demo: Demo) -> None:
    """The lists of what the demo made are behind it."""
    demo.run(SAMPLES)
    with child_process(MANAGE, "serve", "--port", str(free_port()), environment=demo.environment) as process:
        assert process.stdout
        line = process.stdout.readline()
        address, password = re.fullmatch(r"(\S+)  user: admin  password: (\S+)\n", line).groups()  # type: ignore[union-attr]
        while "Quit the server" not in process.stdout.readline():
            assert process.poll() is None

        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        page = log_in(browser, address, password)
        jobs = browser.open(f"{address}pipeline/job/", timeout=30).read().decode()

    assert "Trigger" in page
    assert "image size of broken.png" in jobs


def test_serve_changes_no_password_where_its_port_is_taken(demo: Demo) -> None:
    """Whoever listens there goes on with the one that was printed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = demo.run("--port", str(port), command="serve")

    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stdout
    assert demo.rows("SELECT count(*) FROM auth_user") == [(0,)]
