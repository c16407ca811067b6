"""The OpenAPI document of the REST API."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.child import ROOT
from tests.integration.rest.clients import client_with, get

pytestmark = pytest.mark.urls("tests.integration.rest.urls")
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Write the document as a project does, in which a warning is a failure."""
    file = tmp_path_factory.mktemp("schema") / "schema.yaml"
    command = ["spectacular", "--validate", "--fail-on-warn", "--file", str(file)]
    run = subprocess.run(
        [sys.executable, "-m", "django", *command, "--settings", "tests.integration.rest.settings"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'examples' / 'pipeline'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return yaml.safe_load(Path(file).read_text())


def operations(document: Any) -> list[tuple[str, str, Any]]:
    """List the operations of a document: path, method and what is said of it."""
    return [
        (path, method, said)
        for path, item in document["paths"].items()
        for method, said in item.items()
        if method in METHODS
    ]


def test_a_project_writes_the_document_without_a_warning(document: Any) -> None:
    """And it is valid."""
    assert len(operations(document)) > 20


def test_every_operation_says_what_it_does_and_how_it_refuses(document: Any) -> None:
    """In a sentence, and as problems."""
    for path, method, said in operations(document):
        assert said["description"], (method, path)
        refused = {status: answer["content"] for status, answer in said["responses"].items() if status >= "400"}
        assert {"401", "403"} <= refused.keys(), (method, path)
        assert all(set(content) == {"application/problem+json"} for content in refused.values()), (method, path)


def test_the_seeds_fields_are_in_the_answers(document: Any) -> None:
    """Those that its serializers of rules and events have."""
    components = document["components"]["schemas"]
    rule = {"id", "type", "name", "is_active", "created", "archived", "last_modified"}
    assert rule <= components["Rule"]["properties"].keys()
    assert {"id", "type", "rule", "occurred", "description"} <= components["EventDetails"]["properties"].keys()


@pytest.mark.django_db
def test_the_document_stands_beside_the_endpoints() -> None:
    """Its paths begin where they do, whatever the project's own schemas are made by."""
    response = get(client_with(), "schema/")
    assert response.status_code == 200
    given = response.json()
    assert given["servers"] == [{"url": "/triggers"}]
    assert "/rules/{id}/" in given["paths"]
    assert len(operations(given)) > 20
