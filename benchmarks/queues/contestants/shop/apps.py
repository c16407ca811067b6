"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class ShopConfig(AppConfig):
    """Has the contestant's tasks registered wherever Django is set up, as in its worker."""

    name = "shop"

    def ready(self) -> None:
        """Register the tasks."""
        import_module(settings.CONTESTANT["module"])
