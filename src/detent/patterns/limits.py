"""The limits that keep one bad pattern or document from slowing every other."""

PATTERN_BYTES = 64 * 1024
"""Size of a pattern: its text, or the shortest text of a pattern given as a dict, in UTF-8."""

PATTERN_DEPTH = 50
"""Objects and arrays inside each other in a pattern."""

ALTERNATIVES = 1_000
"""Combinations of `$or` branches in one pattern."""

FIELD_CONDITIONS = 1_000
"""Conditions on one field, those inside all-of, any-of and none-of included."""

WILDCARD_STARS = 20
"""`*` in one wildcard, escaped ones not counted."""

WILDCARDS = 64
"""Wildcards in one pattern."""

DOCUMENT_DEPTH = 500
"""Objects and arrays inside each other in a document."""

SEARCH_EFFORT = 10_000
"""Goals looked at while array elements are chosen for one pattern, beyond four for each value and field.

A search needs more only where dotted keys make one path lead through many arrays at once.
"""
