"""The compiled snapshot of the rules in force."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from uuid import UUID

from django.db import DatabaseError

from detent.patterns import PatternIndex
from detent.trigger.document import Document
from detent.trigger.models import TriggerRule
from detent.trigger.ruleset.compiled import CompiledRule, compile_rule
from detent.trigger.ruleset.narrowing import NarrowedPatterns
from detent.trigger.windows.listening import patterns_of

logger = logging.getLogger("detent.trigger")

SHARED_BY_MOVES = {
    "type": None,
    "source": None,
    "data": dict.fromkeys(("model", "field", "workflow", "transition", "to", "user")),
}
"""The fields that are the same in the documents of all objects that one call moves."""


@dataclass(frozen=True)
class Snapshot:
    """The rules that were in force when the ruleset's token was read.

    Attributes:
        token: The token.
        versions: Which revision each of the rules in force is, by key, and when it was last modified.
        rules: Those of them that could be compiled, by key.
        index: Their patterns.
    """

    token: str
    versions: dict[int, tuple[UUID, datetime]]
    rules: dict[int, CompiledRule]
    index: PatternIndex[int]

    def match(self, document: Document) -> list[CompiledRule]:
        """Return the rules whose pattern a document meets, oldest first.

        Raises:
            InvalidDocument: No pattern can be asked about the document.
        """
        return [self.rules[key] for key in sorted(self.index.match(document))]

    @cached_property
    def on_transitions(self) -> NarrowedPatterns:
        """What the rules ask of those fields of a document that all objects moved together have in common."""
        patterns = (patterns_of(rule.configuration, str(rule.lineage)) for rule in self.rules.values())
        return NarrowedPatterns.of(chain.from_iterable(patterns), SHARED_BY_MOVES)


# Not "": rules that were there before the first change of the ruleset, as in a database taken over, have that token.
UNREAD = Snapshot("unread", {}, {}, PatternIndex())


def load(known: Snapshot, token: str, using: str) -> Snapshot:
    """Compile the rules in force, taking over what is known of them.

    Args:
        known: An earlier snapshot.
        token: The ruleset's token, read before.
        using: The database alias.

    Returns:
        A new snapshot; `known` stays as it is.
    """
    in_force = TriggerRule.objects.using(using).in_force()
    # A key may come again with another rule, after a rollback; a fixture says when its rule was modified.
    versions = {key: (uuid, modified) for key, uuid, modified in in_force.values_list("pk", "uuid", "last_modified")}
    unchanged = {key for key, version in versions.items() if known.versions.get(key) == version}
    added = {rule.id: rule for rule in _compile_all(using, versions.keys() - unchanged)}
    rules = {key: rule for key, rule in known.rules.items() if key in unchanged} | added
    index = known.index.replace(
        added={key: rule.pattern for key, rule in added.items() if rule.pattern},
        removed=[key for key in known.index if key not in unchanged],
    )
    return Snapshot(token, versions, rules, index)


def _compile_all(using: str, keys: Iterable[int]) -> Iterator[CompiledRule]:
    """Compile rules; one that cannot be, as its app is gone or its fixture is wrong, does not stop the others."""
    for rule in TriggerRule.objects.using(using).in_bulk(list(keys)).values():
        try:
            yield compile_rule(rule)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - a rule type's own code may raise anything
            logger.warning("Rule %s (%s) is in force but cannot be triggered: %r", rule.pk, rule, error)
