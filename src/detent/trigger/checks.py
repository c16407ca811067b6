"""System checks of the trigger floor: detent.E2xx and W2xx, and of what delivery is told: E3xx.

| id | what is wrong |
| --- | --- |
| detent.E201 | a key of the `DETENT` setting is unknown, or its value cannot be used |
| detent.W202 | two handlers were registered with one type of rules; the later one serves |
| detent.E203 | a sender of `DETENT["SENDERS"]` cannot be used |
| detent.E301 | an endpoint of `DETENT["WEBHOOKS"]` cannot be used |
| detent.E302 | what `DETENT["DISPATCHER"]` names cannot be used |

The dispatchers' own checks, E303 to E307 and W303 to W305, are in the how-to on Celery.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from detent.settings import InvalidSetting, complaints
from detent.trigger.delivery.dispatch import dispatcher
from detent.trigger.handler import superseded_handlers
from detent.trigger.inbound.sender import faults as sender_faults
from detent.trigger.webhook.endpoint import faults


def check_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Check the `DETENT` dict of the project's settings."""
    return [
        checks.Error(str(complaint), hint="See the reference of the settings.", id="detent.E201")
        for complaint in complaints(getattr(settings, "DETENT", {}))
    ]


def check_handlers(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Report each type of rules for which one app's handler took the place of another's."""
    return [
        checks.Warning(
            f"{_full_name(later)} took the place of {_full_name(earlier)} as the handler of {rule_type} rules.",
            hint="Give one of them another type, or register only the one that is to serve.",
            obj=rule_type,
            id="detent.W202",
        )
        for rule_type, (earlier, later) in sorted(superseded_handlers().items())
    ]


def check_webhooks(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Check the endpoints of webhooks, as far as the settings can be read at all."""
    given = getattr(settings, "DETENT", {})
    if complaints(given):
        return []
    return [
        checks.Error(f'DETENT["WEBHOOKS"][{name!r}]: {fault}', hint="See the how-to on webhooks.", id="detent.E301")
        for name, entry in given.get("WEBHOOKS", {}).items()
        for fault in faults(entry)
    ]


def check_senders(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Check the senders of occurrences, as far as the settings can be read at all."""
    given = getattr(settings, "DETENT", {})
    if complaints(given):
        return []
    return [
        checks.Error(
            f'DETENT["SENDERS"][{name!r}]: {fault}', hint="See the how-to on occurrences in.", id="detent.E203"
        )
        for name, entry in given.get("SENDERS", {}).items()
        for fault in sender_faults(entry)
    ]


def check_dispatcher(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:  # noqa: ARG001
    """Check that there is a dispatcher, and ask it about its own configuration if it can tell."""
    if complaints(getattr(settings, "DETENT", {})):
        return []
    try:
        check = getattr(dispatcher(), "check", None)
    except InvalidSetting as error:
        return [checks.Error(str(error), hint="See the reference of the settings.", id="detent.E302")]
    return check() if check else []


def _full_name(handler: object) -> str:
    return f"{type(handler).__module__}.{type(handler).__qualname__}"
