"""Rule files: rules as an operator keeps them in version control, and their ways into the database and out of it."""

from detent.trigger.rule_files.complaints import EntryComplaint, InvalidRuleFile
from detent.trigger.rule_files.entry import RuleEntry, entries_of, read_rule_file
from detent.trigger.rule_files.exporting import Export, export_rules
from detent.trigger.rule_files.importing import import_rules
from detent.trigger.rule_files.plan import ImportPlan, PlannedChange, plan_import

__all__ = [
    "EntryComplaint",
    "Export",
    "ImportPlan",
    "InvalidRuleFile",
    "PlannedChange",
    "RuleEntry",
    "entries_of",
    "export_rules",
    "import_rules",
    "plan_import",
    "read_rule_file",
]
