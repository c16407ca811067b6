"""A form's field for JSON that a person writes by hand."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from detent.workflow.storable import fault_of_context


class JsonField(forms.CharField):
    """Takes JSON as text, and says what is wrong with it and where; what no database keeps is refused."""

    def __init__(self, *, rows: int = 4, initial: Any = None, **options: Any) -> None:
        shown = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField detent-json", "spellcheck": "false"})
        super().__init__(widget=shown, initial=initial, **options)

    def to_python(self, value: Any) -> Any:
        """Return what the JSON says; None for no text.

        Raises:
            ValidationError: It is no JSON, or none that can be stored.
        """
        text = super().to_python(value)
        if not text:
            return None
        try:
            decoded = json.loads(text, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            said = {"reason": error.msg, "line": error.lineno, "column": error.colno}
            reason = _("This is not JSON: %(reason)s, in line %(line)s, column %(column)s.")
            raise ValidationError(reason, code="json", params=said) from error
        except (ValueError, RecursionError) as error:
            reason = _("This is not JSON that can be read: %(reason)s.")
            raise ValidationError(reason, code="json", params={"reason": error}) from error
        self.check_storable(decoded)
        return decoded

    def check_storable(self, decoded: Any) -> None:
        """Refuse what cannot be stored.

        Raises:
            ValidationError: It cannot.
        """
        if fault := fault_of_context({"value": decoded}):
            raise ValidationError(fault, code="json")

    def run_validators(self, value: Any) -> None:
        """Check nothing more: the validators of Django's field are for texts."""


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")
