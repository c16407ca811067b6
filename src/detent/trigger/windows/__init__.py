"""Windows: rules that look at more than one occurrence, decided by the worker.

The modules that need the tables are imported by name (`detent.trigger.windows.deciding`), so that configurations can
import this package.
"""
