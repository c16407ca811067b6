"""A form's field for JSON that an operator writes by hand."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from detent.trigger.payload import NotJson, payload_of


class JsonField(forms.CharField):
    """Takes JSON as text, as strictly as `emit` and rules do, and says what is wrong with it and where."""

    def __init__(self, *, rows: int = 18, **options: Any) -> None:
        shown = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField detent-json", "spellcheck": "false"})
        super().__init__(**{"widget": shown, **options})

    def to_python(self, value: Any) -> Any:
        """Return what the JSON says; None for no text.

        Raises:
            ValidationError: It is no JSON, or none that can be stored.
        """
        text = super().to_python(value)
        if not text:
            return None
        try:
            return payload_of(json.loads(text, parse_constant=_refuse), "it").value
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise ValidationError(f"This is not JSON: {error.msg}, in {place}.", code="json") from error
        except NotJson as error:
            where = error.path.removeprefix("it").removeprefix(".")
            raise ValidationError(f"{where or 'This'} {error.reason}.", code="json") from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"This is not JSON that can be read: {error}.", code="json") from error

    def run_validators(self, value: Any) -> None:
        """Check nothing more: the validators of Django's field are for texts."""


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no number in JSON")
