"""Detent's commands, under this name."""

from detent.trigger import management

__path__ = management.__path__
