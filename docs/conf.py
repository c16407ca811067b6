"""Sphinx configuration: `make docs`."""

import json
import os
import re
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "examples" / "pipeline")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

project = "Detent"
author = "The Detent authors"
copyright = "2026, The Detent authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "Detent"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_use_ivar = True


def schemas() -> dict[str, object]:
    """Return the JSON Schema of what a rule of each type may say, and of what all may."""
    # These need the apps.
    from detent.trigger.configuration.schema import COMMON
    from detent.trigger.types.clock import ClockConfiguration
    from detent.trigger.types.event import EventConfiguration
    from detent.trigger.types.file import FileConfiguration
    from detent.trigger.types.transition import TransitionConfiguration

    return {
        "all types": COMMON.schema,
        "EVENT": EventConfiguration.schema,
        "TRANSITION": TransitionConfiguration.schema,
        "CLOCK": ClockConfiguration.schema,
        "INGEST": FileConfiguration.schema,
        "PARSE": FileConfiguration.schema,
    }


def write_schemas(_app: object, _page: str, source: list[str]) -> None:
    """Put a JSON Schema where a page says "{{ schema of TYPE }}"."""

    def block(found: re.Match[str]) -> str:
        return f"```json\n{json.dumps(schemas()[found[1]], indent=2)}\n```"

    source[0] = re.sub(r"\{\{ schema of ([\w ]+) \}\}", block, source[0])


def setup(app: object) -> None:
    """Have the schemas written into the pages."""
    app.connect("source-read", write_schemas)
