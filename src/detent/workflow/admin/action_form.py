"""The choice of an action above a list."""

from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils.translation import gettext_lazy as _


class WideActionForm(ActionForm):
    """The choice of an action, and whether it is for all rows that match: a box to tick, as no script is needed."""

    every_page = forms.BooleanField(label=_("to all that match, on every page:"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return what is chosen; the box stands for what Django's own script sets."""
        said = self.cleaned_data
        return {**said, "select_across": said.get("select_across") or said.get("every_page")}
