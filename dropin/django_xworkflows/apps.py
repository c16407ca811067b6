"""The Django app of the workflow floor under its original name."""

from pathlib import Path

from detent.workflow import apps


class DjangoXWorkflowsConfig(apps.WorkflowConfig):
    """Configuration of the app `django_xworkflows`; its files are Detent's."""

    name = "django_xworkflows"
    path = str(Path(apps.__file__).parent)
