"""Clients of the REST API, and what they ask for."""

from typing import Any

from django.contrib.auth.models import Permission, User
from rest_framework.response import Response
from rest_framework.test import APIClient

CREATE = {"version": "1.0", "pattern": {"type": ["order.paid"]}}


def client_with(*permissions: str, name: str = "ann") -> APIClient:
    """Make a user with permissions, as "app_label.codename", and a client that has logged in."""
    user = User.objects.create_user(name)
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
    client = APIClient()
    client.force_login(user)
    return client


def superclient() -> APIClient:
    """Make a superuser, and a client that has logged in."""
    client = APIClient()
    client.force_login(User.objects.create_superuser("root"))
    return client


def post(client: APIClient, path: str, body: Any = None, **headers: str) -> Response:
    """Post JSON to an endpoint below `triggers/`."""
    response: Response = client.post(f"/triggers/{path}", body or {}, format="json", headers=headers)
    return response


def get(client: APIClient, path: str, **parameters: Any) -> Response:
    """Get an endpoint below `triggers/`."""
    response: Response = client.get(f"/triggers/{path}", parameters)
    return response


def faults(response: Response) -> list[str]:
    """Return what a problem says is wrong, by its pointers or names; each says why and what to do."""
    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert all(error["reason"] and error["fix"] for error in problem["errors"])
    return [error["field"] for error in problem["errors"]]
