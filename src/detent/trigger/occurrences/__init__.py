"""Occurrences: taken in by `emit`, put to the rules, and written down with all that follows from them."""
