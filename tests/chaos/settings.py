"""Settings of the processes of the chaos tests: short leases, rules asked for each time, and the tests' actions."""

import os
from datetime import timedelta

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
DETENT = {
    "LEASE": timedelta(seconds=float(os.environ.get("CHAOS_LEASE_SECONDS", "1"))),
    "RULES_MAX_AGE": 0.0,
}
