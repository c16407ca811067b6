"""A rule: what must happen for what to be done."""

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils import timezone

from detent.trigger.document import Document
from detent.trigger.errors import RuleIsArchived, RuleIsFixed
from detent.trigger.explanation import RuleExplanation, explain_rule
from detent.trigger.handler import TRIGGER_RULE_HANDLERS, get_trigger_rule_handler
from detent.trigger.history.authorship import author_key
from detent.trigger.history.difference import is_same
from detent.trigger.history.revisions import Revision, history_of
from detent.trigger.managers.rules import FIXED, TriggerRuleManager, check_texts
from detent.trigger.models.ruleset import Ruleset
from detent.trigger.payload import with_doubles

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration


class TriggerRule(models.Model):
    """A rule that, when triggered, creates a trigger event.

    Its type, name and configuration are never edited: `revise` archives it and makes a new row that supersedes it.

    Attributes:
        type: The type of the trigger for the rule.
        name: The identifying name of the trigger rule used by clients for queries; not unique.
        configuration: JSON configuration for the rule, with fields specific to its type.
        is_active: Whether the rule can be triggered: false while it is paused, and once it is archived.
        created: When the rule was created.
        archived: When the rule was archived (no longer active), or None.
        last_modified: When the rule was last modified.
        uuid: This revision, under a name that is the same in every database.
        lineage: The rule through all its revisions: the `uuid` of the first.
        supersedes: The revision before this one, or None.
        author: Who made this revision, or None.
        archived_by: Who archived or revised it, or None.
    """

    id = models.AutoField(primary_key=True)
    type = models.CharField(max_length=50, db_index=True)
    name = models.CharField(max_length=50, blank=True, default="")
    configuration = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True, db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    archived = models.DateTimeField(blank=True, null=True)
    last_modified = models.DateTimeField(auto_now=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    lineage = models.UUIDField(db_index=True, editable=False)
    supersedes = models.OneToOneField(
        "self", blank=True, null=True, on_delete=models.PROTECT, related_name="superseded_by", editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, blank=True, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, blank=True, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects: ClassVar[TriggerRuleManager] = TriggerRuleManager()

    class Meta:
        app_label = "trigger"
        db_table = "trigger_rule"
        indexes = [models.Index(fields=["name"], name="trigger_rule_by_name")]
        # What its author must hold for an action of a rule; see `detent.trigger.configuration.authority`.
        permissions = [
            ("use_webhook_action", "Can make rules that send webhooks"),
            ("use_task_action", "Can make rules that enqueue tasks"),
            ("use_emit_action", "Can make rules that emit occurrences"),
            ("use_project_action", "Can make rules that run the project's own actions"),
            ("use_any_target", "Can make rules whose target a template names"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.type} rule {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the rule, as Django does; a new one is validated first.

        Raises:
            InvalidTriggerRule: It is new, and invalid; nothing has been written.
            RuleIsFixed: Its type, name or configuration differs from what is stored.
            RuleIsArchived: It is archived, and was to be so no longer.
        """
        if self._state.adding:
            self.validate()
        self.store(*args, **kwargs)

    def store(self, *args: Any, **kwargs: Any) -> None:
        """Save the rule as `save` does, for a caller who has validated it."""
        using = kwargs.get("using") or self._state.db or DEFAULT_DB_ALIAS
        self.begin_lineage()
        self.name_author()
        with transaction.atomic(using=using):
            Ruleset.objects.move_token(using)
            if self.pk is not None:
                self._refuse_edits(using, kwargs.get("update_fields"))
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the rule, as Django does: not if an event or a later revision refers to it."""
        using = kwargs.get("using") or self._state.db or DEFAULT_DB_ALIAS
        with transaction.atomic(using=using):
            Ruleset.objects.move_token(using)
            return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Return what tells the rule apart in fixtures.

        That is its name, as in the original, while no other rule in force or paused has it; an archived revision, a
        rule without a name and one whose name another has too go by their `uuid`.
        """
        if self._state.adding:
            # A fixture is being loaded: the original's know no lineage, and no uuid to find the rule by.
            return (str(self.uuid) if self.lineage else self.name,)
        others = type(self).objects.using(self._state.db).filter(name=self.name, archived=None).exclude(pk=self.pk)
        is_named = self.name and self.archived is None and not others.exists()
        return (self.name if is_named else str(self.uuid),)

    def validate(self) -> None:
        """Check the rule in both phases: its schema, and what its configuration asks of the database.

        A type that nobody has registered has nothing to check against: its rules can be stored, not triggered.
        What the configuration says becomes JSON, as the database keeps it: a Decimal a number, a date-time a text.

        Raises:
            InvalidTriggerRule: Something is wrong; the error names the place.
        """
        check_texts(self.type, self.name)
        if self.type in TRIGGER_RULE_HANDLERS:
            self.configuration = self.get_configuration().accepted()

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        """Make a rule of what a database returned, with the numbers that were stored."""
        rule = super().from_db(db, field_names, values, **options)
        if "configuration" in rule.__dict__:
            rule.configuration = with_doubles(rule.configuration)
        return rule

    def get_configuration(self) -> "TriggerRuleConfiguration":
        """Return the configuration for this trigger rule.

        Raises:
            InvalidTriggerType: No handler is registered for the type.
            InvalidTriggerRule: The configuration is invalid.
        """
        return get_trigger_rule_handler(self.type).create_configuration(self.configuration)

    def explain(self, document: Document) -> RuleExplanation:
        """Say whether a document would trigger this rule, clause by clause, and what its actions would get.

        Nothing is written and nothing is run, but for the code of the rule's own type; what that writes is undone.

        Args:
            document: What `Occurrence.document` returns, or a sample with its keys.

        Raises:
            InvalidDocument: No pattern can be asked about the document.
        """
        return explain_rule(self, document)

    def history(self) -> list[Revision]:
        """List all revisions of this rule, the oldest first: who made and ended each, and what differed."""
        return history_of(self)

    def revise(self, configuration: dict[str, Any], by: "AbstractBaseUser | None" = None) -> "TriggerRule":
        """Put a new revision in the place of this rule, which is archived.

        Args:
            configuration: What the new revision says.
            by: Who revises it; None: who acts.

        Returns:
            The new revision: of the same lineage, type and name; paused if this one was.

        Raises:
            InvalidTriggerRule: The configuration is invalid; nothing has been changed.
            RuleIsArchived: This revision is history already.
        """
        accepted = get_trigger_rule_handler(self.type).create_configuration(configuration).accepted()
        using = self._state.db or DEFAULT_DB_ALIAS
        with transaction.atomic(using=using):
            stored = self._locked(using)
            stored._refuse_if_archived()
            was_active = stored.is_active
            stored._end(by)
            successor = type(self)(
                type=self.type,
                name=self.name,
                configuration=accepted,
                is_active=was_active,
                lineage=self.lineage,
                supersedes=self,
                author_id=author_key(by),
            )
            successor.store(using=using)
        self._take_over(stored)
        return successor

    def archive(self, by: "AbstractBaseUser | None" = None) -> None:
        """End this rule: it is no longer active, and stays as history. An archived rule stays as it is.

        Args:
            by: Who archives it; None: who acts.
        """
        using = self._state.db or DEFAULT_DB_ALIAS
        with transaction.atomic(using=using):
            stored = self._locked(using)
            if stored.archived is None:
                stored._end(by)
        self._take_over(stored)

    def pause(self, by: "AbstractBaseUser | None" = None) -> bool:
        """Let nothing trigger this rule until it is resumed; it is not archived.

        What happens meanwhile does not trigger it later either: `detent replay` can make up for that. A clock rule
        makes up for its ticks as its `misfire` says. What the rule was triggered for before is still done.

        Args:
            by: Who pauses it; None: who acts.

        Returns:
            Whether it was not paused before.

        Raises:
            RuleIsArchived: This revision is history.
        """
        return self._switch(by, is_active=False)

    def resume(self, by: "AbstractBaseUser | None" = None) -> bool:
        """Let this rule, which was paused or made inactive, be triggered again by what happens from now on.

        Args:
            by: Who resumes it; None: who acts.

        Returns:
            Whether it was paused before.

        Raises:
            RuleIsArchived: This revision is history.
        """
        return self._switch(by, is_active=True)

    def begin_lineage(self) -> None:
        """Make this the first revision of its lineage, unless it belongs to one."""
        if not self.lineage:
            self.lineage = self.uuid

    def name_author(self) -> None:
        """Name who acts as the author of a new rule, unless one is named."""
        if self._state.adding and self.author_id is None:
            self.author_id = author_key()

    def _switch(self, by: "AbstractBaseUser | None", *, is_active: bool) -> bool:
        using = self._state.db or DEFAULT_DB_ALIAS
        with transaction.atomic(using=using):
            stored = self._locked(using)
            stored._refuse_if_archived()
            if is_other := stored.is_active != is_active:
                stored.is_active = is_active
                stored.store(using=using, update_fields=["is_active", "last_modified"])
                stored.switches.create(is_active=is_active, by_id=author_key(by))
        self._take_over(stored)
        return is_other

    def _locked(self, using: str) -> "TriggerRule":
        """Return the rule as it is stored, and keep everybody else from changing rules until the transaction ends."""
        Ruleset.objects.move_token(using)
        stored: TriggerRule = type(self).objects.using(using).select_for_update().get(pk=self.pk)
        return stored

    def _end(self, by: "AbstractBaseUser | None") -> None:
        self.archived, self.is_active, self.archived_by_id = timezone.now(), False, author_key(by)
        fields = ["is_active", "archived", "archived_by", "last_modified"]
        self.store(using=self._state.db, update_fields=fields)

    def _take_over(self, stored: "TriggerRule") -> None:
        for name in ("is_active", "archived", "archived_by_id", "last_modified"):
            setattr(self, name, getattr(stored, name))

    def _refuse_if_archived(self) -> None:
        if self.archived is not None:
            successor = type(self).objects.using(self._state.db).filter(supersedes=self).first()
            raise RuleIsArchived(self.pk, successor and successor.pk)

    def _refuse_edits(self, using: str, update_fields: Iterable[str] | None) -> None:
        names = {*FIXED, "archived"} - self.get_deferred_fields()
        if update_fields is not None:
            names &= set(update_fields)
        stored = type(self).objects.using(using).filter(pk=self.pk).values(*sorted(names)).first() if names else None
        if not stored:
            return
        if edited := tuple(name for name in FIXED if name in names and not is_same(getattr(self, name), stored[name])):
            raise RuleIsFixed(self.pk, edited)
        if stored.get("archived") and self.archived is None:
            raise RuleIsArchived(self.pk)
