"""A failure as text that any database can store."""

import traceback

LONGEST = 4000
"""How many characters are kept of any text on a failure: enough to read, whatever an error holds."""


def describe(error: BaseException) -> str:
    """Return an error in a line: `KeyError: 'order'`."""
    return storable("".join(traceback.format_exception_only(error)).strip())


def trace_of(error: BaseException) -> str:
    """Return the end of an error's traceback."""
    return storable("".join(traceback.format_exception(error)).strip()[-LONGEST:])


def storable(text: str) -> str:
    """Write out what a database's text cannot hold: NUL, and the surrogates by which Python names undecodable files."""
    return text[:LONGEST].encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
