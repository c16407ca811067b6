"""Settings of a project that offers the REST API and writes its OpenAPI document."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as OF_THE_TESTS

INSTALLED_APPS = [*OF_THE_TESTS, "rest_framework", "drf_spectacular"]
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {"OAS_VERSION": "3.1.0"}
ROOT_URLCONF = "tests.integration.rest.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
