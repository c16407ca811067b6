"""The choice of an action above a list."""

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils.translation import gettext_lazy as _


class WideActionForm(ActionForm):
    """The choice of an action, and whether it is for all rows that match: a box to tick, as no script is needed."""

    select_across = forms.BooleanField(label=_("to all that match, on every page:"), required=False)
