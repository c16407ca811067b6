"""Rows written by SQL that is compiled once for a table, where `save()` would do nothing else."""

from detent.workflow.statements.rows import insert, update, update_and_log

__all__ = ["insert", "update", "update_and_log"]
