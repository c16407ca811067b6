"""How values and conditions are written in messages and explanations."""

import json

LONGEST = 80


def shown(value: object) -> str:
    """Write any value in one short line of text that can be encoded.

    Args:
        value: A JSON value, or whatever stands where one should.

    Returns:
        Its JSON text, cut at 80 characters; the type's name for what JSON cannot hold.
    """
    try:
        text = json.dumps(value, ensure_ascii=False)
    except TypeError:
        text = f"a Python {type(value).__name__}"
    except ValueError:
        # As str() does, json refuses integers of thousands of digits.
        text = "a very large integer" if isinstance(value, int) else "a value with a very large integer"
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return shortened(text)


def shortened(text: str) -> str:
    """Cut a text at 80 characters."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
