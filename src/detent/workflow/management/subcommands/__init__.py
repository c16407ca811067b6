"""The workflow floor's subcommands of `manage.py detent`."""
