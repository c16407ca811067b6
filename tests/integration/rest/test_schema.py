"""The OpenAPI schema of what the REST interface writes: drf-spectacular has nothing to complain about."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

TRANSITION = "/orders/{id}/transitions/{transition}/"


@pytest.fixture
def schema(settings):
    """Return the schema of the tests' project."""
    settings.REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        return SchemaGenerator(urlconf="tests.rest_urls").get_schema(request=None, public=True)


def said_of(path):
    """Return what the generator warned of, of what is written here."""
    said = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    return [message for message in said if path in str(message)]


def test_there_is_nothing_to_warn_of(schema):
    assert said_of("rest_urls.py") == []
    assert said_of("inbound") == []


def test_a_transition_is_described_with_its_headers_and_its_problems(schema):
    described = schema["paths"][TRANSITION]["post"]
    assert {each["name"] for each in described["parameters"]} == {"id", "transition", "If-Match", "Idempotency-Key"}
    assert set(described["responses"]) >= {"200", "400", "403", "404", "409", "412", "422"}
    assert list(described["responses"]["412"]["content"]) == ["application/problem+json"]
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Order")


def test_occurrences_are_described_in_each_of_their_forms(schema):
    described = schema["paths"]["/triggers/occurrences/"]["post"]
    assert list(described["requestBody"]["content"]) == [
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
    ]
    assert set(described["responses"]) >= {"202", "400", "401", "403", "409", "413", "415", "429"}
