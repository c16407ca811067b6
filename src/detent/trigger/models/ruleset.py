"""The mark that tells every process that the rules have changed."""

import uuid
from typing import ClassVar

from django.db import connections, models

from detent.trigger.managers.changes import note_change

ONLY_ROW = 1


class RulesetManager(models.Manager["Ruleset"]):
    """Adds reading and moving the token."""

    def token(self, using: str) -> str:
        """Return the token that stands for the rules as this transaction sees them; "" before the first rule.

        Args:
            using: The database alias.
        """
        return self.using(using).filter(pk=ONLY_ROW).values_list("token", flat=True).first() or ""

    def move_token(self, using: str) -> None:
        """Tell every process that the rules of a database have changed, once this transaction commits.

        To be called before the rules are written: whoever changes rules then waits here for whoever else does, and
        two of them cannot deadlock.

        Args:
            using: The database alias.
        """
        note_change(using)
        names_target = connections[using].features.supports_update_conflicts_with_target
        # One statement: an UPDATE that finds no row yet and an INSERT after it deadlock with another's on MySQL.
        self.using(using).bulk_create(
            [self.model(pk=ONLY_ROW, token=uuid.uuid4().hex)],
            update_conflicts=True,
            update_fields=["token"],
            unique_fields=["id"] if names_target else None,
        )


class Ruleset(models.Model):
    """The one row whose token is new after each change of the rules.

    A process compares it with the token of the rules that it has compiled. The token is random: with a counter, a
    change that was rolled back and a later one would look the same.
    """

    id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=32)

    objects: ClassVar[RulesetManager] = RulesetManager()

    class Meta:
        app_label = "trigger"
        db_table = "trigger_ruleset"

    def __str__(self) -> str:
        return self.token
