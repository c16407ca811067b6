"""Errors of transitions on models, beside those of `detent.machine`."""

from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied

from detent.machine import AbortTransition, ForbiddenTransition, Verdict, WorkflowError


class TransitionNotPermitted(ForbiddenTransition, PermissionDenied):
    """Who acts lacks the transition's permission; Django answers such a request with 403.

    Attributes:
        permission: What is lacked, as "app_label.codename".
        actor: Who lacks it; None in an error that comes from another process.
    """

    def __init__(
        self,
        *args: object,
        verdict: Verdict | None = None,
        instance: object = None,
        permission: str = "",
        actor: object = None,
    ) -> None:
        super().__init__(*args, verdict=verdict, instance=instance)
        self.permission = permission
        self.actor = actor


class ConcurrentTransition(AbortTransition):
    """Someone else moved or deleted the object first; load it again before the next attempt.

    Attributes:
        expected: What the object's row was expected to have, by the names of the fields.
    """

    def __init__(
        self,
        *args: object,
        verdict: Verdict | None = None,
        instance: object = None,
        expected: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(*args, verdict=verdict, instance=instance)
        self.expected = dict(expected or {})


class Subject(TypedDict, total=False):
    """What an error speaks of; a call that moves many has neither one state nor one object."""

    workflow: str
    transition: str
    state: str
    instance: object


class MisusedWorkflow(WorkflowError):
    """A workflow of a model is asked for what it cannot do; base of the errors that say so.

    Attributes:
        workflow: The name of the workflow's class; "" where the error speaks of a model as a whole.
        transition: The name of the transition; "" where none is made.
        state: The name of the state in which the object is; "" where there is no one object.
        instance: The object; None where there is no one object, and in an error that comes from another process.
    """

    def __init__(self, message: str, **subject: Unpack[Subject]) -> None:
        super().__init__(message)
        self.workflow = subject.get("workflow", "")
        self.transition = subject.get("transition", "")
        self.state = subject.get("state", "")
        self.instance = subject.get("instance")


class UnsavedObject(MisusedWorkflow, ValueError):
    """A transition of an object that has no row cannot be logged; save it, or leave the log out."""

    def __init__(self, unsaved: object, **subject: Unpack[Subject]) -> None:
        message = f"{unsaved!r} is not saved, so no log row can point at it; save it, or move it without a log."
        super().__init__(message, **subject)


class UnusableOption(MisusedWorkflow, ValueError):
    """An option of a call cannot be used; nothing was touched.

    Attributes:
        reason: What is wrong with it, and what to do.
    """

    def __init__(self, option: str, reason: str, **subject: Unpack[Subject]) -> None:
        transition = subject.get("transition", "")
        super().__init__(f"The {option} of a call of {transition!r} cannot be used: {reason}.", **subject)
        self.reason = reason


class UnusableKey(UnusableOption):
    """An idempotency key is no text of usable length, or no log row would keep it.

    Attributes:
        key: The key.
    """

    def __init__(self, key: object, reason: str, **subject: Unpack[Subject]) -> None:
        super().__init__(f"key {key!r}", reason, **subject)
        self.key = key


class UnusableContext(UnusableOption):
    """A context is nothing that a log row could keep as JSON.

    Attributes:
        context: The context.
    """

    def __init__(self, context: object, reason: str, **subject: Unpack[Subject]) -> None:
        super().__init__("context", reason, **subject)
        self.context = context


class UnusableActor(UnusableOption):
    """Who acts cannot be asked for the permission that a transition has.

    Attributes:
        permission: The permission, as "app_label.codename".
        actor: Who acts; None in an error that comes from another process.
    """

    def __init__(self, actor: object, permission: str, **subject: Unpack[Subject]) -> None:
        reason = (
            f"it has no has_perm(), of which the permission {permission!r} is asked; give a user, or None for no one"
        )
        super().__init__(f"actor {actor!r}", reason, **subject)
        self.permission = permission
        self.actor = actor


class UnusableCause(WorkflowError, ValueError):
    """A cause is no text, or longer than a log row can keep.

    Attributes:
        cause: The cause.
    """

    def __init__(self, cause: object, length: int) -> None:
        super().__init__(
            f"The cause {cause!r} cannot be logged: it must be a text of at most {length} characters, such as "
            "'delivery:17'; keep more in the call's context."
        )
        self.cause = cause


class UnknownStateField(MisusedWorkflow, ValueError):
    """A model has several state fields, or none, where one is asked for, or none of the name asked for; name one.

    Attributes:
        model: The label of the model.
        fields: The names of its state fields.
        name: The name asked for; "" if none was.
    """

    def __init__(self, model: str, fields: tuple[str, ...], *, name: str = "", **subject: Unpack[Subject]) -> None:
        known = ", ".join(fields)
        if not fields:
            message = f"{model} has no state field; give it a StateField and the mixin WorkflowEnabled."
        elif name:
            message = f"{model} has no state field {name!r}; it has {known}."
        else:
            message = f"{model} has {len(fields)} state fields ({known}); name one with field=."
        super().__init__(message, **subject)
        self.model = model
        self.fields = fields
        self.name = name


class NoLog(MisusedWorkflow, LookupError):
    """There is no log that tells of what is asked for.

    Attributes:
        model: The label of the model.
        field: The name of the state field; "" if none of them is logged.
    """

    def __init__(self, model: str, field: str = "", **subject: Unpack[Subject]) -> None:
        what = f"{model}.{field} is not" if field else f"No state of {model} is"
        super().__init__(f"{what} logged; install detent.workflow.log, or give the workflow a log_model.", **subject)
        self.model = model
        self.field = field


class UnloggableKey(MisusedWorkflow, ValueError):
    """A log cannot point at an object with such a key; a `DetailedTransitionLog` can.

    Attributes:
        log_model: The label of the log model.
        key: The key.
    """

    def __init__(self, log_model: str, modified_object: object, key: object, **subject: Unpack[Subject]) -> None:
        super().__init__(
            f"{log_model} cannot point at {modified_object!r}: its key {key!r} is no integer from 0 to 2147483647. "
            "Base the log on DetailedTransitionLog, or give it a foreign key of its own.",
            **subject,
        )
        self.log_model = log_model
        self.key = key


class UncertainCreation(MisusedWorkflow, ValueError):
    """Objects are inserted in a way that does not tell which of them are new, so their creation cannot be logged.

    Attributes:
        model: The label of the model.
    """

    def __init__(self, model: str, **subject: Unpack[Subject]) -> None:
        super().__init__(
            f"bulk_create with conflicts does not tell which objects of {model} are new, and their creation is to be "
            "logged; ask first which are there, or switch off log_creation.",
            **subject,
        )
        self.model = model


class UnmovableSelection(MisusedWorkflow, TypeError):
    """A queryset of values gives no objects that could be moved; leave out `values()` and `values_list()`.

    Attributes:
        model: The label of the model.
    """

    def __init__(self, model: str, **subject: Unpack[Subject]) -> None:
        super().__init__(f"A queryset of values of {model} gives no objects to move; leave out values().", **subject)
        self.model = model


class UnreadableLog(MisusedWorkflow, LookupError):
    """The rows of a log point at objects in a way that the database cannot follow, so that it cannot be asked.

    Attributes:
        log_model: The label of the log model.
        model: The label of the model of the objects.
        field: The name of the state field.
    """

    def __init__(self, log_model: str, model: str, field: str, **subject: Unpack[Subject]) -> None:
        super().__init__(
            f"The database cannot follow how {log_model} points at {model}; base the log on DetailedTransitionLog, "
            "give it a foreign key, or override pointing_columns together with columns_of.",
            **subject,
        )
        self.log_model = log_model
        self.model = model
        self.field = field
