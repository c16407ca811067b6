"""Batches: old files that a recipe type never processed are taken through a rule."""

from pipeline.batches.backfilling import backfill, candidates
from pipeline.batches.definition import BatchDefinition, InvalidBatch
from pipeline.batches.request import request_batch

__all__ = ["BatchDefinition", "InvalidBatch", "backfill", "candidates", "request_batch"]
