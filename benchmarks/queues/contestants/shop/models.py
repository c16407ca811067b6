"""What the business writes: a row beside each task, and a row by each task that has something to do."""

from django.db import models


class Order(models.Model):
    """Written in the transaction that enqueues."""

    number = models.BigIntegerField()


class Effect(models.Model):
    """Written by the task.

    Attributes:
        number: The order's.
        at: When the task began, in nanoseconds by the machine's monotonic clock, which all processes share.
    """

    number = models.BigIntegerField()
    at = models.BigIntegerField()
