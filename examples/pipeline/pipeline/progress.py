"""Progress on a terminal: one line that is written anew; elsewhere a line from time to time."""

import time
from typing import TextIO

EVERY = 5.0
"""Seconds between two lines where the output is no terminal."""


class Progress:
    """Says how far something is.

    Args:
        out: Where to say it.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.terminal = out.isatty()
        self.said = time.monotonic()

    def say(self, line: str) -> None:
        """Say how far it is now."""
        now = time.monotonic()
        if self.terminal:
            self.out.write(f"\r\033[K{line}")
        elif now - self.said >= EVERY:
            self.out.write(f"{line}\n")
            self.said = now
        self.out.flush()

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self.terminal:
            self.out.write("\r\033[K")
            self.out.flush()
