"""How a form shows a state."""

from typing import Any

from django import forms

from detent.machine import State, StateWrapper


class StateSelect(forms.Select):
    """A select that marks the current state, given as a state's value, a State or a name.

    A state that the workflow no longer has is offered as long as it is the current one.
    """

    def format_value(self, value: Any) -> list[str]:
        """Return the names of the selected states."""
        return super().format_value(value.name if isinstance(value, State | StateWrapper) else value)

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Return the options, in groups."""
        groups: list[Any] = super().optgroups(name, value, attrs)
        known = {str(option["value"]) for _, options, _ in groups for option in options}
        for state in value:
            if state and state not in known:
                stray = self.create_option(name, state, state, selected=True, index=len(groups), attrs=attrs)
                groups.append((None, [stray], len(groups)))
        return groups


class StateChoiceField(forms.TypedChoiceField):
    """A choice of states; one that is disabled, as it is by default, keeps the object's state, whatever that is."""

    def clean(self, value: Any) -> Any:
        """Return the chosen state's value.

        Raises:
            ValidationError: It is none of the workflow's.
        """
        if self.disabled and _is_stray(value):
            # A model form does not ask the model to check a field that is not required and is left empty.
            self.required, self.empty_values = False, _NoStates(self.empty_values)
            return value
        return super().clean(value.name if isinstance(value, StateWrapper) else value)


class _NoStates(list[Any]):
    """What counts as no state: the empty values, and a state that the workflow no longer has."""

    def __contains__(self, value: object) -> bool:
        return _is_stray(value) or super().__contains__(value)


def _is_stray(value: object) -> bool:
    return isinstance(value, StateWrapper) and not value.known
