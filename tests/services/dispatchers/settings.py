"""Settings of the worker processes of the dispatchers' tests: short leases, and the dispatcher that a test names."""

import os
from datetime import timedelta

from tests.services.dispatchers import celery_app  # noqa: F401 - as a project's __init__ does
from tests.settings import *  # noqa: F403

DETENT = {"LEASE": timedelta(seconds=2), "DISPATCHER": os.environ.get("DETENT_DISPATCHER", "")}
