"""The trigger app works the same under either name in INSTALLED_APPS."""

import json

import pytest

from tests.child import child_process


@pytest.mark.parametrize(
    ("name", "config"),
    [("detent.trigger", "detent.trigger.apps.TriggerConfig"), ("trigger", "trigger.apps.TriggerConfig")],
)
def test_migrations_rules_commands_and_admin_work(name: str, config: str) -> None:
    """One set of models and migrations serves both names."""
    with child_process("-W", "error", "-m", "tests.integration.trigger.app_name", name) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert json.loads(output) == {
        "config": config,
        "one set of models": True,
        "migrations": "No changes detected",
        "check": "System check identified no issues (0 silenced).",
        "command": True,
        "triggered": True,
        "lists": [200] * 5,
        "page": 200,
        "adding": 200,
    }
