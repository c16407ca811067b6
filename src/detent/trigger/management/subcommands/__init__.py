"""The trigger floor's subcommands of `manage.py detent`."""
