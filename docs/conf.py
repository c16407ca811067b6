"""Sphinx configuration: `make docs`."""

import json
import os
import re
import sys
from pathlib import Path

import django
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "examples" / "pipeline"), str(ROOT / "docs")]
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


def write_generated(_app: object, page: str, source: list[str]) -> None:
    """Put what the code says where the pages on errors and on settings ask for it."""
    # These need the apps.
    from reference_pages import defaults_of_settings, import_all, tree_of_errors

    if page == "reference/errors":
        import_all()
        source[0] = source[0].replace("{{ tree of errors }}", "\n".join(tree_of_errors()))
    if page == "reference/settings":
        source[0] = source[0].replace("{{ defaults of the settings }}", defaults_of_settings())


def look_for_undocumented_names(_app: object, environment: BuildEnvironment) -> None:
    """Warn, which fails the build, of each public name that no page documents."""
    from reference_pages import undocumented

    for name in undocumented(environment.domaindata["py"]["objects"]):
        logging.getLogger(__name__).warning("%s is public, and no page documents it.", name)


def setup(app: Sphinx) -> None:
    """Have the generated parts written into the pages, and the public names looked for."""
    app.connect("source-read", write_schemas)
    app.connect("source-read", write_generated)
    app.connect("env-check-consistency", look_for_undocumented_names)
