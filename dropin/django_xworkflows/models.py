"""xworkflows' bindings for Django: Detent's own classes with the defaults that code written for the original expects.

They differ from `detent.workflow` in this: a transition runs in no transaction unless its workflow asks for one;
`save`, `log` and `user` may stand among a call's arguments; definitions are not strict; a form may set any state.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from inspect import Parameter, signature
from typing import Any, ClassVar

from django.db import models
from django.db.models.base import ModelBase
from django.utils.translation import gettext_lazy as _

import detent.workflow
from detent.machine import StateWrapper, Transition
from detent.machine.unbound import P, R
from detent.workflow.bound.memory import Memory
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.definition import default_log_model as get_default_log_model
from detent.workflow.fields import StateFieldProperty
from detent.workflow.forms import StateSelect
from detent.workflow.frozen import FrozenWorkflow
from detent.workflow.logs import (
    BaseLastTransitionLog,
    BaseTransitionLog,
    GenericLastTransitionLog,
    GenericTransitionLog,
)
from detent.workflow.models import KeptAnswer
from detent.workflow.passage import passage_of, underway
from xworkflows import base
from xworkflows.base import (
    AbortTransition,
    ForbiddenTransition,
    InvalidTransitionError,
    State,
    WorkflowError,
    transition,
)

__all__ = [
    "AbortTransition",
    "BaseLastTransitionLog",
    "BaseTransitionLog",
    "BaseWorkflowEnabled",
    "DjangoImplementationWrapper",
    "ForbiddenTransition",
    "GenericLastTransitionLog",
    "GenericTransitionLog",
    "InvalidTransitionError",
    "KeptAnswer",
    "State",
    "StateField",
    "StateFieldProperty",
    "StateSelect",
    "TransactionalImplementationWrapper",
    "Workflow",
    "WorkflowEnabled",
    "WorkflowEnabledMeta",
    "WorkflowError",
    "get_default_log_model",
    "transition",
]

_OPTIONS = ("save", "log", "user")


@cache
def _unnamed_options(implementation: Callable[..., Any]) -> Sequence[str]:
    """Return those of the legacy's options that an implementation does not take."""
    parameters = signature(implementation).parameters
    takes_any = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters.values())
    return [] if takes_any else [name for name in _OPTIONS if name not in parameters]


class DjangoImplementationWrapper(ModelTransition[P, R]):
    """A transition of one object that takes `save`, `log` and `user` among its arguments, in no transaction of its own.

    They reach the hooks, `log_transition` and, where it names them, the implementation.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        """Move the object."""
        given = {"by" if name == "user" else name: kwargs[name] for name in _OPTIONS if name in kwargs}
        if given:
            self.chosen = replace(self.chosen, **given)
        return super().__call__(*args, **kwargs)

    def _implement(self, *args: Any, **kwargs: Any) -> R:
        unnamed = _unnamed_options(self.implementation)
        return super()._implement(*args, **{name: value for name, value in kwargs.items() if name not in unnamed})

    @contextmanager
    def _transaction(self, using: str) -> Iterator[None]:
        memory = Memory(self.instance)
        try:
            yield
        except BaseException:
            # What is written stays written, and memory says so.
            if self.chosen.save and self._is_unwritten():
                memory.put_back()
            raise

    def _is_unwritten(self) -> bool:
        return self.instance._state.adding or self.field_name in self.instance._stored_states


class TransactionalImplementationWrapper(DjangoImplementationWrapper[P, R]):
    """A transition of one object whose checks, hooks, saving and log are in one transaction."""

    def _take(self, using: str, *args: P.args, **kwargs: P.kwargs) -> R:
        with ModelTransition._transaction(self, using):
            return super()._take(using, *args, **kwargs)


class Workflow(base.Workflow, detent.workflow.Workflow):
    """A workflow whose transitions save the object and log to the database.

    Attributes:
        log_model: The model of the log rows as "app.Model"; "" for none.
        log_model_class: That model as a class.
    """

    implementation_class = DjangoImplementationWrapper
    log_model = get_default_log_model()
    arguments_over_facts: ClassVar[bool] = True

    def _get_log_model_class(self) -> type[BaseTransitionLog] | None:
        return self.get_log_model()

    def log_transition(
        self, transition: Transition, from_state: StateWrapper, instance: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Tell the Python log of a transition, save the object and log to the database.

        Args:
            transition: The transition performed.
            from_state: The state that the object left.
            instance: The object, with the new state set.
            *args: The call's positional arguments.
            **kwargs: The call's keyword arguments. `save` and `log`, where they are among them, say whether to do so.
        """
        passage = passage_of(instance, transition, from_state)
        given: dict[str, Any] = {name: kwargs.pop(name) for name in ("save", "log") if name in kwargs}
        passage.options = replace(passage.options, **given)
        with underway(instance, passage):
            super().log_transition(transition, from_state, instance, *args, **kwargs)


class _SerializedWorkflow(FrozenWorkflow):
    """A workflow as the original's migrations keep it; everything else is asked of the workflow it stands for."""

    workflow_class = Workflow

    @property
    def _workflow(self) -> Any:
        return self.workflow

    @property
    def _workflow_class(self) -> type[Any]:
        return type(self.workflow)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # while unpickling or copying, before there is a workflow
            raise AttributeError(name)
        return getattr(self.workflow, name)


class StateField(detent.workflow.StateField):
    """Holds the state of an object as the name of that state; a form may set any."""

    frozen_class = _SerializedWorkflow
    default_error_messages = {
        "invalid": _("Choose a valid state."),
        "wrong_type": _("Please enter a valid value (got %(value)r)."),
        "wrong_workflow": _("Please enter a value from the right workflow (got %(workflow)r)."),
        "invalid_state": _("%(value)s is not a valid state."),
    }

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Return a form field with all states to choose from."""
        return super().formfield(*args, **{"disabled": False, **kwargs})

    def south_field_triple(self) -> tuple[str, list[str], dict[str, str]]:
        """Return the field as South freezes it: its path, and its arguments as Python source.

        Unfrozen, it has a workflow with the states and the initial state of today.
        """
        _, _, keywords = self.frozen_class.of(self.workflow).deconstruct()
        arguments = ", ".join(f"{name}={value!r}" for name, value in keywords.items())
        frozen = f"__import__('django_xworkflows.models', fromlist=['models'])._SerializedWorkflow({arguments})"
        return f"{__name__}.StateField", [], {"max_length": repr(self.max_length), "workflow": frozen}


class WorkflowEnabledMeta(base.WorkflowEnabledMeta, ModelBase):
    """Metaclass of models with state fields: it finds them; once Django has prepared the model, Detent enables it."""

    @classmethod
    def _find_workflows(cls, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """Collect the state fields of a class body."""
        return {name: value for name, value in attrs.items() if isinstance(value, detent.workflow.StateField)}

    @classmethod
    def _add_workflow(cls, field_name: str, state_field: Any, attrs: dict[str, Any]) -> None:
        """Keep a state field in its place, from which Django takes it."""
        attrs[field_name] = state_field


class BaseWorkflowEnabled(detent.workflow.WorkflowEnabled):
    """Mixin of models with state fields; old migrations name it among a model's bases."""


class WorkflowEnabled(BaseWorkflowEnabled, models.Model, metaclass=WorkflowEnabledMeta):
    """Base of models with state fields."""

    class Meta:
        abstract = True
