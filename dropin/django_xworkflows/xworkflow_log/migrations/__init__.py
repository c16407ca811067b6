"""Detent's migrations, under this name."""

from detent.workflow.log import migrations

__path__ = migrations.__path__
