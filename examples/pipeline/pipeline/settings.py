"""Settings of the pipeline: one SQLite file, in a folder that PIPELINE_STATE names."""

import os
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("PIPELINE_STATE") or PROJECT / ".state")

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    # Every transition sets a savepoint, whose journal is a file otherwise.
    "temp_store=MEMORY",
    # The same pages are written again and again; the fewer times they are copied back into the database, the better.
    "wal_autocheckpoint=10000",
)

SECRET_KEY = "the demo is served on this machine only"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE / "pipeline.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in PRAGMAS),
        },
    },
}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "detent.workflow",
    "detent.workflow.log",
    "detent.trigger",
    "pipeline",
]
MIDDLEWARE = [
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "detent.workflow.actor.ActorMiddleware",
]
ROOT_URLCONF = "pipeline.urls"
STATIC_URL = "static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# A worker that was killed holds its deliveries no longer than this; the next run takes them over.
DETENT = {"ATTEMPTS": 3, "LEASE": timedelta(seconds=5)}
