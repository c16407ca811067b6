"""A RabbitMQ node of a test's own, which it may kill: the machine's serves others too."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.service import missing
from tests.services.servers.launch import Server, folder_of_ones_own, free_port, running

# Debian's program of the same name runs this one as a user of its own.
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@dataclass(frozen=True)
class Node:
    """A node that runs.

    Attributes:
        server: Its process.
        url: Its address for clients.
    """

    server: Server
    url: str

    def restart(self) -> None:
        """Kill it, and start it on what it had written down."""
        self.server.kill()
        self.server.start()


@contextmanager
def rabbitmq_node() -> Iterator[Node]:
    """Have a node for the length of the block, with the daemon by which such nodes find each other."""
    daemon = shutil.which("epmd")
    if daemon is None or not PROGRAM.exists():
        missing("RabbitMQ's programs are not installed (package `rabbitmq-server`).")
        raise AssertionError
    port, daemon_port = free_port(), free_port()
    with folder_of_ones_own() as folder:
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
        environment = {
            "ERL_EPMD_PORT": str(daemon_port),
            "RABBITMQ_NODENAME": f"detent{port}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        }
        # With a daemon of its own, none is started that would stay when the node has gone.
        with (
            running(Server([daemon, "-port", str(daemon_port)], daemon_port, folder, {})),
            running(Server([PROGRAM], port, folder, environment)) as server,
        ):
            yield Node(server, f"amqp://guest:guest@127.0.0.1:{port}//")
