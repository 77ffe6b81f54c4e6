"""Files as bounded blocks of whole lines: plain, gzipped or zipped text, read in chunks.

Owns the splitting into lines of bounded length. `pipelines.source_files` bounds decompression; `layout` and
`reading` interpret the lines.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.errors import LedgerError
from pipelines import source_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.source_files import ImportBounds

BLOCK_BYTES = 16 << 20
LONGEST_LINE = 1 << 16
"""Maximum length of a line in bytes; eighteen columns of text need a few hundred."""
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Readable(Protocol):
    """A byte stream that is read in chunks."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, the whole rest if negative, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines of a file, each ended by a line feed.

    Parameters
    ----------
    data
        The lines' bytes; a carriage return before a line feed is gone, one elsewhere is a space.
    first_line
        The number of the first of them in the file, counted from 1.
    cut
        Whether the file's end closes the last line in place of a line feed.
    """

    data: bytes
    first_line: int
    cut: bool


@contextmanager
def opened(path: Path, bounds: ImportBounds | None = None) -> Iterator[Readable]:
    """Open a text file, gzipped or not, or the only text in a zip, as `pipelines.source_files` does.

    Raises
    ------
    LedgerError
        The file cannot be read; the archive does not hold exactly one text, or exceeds the size bounds.
    """
    try:
        with source_files.opened(path, bounds) as text:
            yield text
    except source_files.UNREADABLE as error:
        raise LedgerError(f"{path} cannot be read: {error}; export it again, as a text file") from error


def blocks(path: Path, source: Readable, block_bytes: int = BLOCK_BYTES) -> Iterator[LineBlock]:
    """Split a stream into blocks of whole lines.

    Raises
    ------
    LedgerError
        A line is longer than `LONGEST_LINE`, or the text is UTF-16; nothing after the block was read.
    """
    line, rest = 1, b""
    # A file with carriage returns alone, as old Macintosh programs write it, has them for ends of lines.
    old_mac: bool | None = None
    while piece := source.read(block_bytes):
        if piece.startswith(UTF16_MARKS) and line == 1 and not rest:
            raise LedgerError(f"{path} is UTF-16; export it as UTF-8, ISO-8859-15 or CP1252")
        if old_mac is None:
            old_mac = b"\n" not in piece and b"\r" in piece
        data = rest + (piece.replace(b"\r", b"\n") if old_mac else piece)
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        _bounded(path, rest, line + data.count(b"\n", 0, end))
        if end:
            tidy = _tidy(data[:end])
            yield LineBlock(tidy, line, cut=False)
            line += tidy.count(b"\n")
    if rest:
        yield LineBlock(_tidy(rest + b"\n"), line, cut=True)


def _bounded(path: Path, rest: bytes, line: int) -> None:
    if len(rest) > LONGEST_LINE:
        raise LedgerError(
            f"{path}, line {line}: more than {LONGEST_LINE:,} bytes without an end of line; this is no FEC, "
            "or it was damaged on its way: export it again"
        )


def _tidy(data: bytes) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return data


def digest(path: Path) -> str:
    """Return the hash of a file's content, 64 hex digits.

    Raises
    ------
    LedgerError
        The file cannot be read.
    """
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}; check its name") from error
