"""The apps of the workflow floor work the same under each way of naming them in INSTALLED_APPS."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = [
    ("detent.workflow", "detent.workflow.log"),
    ("django_xworkflows", "django_xworkflows.xworkflow_log"),
    ("detent.workflow", "django_xworkflows.xworkflow_log"),
]


@pytest.mark.parametrize("names", NAMES, ids=" and ".join)
def test_admin_template_command_and_migrations_work(names):
    command = [sys.executable, "-W", "error", "-m", "tests.integration.dropin.app_names", *names]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "migrations": "No changes detected",
        "check": "System check identified no issues (0 silenced).",
        "command": "Every row is in a state that its workflow knows.",
        "legacy command": "",
        "template": "Placed",
        "french": ["État", "auteur"],
        "admin": [200, 200, 403],
    }
