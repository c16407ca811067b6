"""The app that holds each contestant's order."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The app to which a contestant adds its models once Django is set up."""

    name = "orders"
    default_auto_field = "django.db.models.BigAutoField"
