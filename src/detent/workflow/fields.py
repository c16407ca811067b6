"""The model field that holds an object's state."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from detent.machine import InvalidState, MalformedDefinition, StateWrapper
from detent.machine.definition import StateLike
from detent.workflow.definition import Workflow
from detent.workflow.expressions import StateColumn
from detent.workflow.forms import StateChoiceField, StateSelect
from detent.workflow.frozen import FrozenWorkflow
from detent.workflow.stored import remember_stored

if TYPE_CHECKING:
    _Field = models.Field[StateLike | None, StateWrapper]
else:
    _Field = models.Field


class StrayName(str):
    """A stored state that the workflow does not, or no longer, have, on its way from the database to the object."""

    __slots__ = ()


class StateFieldProperty(DeferredAttribute):
    """The attribute of a state field: the object stores a name, reading gives the state's value.

    On the class it gives the workflow.

    Attributes:
        held_type: The type of what the object stores, which compiled statements write without asking the field.
    """

    field: "StateField"
    held_type: ClassVar[type] = str

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the state's value; the one same object for each state."""
        if instance is None:
            return self.field.workflow
        name = instance.__dict__.get(self.field.attname)
        if name is None:
            name = super().__get__(instance, cls)
        known = self.field.workflow.state_values
        return known[name] if name in known else self.field.workflow.state_value(name)

    def __set__(self, instance: Any, value: object) -> None:
        """Store a state.

        Raises:
            ValidationError: It is none of the workflow's.
        """
        attribute = self.field.attname
        name = self.field.name_of(value)
        before = instance.__dict__.get(attribute)
        if before != name:
            remember_stored(instance, attribute, before)
        instance.__dict__[attribute] = name


class StateField(_Field):
    """Holds the state of an object as the name of that state.

    Choices, default and maximum length follow from the workflow; the field is neither null nor blank.

    Args:
        workflow: The workflow: its class, an instance, or as a migration keeps it.
        **kwargs: Django's options of a field; `max_length` is a minimum here (default: 16).

    Raises:
        MalformedDefinition: `workflow` is no workflow of models, or has no initial state.
    """

    DEFAULT_MAX_LENGTH: ClassVar[int] = 16
    frozen_class: ClassVar[type[FrozenWorkflow]] = FrozenWorkflow
    descriptor_class = StateFieldProperty
    description = _("State")
    default_error_messages = {
        "invalid": _("The field “%(field)s” has no state %(value)r; choose one of: %(states)s."),
        "null": _("The field “%(field)s” cannot be without a state; choose one of: %(states)s."),
        "wrong_type": _("The field “%(field)s” takes a state, not %(value)r; choose one of: %(states)s."),
        "wrong_workflow": _("The field “%(field)s” takes no state of %(workflow)r; choose one of: %(states)s."),
        "invalid_state": _("The field “%(field)s” no longer has the state “%(value)s”; choose one of: %(states)s."),
    }

    def __init__(self, workflow: type[Workflow] | Workflow | FrozenWorkflow, **kwargs: Any) -> None:
        self.workflow = _instance_of(workflow)
        names = [state.name for state in self.workflow.states]
        kwargs["choices"] = [(state.name, state.title) for state in self.workflow.states]
        kwargs["max_length"] = max(kwargs.get("max_length") or self.DEFAULT_MAX_LENGTH, *map(len, names))
        kwargs["default"] = self.workflow.initial_state.name
        super().__init__(**{**kwargs, "blank": False, "null": False})

    def get_internal_type(self) -> str:
        """Return the kind of column."""
        return "CharField"

    def name_of(self, value: object) -> str:
        """Return the name to store for a state.

        Args:
            value: A name, a State, a state's value, or None for the initial state.

        Raises:
            ValidationError: It is none of the workflow's.
        """
        if value is None:
            return self.workflow.initial_state.name  # type: ignore[no-any-return]
        if type(value) is str and value in self.workflow.state_values:
            return value
        if isinstance(value, StrayName) or self._is_own(value):
            return str(value)
        try:
            return self.workflow.name_of(value)
        except InvalidState:
            raise self._error("invalid", value) from None

    def _error(self, code: str, value: object) -> ValidationError:
        said = {
            "value": value,
            # A field that stands in no model, as in a form of its own, has no name.
            "field": self.verbose_name or self.description,
            "states": ", ".join(state.name for state in self.workflow.states),
            "workflow": getattr(value, "workflow", None),
        }
        return ValidationError(self.error_messages[code], code=code, params=said)

    def _is_own(self, value: object) -> bool:
        """Whether a value is one that this very field gave, be its state known or stray."""
        return isinstance(value, StateWrapper) and value.workflow is self.workflow

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """Mark a stored state that the workflow does not know, so that its row can be loaded."""
        return value if value is None or value in self.workflow.state_values else StrayName(value)

    def to_python(self, value: object) -> StateWrapper:
        """Return the state's value.

        Raises:
            ValidationError: It is none of the workflow's.
        """
        return self.workflow.state_value(self.name_of(value))

    def get_prep_value(self, value: Any) -> Any:
        """Return what the database stores, or compares with; None is no state here, and no row has it.

        Raises:
            ValidationError: It is none of the workflow's states.
        """
        prepared = super().get_prep_value(value)
        return prepared if prepared is None or hasattr(prepared, "resolve_expression") else self.name_of(prepared)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002 - Django's
    ) -> Any:
        """Return the name of a state as the database takes it."""
        return value if prepared else self.get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return the name of a state as the database takes it; the value that an object gives has it at hand.

        Raises:
            ValidationError: It is None, or none of the workflow's states.
        """
        if value is None:
            raise self._error("null", value)
        return str(value.name) if self._is_own(value) else super().get_db_prep_save(value, connection)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the name of the object's state."""
        return str(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Check a value that `to_python` gave.

        Raises:
            ValidationError: It is no state's value, or one of another workflow.
        """
        if not isinstance(value, StateWrapper):
            raise self._error("wrong_type", value)
        if value.workflow is not self.workflow:
            raise self._error("wrong_workflow", value)
        if value.state not in self.workflow.states:
            raise self._error("invalid_state", value)

    def formfield(self, form_class: Any = None, choices_form_class: Any = None, **kwargs: Any) -> Any:
        """Return a form field that shows the state; only a transition can set it.

        Args:
            form_class: What Django's admin may name in place of `choices_form_class`.
            choices_form_class: The class of the form field; default: `StateChoiceField`.
            **kwargs: Options of the form field; `disabled=False` lets a form set any state.
        """
        options: dict[str, Any] = {"widget": StateSelect, "disabled": True, **kwargs}
        chosen = choices_form_class or form_class or StateChoiceField
        return super().formfield(choices_form_class=chosen, **options)

    @cached_property
    def cached_col(self) -> StateColumn:
        """The column in the model's own table."""
        return StateColumn(self.model._meta.db_table, self)

    def get_col(self, alias: str, output_field: Any = None) -> Col:
        """Return the column in a table of a query."""
        if output_field not in (None, self):
            return super().get_col(alias, output_field)
        return self.cached_col if alias == self.model._meta.db_table else StateColumn(alias, self)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Return how a migration writes this field: with the names of its states, without transitions and titles."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["workflow"] = self.frozen_class.of(self.workflow)
        del kwargs["choices"], kwargs["default"]
        return name, path.replace("detent.workflow.fields.", "detent.workflow."), args, kwargs


def _instance_of(workflow: type[Workflow] | Workflow | FrozenWorkflow) -> Workflow:
    if isinstance(workflow, FrozenWorkflow):
        return workflow.workflow
    instance = workflow() if isinstance(workflow, type) else workflow
    if not isinstance(instance, Workflow):
        raise MalformedDefinition(
            f"A StateField takes a detent.workflow.Workflow, not {workflow!r}; the transitions of others save nothing."
        )
    if not hasattr(instance, "initial_state"):
        name = type(instance).__name__
        message = f"{name} declares no initial_state, in which a new object would begin; name one of its states."
        raise MalformedDefinition(message, workflow=name, name="initial_state")
    return instance
