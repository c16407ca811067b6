"""What every page of Detent's admin has: its style sheet."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model

# Django's own classes take no type argument when the program runs.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Model]
else:
    _ModelAdmin = admin.ModelAdmin


class StyledAdmin(_ModelAdmin):
    """An admin whose pages have the style sheet, and no style or script of their own."""

    class Media:
        css = {"all": ["detent_workflow/admin.css"]}
