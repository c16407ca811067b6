"""How a state field stands in an expression beside other text, as in `Coalesce("state", Value("none"))`."""

from django.db import models
from django.db.models.expressions import Col
from django.utils.functional import cached_property


class StateColumn(Col):
    """The column of a state field; what it is mixed with need not be a state field, as to the database it is text."""

    # What an expression around several others compares to find the type of its own result; Django lets one field be
    # mixed with those of its base class only, and only if it comes first.
    @cached_property
    def _output_field_or_none(self) -> "models.CharField[str, str]":
        return models.CharField()
