"""A form's field for the JSON of rules and samples."""

from typing import Any

from django.core.exceptions import ValidationError

from detent.trigger.payload import NotJson, payload_of
from detent.workflow.admin.json_field import JsonField


class DocumentField(JsonField):
    """Takes JSON as strictly as `emit` and rules do, and names the place that cannot be."""

    def check_storable(self, decoded: Any) -> None:
        """Refuse what cannot be stored.

        Raises:
            ValidationError: It cannot.
        """
        try:
            payload_of(decoded, "it")
        except NotJson as error:
            where = error.path.removeprefix("it").removeprefix(".")
            raise ValidationError(f"{where or 'This'} {error.reason}.", code="json") from error
