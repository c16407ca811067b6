"""The admin of the pipeline: `manage.py serve`."""

import secrets
import socket
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


def require_free(port: int) -> None:
    """Make sure that nothing listens on a port, before the password of whoever does is changed.

    Raises:
        CommandError: Something does.
    """
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        message = f"Port {port} cannot be used ({error.strerror}); name another: make serve PORT=8001."
        raise CommandError(message) from error


class Command(BaseCommand):
    """The pipeline's admin, on this machine only."""

    help = "Serve the admin on the database of the demo, and print address and login."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Give the administrator a new password and serve until interrupted."""
        call_command("migrate", verbosity=0, interactive=False)
        require_free(port)
        password = secrets.token_urlsafe(9)
        self.set_password(password)
        self.stdout.write(f"http://127.0.0.1:{port}/  user: admin  password: {password}")
        self.stdout.flush()
        # Without DEBUG, runserver leaves static files to somebody else unless it is told to serve them.
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, insecure_serving=True, skip_checks=True)

    def set_password(self, password: str) -> None:
        """Let the administrator in with this password, and with no other."""
        user, _ = User.objects.get_or_create(username="admin", defaults={"is_staff": True, "is_superuser": True})
        user.set_password(password)
        user.save()
