"""The Django app of the default transition log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransitionLogConfig(AppConfig):
    """Configuration of the app `xworkflow_log`."""

    name = "detent.workflow.log"
    label = "xworkflow_log"
    verbose_name = _("Transition log")
    default_auto_field = "django.db.models.AutoField"
