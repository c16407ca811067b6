"""The Django app of the workflow floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """Configuration of the app `detent_workflow`: commands, checks, and the table of kept answers."""

    name = "detent.workflow"
    label = "detent_workflow"
    verbose_name = _("Workflow")
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """Register the system checks."""
        # Checks look at models, which exist only now.
        from detent.workflow import checks

        checks.register_checks()
