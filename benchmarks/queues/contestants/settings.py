"""Django's settings of a contestant: of the process that enqueues and of its worker."""

import json
import os

CONTESTANT = json.loads(os.environ["CONTESTANT"])

SECRET_KEY = "benchmark"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": CONTESTANT["database"]}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", *CONTESTANT["apps"], "shop"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
