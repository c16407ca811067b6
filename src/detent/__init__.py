"""Detent: state machines on Django models, and the rules that move them, durable and audited.

The floors, lowest first: `detent.machine`, `detent.patterns` and `detent.schedules` know no Django; `detent.workflow`
puts machines on models; `detent.trigger` runs what must happen next. `detent.testing` is the kit for a project's tests.
"""

__version__ = "0.1.0"
