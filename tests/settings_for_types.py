"""Django settings for the type checker: the tests', and those that the example reads."""

from pipeline.settings import PROJECT, STATE
from tests.settings import *  # noqa: F403

__all__ = ["PROJECT", "STATE"]
