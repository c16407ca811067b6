"""The admin of objects with states and of rows that nobody edits: `from detent.workflow.admin import WorkflowAdmin`."""

from detent.workflow.admin.records import RecordAdmin
from detent.workflow.admin.workflow_admin import WorkflowAdmin

__all__ = ["RecordAdmin", "WorkflowAdmin"]
