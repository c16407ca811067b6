"""What pages of the reference take from the code: the tree of errors, the defaults of settings, the public names."""

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib import import_module

import detent
from detent.errors import DetentError
from detent.settings import DetentSettings

PUBLIC = (
    "detent.machine",
    "detent.patterns",
    "detent.schedules",
    "detent.workflow",
    "detent.trigger",
    "detent.trigger.rule_files",
    "detent.trigger.thread",
    "detent.testing",
)
# Importing these runs something, or needs a package that a project chooses.
APART = {"__main__", "migrations", "celery", "django_tasks", "opentelemetry", "prometheus", "rest"}


def import_all() -> None:
    """Import every module of Detent, so that each error is known."""
    for module in pkgutil.walk_packages(detent.__path__, "detent."):
        if not APART & set(module.name.split(".")):
            import_module(module.name)


def tree_of_errors(error: type[DetentError] = DetentError, depth: int = 0) -> Iterator[str]:
    """Yield an error and those below it, as a list of Markdown."""
    yield f"{'  ' * depth}- `{error.__qualname__}`{_builtin(error)}: {_first_paragraph(error)}"
    for below in sorted(error.__subclasses__(), key=lambda each: each.__qualname__):
        if below.__module__.startswith("detent."):
            yield from tree_of_errors(below, depth + 1)


def _builtin(error: type[DetentError]) -> str:
    others = [base.__name__ for base in error.__bases__ if not issubclass(base, DetentError) and base is not Exception]
    return f" ({', '.join(others)})" if others else ""


def _first_paragraph(error: type[DetentError]) -> str:
    return " ".join((error.__doc__ or "").strip().partition("\n\n")[0].split())


def defaults_of_settings() -> str:
    """Return the `DETENT` dict that says nothing but the defaults."""
    defaults = DetentSettings()
    lines = (f'    "{field.name}": {getattr(defaults, field.name)!r},' for field in fields(DetentSettings))
    return "\n".join(("{", *lines, "}"))


def undocumented(documented: Iterable[str]) -> list[str]:
    """List the public names that are not documented: under the package that exports them, or where it has them from.

    Args:
        documented: The full names of what pages document.
    """
    known = {id(found) for name in documented if (found := _found(name)) is not None}
    names = set(documented)
    return [
        f"{package}.{name}"
        for package in PUBLIC
        for name in import_module(package).__all__
        if f"{package}.{name}" not in names and id(_found(f"{package}.{name}")) not in known
    ]


def _found(full_name: str) -> object:
    module, _, name = full_name.rpartition(".")
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None
