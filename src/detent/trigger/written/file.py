"""Files of JSON or YAML that people write, read strictly: nothing in them is lost, or taken for something else."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from detent.trigger.errors import TriggerError

YAML_SUFFIXES = (".yaml", ".yml")
MOST_VALUES = 1_000_000


class UnreadableFile(TriggerError):
    """A file cannot be read as JSON or YAML.

    Attributes:
        path: The file.
        reason: Why.
    """

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class YamlNotInstalled(TriggerError):
    """Reading or writing YAML needs PyYAML; install it, or use JSON."""

    def __init__(self) -> None:
        super().__init__("Reading or writing YAML needs PyYAML; install it, or use JSON.")


def read_file(path: Path) -> Any:
    """Read a file of JSON; of YAML if it ends in .yaml or .yml, for which PyYAML has to be installed.

    A key that stands twice in one object is refused, and so is YAML whose keys are no text, or that repeats parts of
    itself without end.

    Args:
        path: The file.

    Raises:
        UnreadableFile: It is not there, or no such file.
        YamlNotInstalled: It is YAML, and PyYAML is not installed.
    """
    read = _read_yaml if is_yaml(path) else _read_json
    try:
        content = read(path.read_text(encoding="utf-8-sig"))
        _refuse_expansion(content)
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableFile(path, error) from error
    return content


def write_json(content: Any) -> str:
    """Write a value as the JSON that `read_file` reads."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def write_yaml(content: Any) -> str:
    """Write a value as the YAML that `read_file` reads.

    Raises:
        YamlNotInstalled: PyYAML is not installed.
    """
    _require_yaml()
    # PyYAML is no dependency of Detent's: it is asked for only by who has such files.
    from detent.trigger.written import yaml

    return yaml.write(content)


WRITERS: dict[str, Callable[[Any], str]] = {"json": write_json, "yaml": write_yaml}


def is_yaml(path: Path) -> bool:
    """Tell by its name whether a file is YAML."""
    return path.suffix in YAML_SUFFIXES


def _read_yaml(text: str) -> Any:
    _require_yaml()
    # As above.
    from detent.trigger.written import yaml

    return yaml.read(text)


def _require_yaml() -> None:
    if find_spec("yaml") is None:
        raise YamlNotInstalled


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in made if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object; only one can hold")
    return made


def _refuse_expansion(content: Any) -> None:
    """Refuse what is small as text and endless as a value, by aliases of aliases or of what holds them."""
    waiting, seen = [content], 0
    while waiting:
        value = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise ValueError(f"it holds more than {MOST_VALUES:,} values; do its aliases repeat each other?")
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
