"""Detent's migrations, under this name."""

from detent.trigger import migrations

__path__ = migrations.__path__
