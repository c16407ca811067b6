"""A test whose service does not answer."""

import socket
from collections.abc import Iterator

import pytest

from tests.service import require_service


@pytest.fixture
def closed_port() -> int:
    """Return a port on which nothing listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def open_port() -> Iterator[int]:
    """Yield a port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_is_skipped_with_the_reason(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CI, the skip names the service and where it should listen."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"Redis does not answer on 127.0.0.1:{closed_port}"):
        require_service("Redis", "127.0.0.1", closed_port)


def test_fails_in_ci(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI=true, a service that is missing is a failure."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="In CI that is a failure"):
        require_service("Redis", "127.0.0.1", closed_port)


def test_runs_where_the_service_answers(open_port: int) -> None:
    """Where something listens, the test goes on."""
    require_service("Redis", "127.0.0.1", open_port)
