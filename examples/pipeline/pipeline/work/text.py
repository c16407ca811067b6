"""Work for text: its encoding, its lines and words."""

import codecs
import io
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from pipeline.work.failure import Result, WorkFailed
from pipeline.work.taken_in import open_taken_in

CHUNK = 64 * 1024
"""How many bytes are measured at a time."""

_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Encodings by the mark at the beginning; UTF-32's mark begins with UTF-16's."""


class Measure:
    """Lines, words and characters of a text that comes in pieces, with `\n` at the end of each line.

    Attributes:
        lines: Lines so far; a last one without an end counts.
        words: Runs of characters other than white space.
        characters: All characters.
        longest: The most characters that a line has, without its end.
        longest_line: The number of the first line that has so many, from 1; 0 for an empty text.
    """

    def __init__(self) -> None:
        self.lines = self.words = self.characters = self.longest = self.longest_line = 0
        self._ended = 0
        self._open_length = 0
        self._in_word = False

    def add(self, piece: str) -> None:
        """Take in the next piece of the text."""
        if not piece:
            return
        self.characters += len(piece)
        self.words += len(piece.split()) - (self._in_word and not piece[0].isspace())
        self._in_word = not piece[-1].isspace()
        lengths = [len(line) for line in piece.split("\n")]
        lengths[0] += self._open_length
        self._note_longest(lengths)
        self._ended += len(lengths) - 1
        self._open_length = lengths[-1]
        self.lines = self._ended + (self._open_length > 0)

    def _note_longest(self, lengths: list[int]) -> None:
        longest = max(lengths)
        if longest > self.longest or not self.longest_line:
            self.longest = longest
            self.longest_line = self._ended + lengths.index(longest) + 1


def text(path: Path, sha256: str) -> Result:
    r"""Measure a text file, holding a chunk of it at a time.

    The encoding is what a mark at the beginning says (`utf-8-sig`, `utf-16`, `utf-32`); without one it is `utf-8`
    if all of the file is valid as that, and otherwise `latin-1`, in which every byte but a NUL means something.
    A line ends with `\n`, `\r\n` or `\r`.

    Args:
        path: The file.
        sha256: The SHA-256 it was taken in with, in hexadecimal.

    Returns:
        `encoding`, `lines`, `words`, `characters`, `longest_line` (its number, from 1) and `longest_line_length`
        (in characters).

    Raises:
        WorkFailed: When the file is gone or has changed, or is not text.
    """
    with open_taken_in(path, sha256) as file:
        encodings = _candidates(file.read(4))
        for encoding in encodings:
            file.seek(0)
            try:
                return _result(encoding, _measure(file, encoding))
            except UnicodeError:
                continue
    raise WorkFailed(path, f"it is not text in {' or '.join(encodings)}")


def _candidates(head: bytes) -> tuple[str, ...]:
    marked = next((encoding for mark, encoding in _BY_MARK if head.startswith(mark)), None)
    return (marked,) if marked else ("utf-8", "latin-1")


def _measure(file: FileIO, encoding: str) -> Measure:
    measure = Measure()
    for piece in _decoded(file, encoding):
        measure.add(piece)
    return measure


def _decoded(file: FileIO, encoding: str) -> Iterator[str]:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    while chunk := file.read(CHUNK):
        if encoding == "latin-1" and b"\0" in chunk:
            raise UnicodeError("a NUL is in no Latin-1 text")
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _result(encoding: str, measure: Measure) -> Result:
    return {
        "encoding": encoding,
        "lines": measure.lines,
        "words": measure.words,
        "characters": measure.characters,
        "longest_line": measure.longest_line,
        "longest_line_length": measure.longest,
    }
