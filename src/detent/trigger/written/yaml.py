"""YAML that people write. Importing this module needs PyYAML."""

from typing import Any

import yaml

TEXT, MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"


class StrictLoader(yaml.SafeLoader):
    """Reads YAML as JSON has it: the keys of a mapping are texts, and each stands there once."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Read one mapping.

        Raises:
            ConstructorError: A key is no text, stands twice, or merges another mapping.
        """
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for key, _ in node.value:
            if complaint := self._complaint(key, seen):
                raise yaml.constructor.ConstructorError(None, None, complaint, key.start_mark)
            seen.add(key.value)
        return node

    def _complaint(self, key: yaml.Node, seen: set[str]) -> str | None:
        if key.tag == MERGE:
            return "merging by << is not taken; write the keys out"
        if key.tag != TEXT:
            return f"the key {key.value!r} is no text; quote it"
        return f"the key {key.value!r} stands twice; only one can hold" if key.value in seen else None


class ExactDumper(yaml.SafeDumper):
    """Writes YAML that is read as it was written."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Line ends of Unicode would be read as spaces where they are not escaped.
    return dumper.represent_scalar(TEXT, text, style=None if text.isprintable() else '"')


ExactDumper.add_representer(str, _text)


def read(text: str) -> Any:
    """Read one document.

    Args:
        text: The YAML.

    Raises:
        ValueError: It is not YAML, or not as JSON would have it.
    """
    try:
        return yaml.load(text, Loader=StrictLoader)  # noqa: S506 - the strict loader is a safe one # nosec B506
    except yaml.YAMLError as error:
        raise ValueError(f"not YAML: {error}") from error


def write(content: Any) -> str:
    """Write one document, keys in their order.

    Args:
        content: A JSON value.
    """
    text: str = yaml.dump(content, Dumper=ExactDumper, sort_keys=False, allow_unicode=True, width=120)
    return text
