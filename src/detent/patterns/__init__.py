"""Event patterns: JSON documents that other documents match or not, in the language of Amazon EventBridge.

`Pattern` compiles and asks one; `PatternIndex` asks many at once. No Django.
"""

from detent.patterns.errors import InvalidDocument, InvalidPattern
from detent.patterns.explain import Explanation
from detent.patterns.flatten import check_document
from detent.patterns.index import PatternIndex
from detent.patterns.pattern import Pattern

__all__ = ["Explanation", "InvalidDocument", "InvalidPattern", "Pattern", "PatternIndex", "check_document"]
