"""The Django app of the default transition log under its original name."""

from pathlib import Path

from detent.workflow.log import apps


class XWorkflowLogConfig(apps.TransitionLogConfig):
    """Configuration of the app `xworkflow_log`; its files are Detent's."""

    name = "django_xworkflows.xworkflow_log"
    path = str(Path(apps.__file__).parent)
