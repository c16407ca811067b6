"""How a model gets its transitions."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.signals import class_prepared

from detent.machine import ImplementationList, Verdict, enable
from detent.workflow.creation import LoggedCreation
from detent.workflow.errors import NoLog, UnknownStateField
from detent.workflow.fields import StateField
from detent.workflow.passage import Passage

if TYPE_CHECKING:
    from detent.workflow.logs import BaseTransitionLog


class WorkflowEnabled(LoggedCreation):
    """Mixin of models with a `StateField`, which get its workflow's transitions as methods.

    No model itself and without a metaclass. Write it before `models.Model`; abstract and multi-table inheritance and
    proxies pass on field and transitions.
    """

    _workflows: ClassVar[dict[str, StateField]] = {}
    _xworkflows_implems: ClassVar[dict[str, ImplementationList]] = {}
    _passage: Passage | None = None
    _versions: ClassVar[tuple[str, ...]] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy of the object gets, be it pickled or copied: not the transition that this one takes."""
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name not in ("_passage", "_comparison")}

    @property
    def transition_logs(self) -> "models.QuerySet[BaseTransitionLog]":
        """The log rows of this object, newest first.

        They are those of the log model that the first of its workflows with a log uses; `logs_of` asks for one state.

        Raises:
            NoLog: None of its workflows has a log.
        """
        for log_model in self._log_models().values():
            if log_model is not None:
                return log_model.entries_of(self)
        raise NoLog(self._meta.label, instance=self)

    def logs_of(self, field: str) -> "models.QuerySet[BaseTransitionLog]":
        """Return the log rows of one of this object's states, newest first.

        Of rows that do not say which state moved, none is returned where several states share their log.

        Args:
            field: The name of the state field.

        Raises:
            UnknownStateField: The model has no such state field.
            NoLog: Its workflow has no log.
        """
        log_models = self._log_models()
        if field not in log_models:
            raise UnknownStateField(self._meta.label, tuple(log_models), name=field, instance=self)
        log_model = log_models.pop(field)
        if log_model is None:
            workflow, state = type(self._workflows[field].workflow).__name__, getattr(self, field).name
            raise NoLog(self._meta.label, field, workflow=workflow, state=state, instance=self)
        return log_model.entries_of(self, field, shared=log_model in log_models.values())

    def _log_models(self) -> "dict[str, type[BaseTransitionLog] | None]":
        return {name: field.workflow.get_log_model() for name, field in self._workflows.items()}

    def available_transitions(self, *, by: Any = None) -> list[Verdict]:
        """Say of each transition that starts in the object's state whether it is allowed.

        Args:
            by: Who would act; default: who acts now, if anyone.

        Returns:
            A verdict for each, in order of definition; checks that need arguments are listed in it as pending.
        """
        return [
            getattr(self, implementations.transitions_at[transition.name]).by(by).explain()
            for name, implementations in self._xworkflows_implems.items()
            for transition in getattr(self, name).transitions()
        ]


def state_fields(model: type[models.Model]) -> dict[str, StateField]:
    """Return a model's state fields by name, inherited ones included."""
    return {field.name: field for field in model._meta.concrete_fields if isinstance(field, StateField)}


def enable_model(sender: type[models.Model], **_: object) -> None:
    """Give a model that mixes in `WorkflowEnabled` the transitions of its state fields.

    Args:
        sender: The model, once Django has prepared it.

    Raises:
        ConflictingImplementation: A transition has two implementations, or another attribute has its name.
        MalformedDefinition: A workflow locks, compares or writes what the model has not.
    """
    if issubclass(sender, WorkflowEnabled):
        sender._workflows = state_fields(sender)
        sender._versions = tuple(
            field.workflow.version for field in sender._workflows.values() if field.workflow.version
        )
        for field in sender._workflows.values():
            field.workflow.fit(sender)
        sender._xworkflows_implems = {
            name: enable(sender, name, field.workflow) for name, field in sender._workflows.items()
        }


class_prepared.connect(enable_model, dispatch_uid="detent.workflow.enabled")
