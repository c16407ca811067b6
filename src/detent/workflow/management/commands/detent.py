"""`manage.py detent`: one command, whose subcommands every installed app can add to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from detent.workflow.management.subcommand import find_subcommands, load_subcommand


class Command(BaseCommand):
    """Runs a subcommand; alone, lists them."""

    help = "Run a subcommand of Detent; alone, list them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the arguments of the subcommands."""
        subparsers = parser.add_subparsers(dest="subcommand", metavar="subcommand")
        for name, module in find_subcommands().items():
            subcommand = load_subcommand(module)
            subparser = subparsers.add_parser(name, help=subcommand.help, description=subcommand.help)
            subcommand().add_arguments(subparser)

    def handle(self, *args: Any, subcommand: str | None, **options: Any) -> str | None:
        """Run the subcommand."""
        modules = find_subcommands()
        if subcommand is None:
            for name, module in modules.items():
                self.stdout.write(f"{name:12} {load_subcommand(module).help}")
            return None
        command = load_subcommand(modules[subcommand])()
        command.stdout, command.stderr, command.style = self.stdout, self.stderr, self.style
        return command.handle(*args, **options)
