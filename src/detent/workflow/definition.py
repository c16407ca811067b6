"""A workflow whose transitions save the object and write the log."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from django.apps import apps
from django.db import models

from detent import machine
from detent.machine import MalformedDefinition, StateWrapper, Transition
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.passage import Passage, passage_of
from detent.workflow.save import save_and_log, save_state

if TYPE_CHECKING:
    from detent.workflow.logs import BaseTransitionLog


def default_log_model() -> str:
    """Return the log model of workflows that name none: `TransitionLog`, if its app is installed, else ""."""
    return "xworkflow_log.TransitionLog" if "xworkflow_log" in apps.app_configs else ""


class Workflow(machine.Workflow):
    """Base of the workflows of models; declared as `detent.machine.Workflow` is.

    Args:
        log_model: The log model of this instance, in place of the class's.
        log_model_class: Likewise, as a class.

    Attributes:
        log_model: The model of the log rows as "app.Model"; "" for no log, None for the default: `TransitionLog`, if
            the app `detent.workflow.log` is installed.
        log_model_class: That model as a class; it wins over `log_model`.
        log_creation: Whether an object's log begins with its creation: a row without a transition's name, from the
            state "" to the one in which the object begins.
        lock: "row" lets a call first lock the object's row and read its state again; "" for a call that only compares.
        version: The name of an integer field of the model that counts the transitions and is compared too, so that
            a row which is back in the same state is told from one that never left it; "" for none.
        writes: "" for all fields, as `save()` writes; "state" for the state alone, or the names of the further fields,
            as `save(update_fields=...)` writes. A tuple may hold "state" too.
        arguments_over_facts: Whether the log takes an argument of the call, such as `user`, before what the call's
            options and surroundings say.
    """

    implementation_class = ModelTransition
    log_model: str | None = None
    log_model_class: "type[BaseTransitionLog] | None" = None
    log_creation: ClassVar[bool] = False
    lock: Literal["", "row"] = ""
    version: str = ""
    writes: str | Sequence[str] = ""
    arguments_over_facts: ClassVar[bool] = False

    def __init__(self, log_model: str | None = None, log_model_class: "type[BaseTransitionLog] | None" = None) -> None:
        super().__init__()
        if log_model is not None:
            self.log_model = log_model
        if log_model_class is not None:
            self.log_model_class = log_model_class

    def get_log_model(self) -> "type[BaseTransitionLog] | None":
        """Return the model of the log rows, or None if nothing is logged."""
        if self.log_model_class is None:
            name = default_log_model() if self.log_model is None else self.log_model
            if not name:
                return None
            self.log_model_class = cast("type[BaseTransitionLog]", apps.get_model(name))
        return self.log_model_class

    def log_transition(
        self, transition: Transition, from_state: StateWrapper, instance: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Tell the Python log of a transition, save the object and write the log row, as the call's options say.

        Args:
            transition: The transition performed.
            from_state: The state that the object left.
            instance: The object, with the new state set.
            *args: The call's positional arguments.
            **kwargs: The call's keyword arguments.

        Raises:
            ConcurrentTransition: The row no longer has the state that was read or written last.
        """
        super().log_transition(transition, from_state, instance, *args, **kwargs)
        passage = passage_of(instance, transition, from_state)
        passage.from_state = from_state.name
        if not self._save_and_log(passage, from_state, instance, kwargs):
            with passage.transaction():
                if passage.options.save:
                    save_state(instance, passage)
                if passage.options.log:
                    self.db_log(transition, from_state, instance, *args, **kwargs)
        passage.arrive(instance, transition.target.name)

    def _save_and_log(
        self, passage: Passage, from_state: StateWrapper, instance: Any, arguments: Mapping[str, Any]
    ) -> bool:
        """Write the object and the log row together, if nothing here has a way of its own to write one of them."""
        model = self.get_log_model()
        if model is None or not (passage.options.save and passage.options.log and self.logs_plainly()):
            return False
        values = {
            **self.extra_columns(model, passage, arguments),
            "transition": passage.transition.name,
            "from_state": from_state.name,
            "to_state": passage.transition.target.name,
        }
        return save_and_log(instance, passage, model, values)

    def logs_plainly(self) -> bool:
        """Whether there is a log, and neither this workflow nor the log model has a way of its own to write it."""
        model = self.get_log_model()
        return model is not None and type(self).db_log is Workflow.db_log and model.is_written_plainly()

    def writes_plainly(self) -> bool:
        """Whether the log is plain, and saving and logging are those of this class."""
        return type(self).log_transition is Workflow.log_transition and self.logs_plainly()

    def db_log(
        self, transition: Transition, from_state: StateWrapper, instance: Any, *args: Any, **kwargs: Any
    ) -> "BaseTransitionLog | None":
        """Write the log row of a transition.

        The columns that the log model names in `EXTRA_LOG_ATTRIBUTES` get what the call's passage knows (`user`,
        `context`, `cause`, `state_field`, `key`) or the call's own arguments.

        Returns:
            The row; None if the workflow has no log model.
        """
        model = self.get_log_model()
        if model is None:
            return None
        passage = passage_of(instance, transition, from_state)
        return model.log_transition(
            transition=transition.name,
            from_state=from_state.name,
            to_state=transition.target.name,
            modified_object=instance,
            **self.extra_columns(model, passage, kwargs),
        )

    def extra_columns(
        self, model: "type[BaseTransitionLog]", passage: Passage, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what goes into the further columns of a log row.

        Args:
            model: The log model, which names the columns in `EXTRA_LOG_ATTRIBUTES`.
            passage: What the call's options and surroundings say.
            arguments: The call's own arguments.
        """
        facts = passage.facts()
        values = {**facts, **arguments} if self.arguments_over_facts else {**arguments, **facts}
        return {column: values.get(name, default) for column, name, default in model.EXTRA_LOG_ATTRIBUTES}

    def fit(self, model: type[models.Model]) -> None:
        """Refuse to say of a model what it cannot do.

        Args:
            model: A model with a state field of this workflow.

        Raises:
            MalformedDefinition: `lock`, `version` or `writes` is nothing that they can be for it.
        """
        fields = {field.name: field for field in model._meta.concrete_fields}
        if self.lock not in ("", "row"):
            raise self._malformed("lock", f"is {self.lock!r}; it can be 'row' or ''")
        for option, name in [("version", self.version), *(("writes", name) for name in self._named_fields())]:
            if name and name not in fields:
                raise self._malformed(option, f"names {name!r}, which is no field of {model._meta.label}")
        version = fields.get(self.version)
        if version is not None and (version.null or not isinstance(version, models.IntegerField)):
            raise self._malformed(
                "version", f"names {self.version!r}, which must be an integer field that is never NULL"
            )

    def _malformed(self, option: str, reason: str) -> MalformedDefinition:
        name = type(self).__name__
        return MalformedDefinition(f"{name}.{option} {reason}.", workflow=name, name=option)

    def _named_fields(self) -> tuple[str, ...]:
        named = (self.writes,) if isinstance(self.writes, str) else self.writes
        return tuple(name for name in named if name not in ("", "state"))

    def compared_fields(self, state_field: str) -> tuple[str, ...]:
        """Return the names of the fields that are compared with the row when it is written."""
        return (state_field, self.version) if self.version else (state_field,)

    def written_fields(self, state_field: str) -> tuple[str, ...]:
        """Return the names of the fields that a transition writes; empty for all."""
        return (*self.compared_fields(state_field), *self._named_fields()) if self.writes else ()
