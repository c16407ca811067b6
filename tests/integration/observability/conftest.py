"""What the tests of observability share."""

from tests.integration.delivery.conftest import register

__all__ = ["register"]
