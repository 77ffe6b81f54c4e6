"""A file as blocks of whole lines, of bounded size: plain text or a zip of one text, read piece by piece.

Owns what may be read at all: no line without end, no archive that grows out of proportion. What a line means
is `layout`'s and `reading`'s.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from models.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK_BYTES = 16 << 20
LONGEST_LINE = 1 << 16
"""Bytes of the longest line taken; eighteen columns of text need a few hundred."""
LARGEST_UNPACKED = 8 << 30
LARGEST_RATIO = 200
"""An export packs to about a tenth or a twentieth; what packs to less than a two-hundredth is no export."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Block:
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
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a text file, or the one text inside a zip.

    Raises
    ------
    LedgerError
        The file cannot be read; the archive holds more or less than one text, or unpacks beyond the bounds.
    """
    try:
        with path.open("rb") as plain:
            packed = plain.read(4) == b"PK\x03\x04"
            plain.seek(0)
            if not packed:
                yield plain
                return
            with zipfile.ZipFile(plain) as archive, archive.open(_only_text(path, archive)) as text:
                yield text
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; export it again, as a text file") from error


def _only_text(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    held = [member for member in archive.infolist() if not member.is_dir()]
    if len(held) != 1:
        raise LedgerError(f"{path} holds {len(held)} files; a zip of one text file is taken: unpack it first")
    text = held[0]
    if text.file_size > LARGEST_UNPACKED or text.file_size > LARGEST_RATIO * max(text.compress_size, 1):
        raise LedgerError(
            f"{path} would unpack {text.compress_size:,} bytes to {text.file_size:,}; at most "
            f"{LARGEST_UNPACKED:,} bytes and {LARGEST_RATIO} times the packed size are taken: if it is a "
            "real export, unpack it first"
        )
    return text


def blocks(path: Path, source: IO[bytes], block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Cut a stream into blocks of whole lines.

    Raises
    ------
    LedgerError
        A line is longer than `LONGEST_LINE`, or the text is UTF-16; nothing beyond the block was read.
    """
    line, rest = 1, b""
    # A file with carriage returns alone, as old Macintosh programs write it, has them for ends of lines.
    old_mac: bool | None = None
    while piece := source.read(block_bytes):
        if piece.startswith(_UTF16) and line == 1 and not rest:
            raise LedgerError(f"{path} is UTF-16; export it as UTF-8, ISO-8859-15 or CP1252")
        if old_mac is None:
            old_mac = b"\n" not in piece and b"\r" in piece
        data = rest + (piece.replace(b"\r", b"\n") if old_mac else piece)
        end = data.rfind(b"\n") + 1
        rest = data[end:]
        _bounded(path, rest, line + data.count(b"\n", 0, end))
        if end:
            tidy = _tidy(data[:end])
            yield Block(tidy, line, cut=False)
            line += tidy.count(b"\n")
    if rest:
        yield Block(_tidy(rest + b"\n"), line, cut=True)


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
