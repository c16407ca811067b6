"""The Django app under its original name."""

from pathlib import Path

from detent.trigger import apps


class TriggerConfig(apps.TriggerConfig):
    """Configuration for the trigger app; its files are Detent's."""

    name = "trigger"
    path = str(Path(apps.__file__).parent)
