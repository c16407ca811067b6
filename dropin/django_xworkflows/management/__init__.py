"""Detent's commands, under this name."""

from detent.workflow import management

__path__ = management.__path__
