"""Templates in the settings of an action: `"${...}"` is a JMESPath expression over the document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError

from detent.trigger.actions.expression import MissingField, strict_interpreter
from detent.trigger.errors import TriggerError

if TYPE_CHECKING:
    from jmespath.visitor import _TreeNode as Node

OPENING = "${"


class TemplateError(TriggerError, ValueError):
    """A template cannot be used.

    Attributes:
        path: Where it stands in the settings, such as `input.values.name`.
        expression: The JMESPath expression.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, expression: str, reason: str) -> None:
        super().__init__(f"{path}: ${{{expression}}}: {reason}")
        self.path = path
        self.expression = expression
        self.reason = reason


class InvalidTemplate(TemplateError):
    """The expression of a template is not JMESPath, or has no end."""


class TemplateFailed(TemplateError):
    """A template asks for what this document does not have, or compares what cannot be compared."""


@dataclass(frozen=True)
class Expression:
    """One `${...}` of a template.

    Attributes:
        text: What stands between the braces.
        parsed: Its syntax tree, as the library has it.
    """

    text: str
    parsed: "Node"

    def value(self, document: Mapping[str, Any], path: str) -> object:
        """Return what the expression gives for a document; `path` is where the template stands."""
        try:
            return strict_interpreter().visit(self.parsed, document)
        except MissingField as missing:
            raise TemplateFailed(path, self.text, f"the document has no {missing.name!r} there.") from None
        except (JMESPathError, RecursionError) as error:
            raise TemplateFailed(path, self.text, str(error)) from error


Part = str | Expression


def render(settings: Any, document: Mapping[str, Any], path: str = "input") -> Any:
    """Fill in the templates of an action's settings.

    A string that is one template keeps the JSON type of its value; inside a longer string the value is written as
    text, strings as they are and everything else as JSON.

    Args:
        settings: JSON, templates in its strings. Keys are not templates.
        document: What the expressions are evaluated over.
        path: What errors call the place of `settings`.

    Returns:
        The same JSON with each template's value in its place.

    Raises:
        InvalidTemplate: An expression is not JMESPath.
        TemplateFailed: An expression asks for a field that the document does not have.
    """
    if isinstance(settings, str):
        return _render_text(settings, document, path) if OPENING in settings else settings
    if isinstance(settings, dict):
        return {key: render(value, document, f"{path}.{key}") for key, value in settings.items()}
    if isinstance(settings, list):
        return [render(value, document, f"{path}[{index}]") for index, value in enumerate(settings)]
    return settings


def _render_text(text: str, document: Mapping[str, Any], path: str) -> object:
    parts = parts_of(text, path)
    if len(parts) == 1 and isinstance(parts[0], Expression):
        return parts[0].value(document, path)
    return "".join(part if isinstance(part, str) else as_text(part.value(document, path)) for part in parts)


def as_text(value: object) -> str:
    """Write a JSON value as part of a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def check_templates(settings: Any, path: str = "input") -> None:
    """Compile the templates of an action's settings, so that a rule with a broken one is refused when it is made.

    Raises:
        InvalidTemplate: An expression is not JMESPath or has no end.
    """
    if isinstance(settings, str):
        parts_of(settings, path)
    elif isinstance(settings, dict):
        for key, value in settings.items():
            check_templates(value, f"{path}.{key}")
    elif isinstance(settings, list):
        for index, value in enumerate(settings):
            check_templates(value, f"{path}[{index}]")


def holds_template(settings: object) -> bool:
    """Tell whether a value, or anything inside it, is known only once it is rendered."""
    if isinstance(settings, str):
        return OPENING in settings
    inside = settings.values() if isinstance(settings, dict) else settings if isinstance(settings, list) else ()
    return any(map(holds_template, inside))


def parts_of(text: str, path: str) -> tuple[Part, ...]:
    """Divide a text into what stands as it is and the expressions between.

    Args:
        text: A string of the settings.
        path: Where it stands there.

    Raises:
        InvalidTemplate: An expression is not JMESPath or has no end.
    """
    try:
        return _parts_of(text)
    except InvalidTemplate as error:
        raise InvalidTemplate(path, error.expression, error.reason) from error.__cause__


@lru_cache(maxsize=4096)
def _parts_of(text: str) -> tuple[Part, ...]:
    return tuple(_divide(text))


def _divide(text: str) -> Iterator[Part]:
    position = 0
    while (opening := text.find(OPENING, position)) >= 0:
        if opening > position:
            yield text[position:opening]
        end = _closing_brace(text, opening + len(OPENING))
        yield _compile(text[opening + len(OPENING) : end])
        position = end + 1
    if position < len(text) or not text:
        yield text[position:]


def _closing_brace(text: str, start: int) -> int:
    """Find the brace that ends an expression; braces in quotes and those of `{a: b}` do not."""
    depth, quote, position = 0, "", start
    while position < len(text):
        character = text[position]
        if quote:
            position += character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            if not depth:
                return position
            depth -= 1
        position += 1
    raise InvalidTemplate("", text[start:], "the expression has no closing brace.")


def _compile(expression: str) -> Expression:
    try:
        return Expression(expression, jmespath.compile(expression).parsed)
    except (JMESPathError, RecursionError) as error:
        raise InvalidTemplate("", expression, f"not a JMESPath expression: {error}") from error
