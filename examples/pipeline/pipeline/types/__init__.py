"""Job types and recipe types, and the rules that ask for them: made, changed and checked together."""

from pipeline.types.editing import create, edit
from pipeline.types.entry import save_entry, written
from pipeline.types.rule_body import RuleBody

__all__ = ["RuleBody", "create", "edit", "save_entry", "written"]
