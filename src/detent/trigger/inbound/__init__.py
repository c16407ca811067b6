"""Occurrences over HTTP: read, told who sends them, and taken in all or none."""
