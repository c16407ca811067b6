"""The actions that every project has; importing this module registers them, which needs the models."""

from detent.trigger.actions import create, emit, process, task, transition, webhook

__all__ = ["create", "emit", "process", "task", "transition", "webhook"]
