"""Detent's migrations, under this name."""

from detent.workflow import migrations

__path__ = migrations.__path__
