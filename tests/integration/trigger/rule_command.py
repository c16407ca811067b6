"""Running `detent rules` in tests."""

import json
from io import StringIO
from typing import Any

from django.core.management import call_command


def run(*arguments: object) -> list[str]:
    """Run `detent rules`, and return the lines that it prints."""
    return output(*arguments).splitlines()


def run_json(*arguments: object) -> Any:
    """Run `detent rules ... --json`, and return what it prints."""
    return json.loads(output(*arguments, "--json"))


def output(*arguments: object) -> str:
    """Run `detent rules`, and return what it prints."""
    out = StringIO()
    call_command("detent", "rules", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def complaints(*arguments: object) -> list[str]:
    """Run `detent rules`, and return the lines that it prints to stderr."""
    err = StringIO()
    call_command("detent", "rules", *map(str, arguments), stdout=StringIO(), stderr=err)
    return err.getvalue().splitlines()
