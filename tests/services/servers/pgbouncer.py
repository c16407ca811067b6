"""PgBouncer in transaction mode: each transaction of a client goes to whichever connection of the server is free."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.service import missing
from tests.services.servers.launch import Server, folder_of_ones_own, free_port, running

CONFIGURATION = """
[databases]
* = {server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
server_lifetime = 1
client_idle_timeout = {idle}
ignore_startup_parameters = extra_float_digits
"""


@dataclass(frozen=True)
class Pool:
    """A PgBouncer that runs.

    Attributes:
        server: Its process.
        database: Django's settings of the database behind it, reached through it.
    """

    server: Server
    database: dict[str, Any]

    def closed_for_idleness(self) -> int:
        """Return how many connections of clients it has closed because they did nothing."""
        return self.server.said("client_idle_timeout")

    def restart(self) -> None:
        """Kill it, which breaks all connections, and start it again."""
        self.server.kill()
        self.server.start()


@contextmanager
def pgbouncer(database: Mapping[str, Any], *, size: int, idle_seconds: float) -> Iterator[Pool]:
    """Have a pool in front of a PostgreSQL database for the length of the block.

    Args:
        database: A connection's `settings_dict`.
        size: How many connections to the server it has, each for a second at most.
        idle_seconds: After how long it closes the connection of a client that does nothing.
    """
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        missing("PgBouncer is not installed (package `pgbouncer`).")
        raise AssertionError
    keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    server = " ".join(f"{name}={database[key]}" for name, key in keys.items() if database[key])
    port = free_port()
    with folder_of_ones_own() as folder:
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format(server=server, port=port, size=size, idle=idle_seconds))
        with running(Server([program, configuration], port, folder, {})) as process:
            yield Pool(process, {**database, "HOST": "127.0.0.1", "PORT": str(port)})
