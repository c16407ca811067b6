"""What a rule does when it is triggered: registered, named functions with a settings schema.

The built-in ones are in `detent.trigger.actions.builtin`, which the app imports when it is ready.
"""

from detent.trigger.actions.registry import (
    Action,
    ActionRegisteredTwice,
    ActionRegistry,
    InvalidSettings,
    UnknownAction,
    action,
    actions,
)
from detent.trigger.actions.settings_schema import InvalidAction, settings_schema
from detent.trigger.actions.template import InvalidTemplate, TemplateError, TemplateFailed, check_templates, render

__all__ = [
    "Action",
    "ActionRegisteredTwice",
    "ActionRegistry",
    "InvalidAction",
    "InvalidSettings",
    "InvalidTemplate",
    "TemplateError",
    "TemplateFailed",
    "UnknownAction",
    "action",
    "actions",
    "check_templates",
    "render",
    "settings_schema",
]
