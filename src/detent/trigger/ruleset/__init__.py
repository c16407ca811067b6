"""The rules in force, compiled once and kept as long as nobody changes them."""

from detent.trigger.ruleset.compiled import CompiledRule, compile_rule
from detent.trigger.ruleset.current import ask_again, current_ruleset, forget_ruleset
from detent.trigger.ruleset.snapshot import Snapshot

__all__ = ["CompiledRule", "Snapshot", "ask_again", "compile_rule", "current_ruleset", "forget_ruleset"]
