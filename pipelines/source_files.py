"""Files from outside, opened within bounds: plain, gzipped, or the one file of a zip.

A few kilobytes can unpack to gigabytes; what exceeds a bound is refused before it fills the memory or the
night, under the name of the variable that raises the bound. Every reader of such files opens them here. Owns
the bounds; what a file means is its reader's.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1_000_000
SMALL_BYTES = 16 * MEGABYTE
"""What unpacks to no more than this is taken however well it packs."""
DENSEST_RATIO = 1100
"""Nothing is deflated to less than a 1,032nd (RFC 1951: 258 bytes in two bits): this refuses nothing."""
LONGEST_RECORD = 4 * MEGABYTE
"""Signs of the longest row of a CSV, its quoted line ends counted in; fields have csv's own bound."""
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What a file that is damaged, encrypted or packed in another way raises while it is read."""


class ImportBounds(BaseSettings):
    """Settings from `ENCOURS_IMPORT_…` variables.

    Parameters
    ----------
    mb
        `ENCOURS_IMPORT_MB`: megabytes that a file may unpack to which is read at once, such as a workbook.
    streamed_mb
        `ENCOURS_IMPORT_STREAMED_MB`: megabytes that a file may unpack to which is read piece by piece, such
        as a FEC or a register's extract.
    ratio
        `ENCOURS_IMPORT_RATIO`: how many times its packed size a file may unpack to, above 16 MB.
    rows
        `ENCOURS_IMPORT_ROWS`: rows of one file that is read by a mapping.
    columns
        `ENCOURS_IMPORT_COLUMNS`: columns of one file that is read by a mapping.
    """

    model_config = SettingsConfigDict(
        env_prefix="ENCOURS_IMPORT_", env_file=".env", extra="ignore", frozen=True
    )

    mb: Annotated[int, Field(ge=1)] = 500
    streamed_mb: Annotated[int, Field(ge=1)] = 16_000
    ratio: Annotated[int, Field(ge=1)] = 100
    rows: Annotated[int, Field(ge=1)] = 10_000_000
    columns: Annotated[int, Field(ge=1)] = 500

    def unpacked(self, packed: int, *, streamed: bool = False) -> int:
        """Return the bytes that a file of so many packed bytes may unpack to."""
        most = self.streamed_mb if streamed else self.mb
        return min(most * MEGABYTE, max(packed * self.ratio, SMALL_BYTES))

    def too_large(self, path: Path, packed: int, *, streamed: bool = False) -> LedgerError:
        """Return the refusal of a file that unpacks to more."""
        most = self.streamed_mb if streamed else self.mb
        if self.unpacked(packed, streamed=streamed) == most * MEGABYTE:
            bound, variable = (
                f"{most:,} MB",
                "ENCOURS_IMPORT_STREAMED_MB" if streamed else "ENCOURS_IMPORT_MB",
            )
        else:
            bound, variable = f"{self.ratio} times its packed size", "ENCOURS_IMPORT_RATIO"
        return LedgerError(
            f"{path} unpacks to more than {bound}, which is no usual export; if it is one, raise {variable}"
        )

    def of_our_own(self) -> ImportBounds:
        """Return the bounds of what we packed ourselves, as densely as the file allowed."""
        return self.model_copy(update={"ratio": DENSEST_RATIO})

    def check_rows(self, path: Path, rows: int) -> None:
        """Refuse a file with too many rows.

        Raises
        ------
        LedgerError
            It has more than `rows`.
        """
        if rows > self.rows:
            raise LedgerError(
                f"{path} has more than {self.rows:,} rows; export it in parts, or raise ENCOURS_IMPORT_ROWS"
            )

    def check_columns(self, path: Path, line: int, columns: int) -> None:
        """Refuse a file with too many columns.

        Raises
        ------
        LedgerError
            A row has more than `columns`.
        """
        if columns > self.columns:
            raise LedgerError(
                f"{path}, line {line} has more than {self.columns:,} columns; leave out those that the "
                "mapping does not name, check file.separator, or raise ENCOURS_IMPORT_COLUMNS"
            )


@contextmanager
def opened(
    path: Path, bounds: ImportBounds | None = None, *, member: str = ""
) -> Iterator[io.BufferedReader[Any]]:
    """Open a file to be read piece by piece; it may be read again from its start.

    Parameters
    ----------
    member
        How the name of the one file that counts inside a zip ends.

    Raises
    ------
    LedgerError
        A zip holds more or less than one such file, or more than the bounds allow. Reading raises it where a
        gzipped file exceeds them.
    OSError, EOFError, zipfile.BadZipFile, zlib.error
        The file is away or damaged: `UNREADABLE`, which readers name in their own words.
    """
    limits = bounds or ImportBounds()
    with path.open("rb") as plain:
        kind = plain.read(4)
        plain.seek(0)
        if kind == ZIP:
            with (
                zipfile.ZipFile(plain) as archive,
                archive.open(_only(path, archive, member, limits)) as unzipped,
            ):
                yield cast("io.BufferedReader[Any]", unzipped)
        elif kind.startswith(GZIP):
            packed = path.stat().st_size
            with gzip.open(plain) as text, io.BufferedReader(_Bounded(path, text, packed, limits)) as whole:
                yield whole
        else:
            yield plain


def unpacked(path: Path, data: bytes, bounds: ImportBounds) -> bytes:
    """Unpack what is gzipped, at once.

    Raises
    ------
    LedgerError
        It is cut short, broken, or larger than the bounds.
    """
    most = bounds.unpacked(len(data))
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            found = packed.read(most + 1)
    except EOFError as error:
        raise LedgerError(f"{path} is cut short: its gzip stream has no end") from error
    except (OSError, zlib.error) as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error
    if len(found) > most:
        raise bounds.too_large(path, len(data))
    return found


def check_archive(path: Path, data: bytes, bounds: ImportBounds) -> None:
    """Refuse a workbook whose parts unpack beyond the bounds; what they say of their size, zipfile enforces.

    Raises
    ------
    LedgerError
        They do, or it is no archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise LedgerError(f"{path} cannot be read as Excel: {error}") from error
    if total > bounds.unpacked(len(data)):
        raise bounds.too_large(path, len(data))


def _only(path: Path, archive: zipfile.ZipFile, ending: str, bounds: ImportBounds) -> zipfile.ZipInfo:
    """Return the one file that counts; what it says of its size, zipfile enforces."""
    held = [one for one in archive.infolist() if not one.is_dir() and one.filename.lower().endswith(ending)]
    if len(held) != 1:
        if ending:
            raise LedgerError(
                f"{path} holds {len(held)} files {ending}; a zip of one is taken: unpack it first"
            )
        raise LedgerError(f"{path} holds {len(held)} files; a zip of one text file is taken: unpack it first")
    (text,) = held
    if text.file_size > bounds.unpacked(text.compress_size, streamed=True):
        raise bounds.too_large(path, text.compress_size, streamed=True)
    return text


class _Bounded(io.RawIOBase):
    """The content of a gzipped file, which does not say beforehand how much it unpacks to."""

    def __init__(self, path: Path, content: gzip.GzipFile, packed: int, bounds: ImportBounds) -> None:
        super().__init__()
        self._path, self._content, self._packed, self._bounds = path, content, packed, bounds
        self._most = bounds.unpacked(packed, streamed=True)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._content.seek(offset, whence)

    def readinto(self, buffer: object, /) -> int:
        room = memoryview(cast("bytearray", buffer)).cast("B")
        left = self._most - self._content.tell()
        piece = self._content.read(min(len(room), left + 1))
        if len(piece) > left:
            raise self._bounds.too_large(self._path, self._packed, streamed=True)
        room[: len(piece)] = piece
        return len(piece)


class BoundedLines:
    """Lines of a text for a CSV reader, no row of it without end.

    Parameters
    ----------
    text
        Lines that keep their ends.
    advice
        What to do where a row has no end.
    """

    def __init__(self, text: io.TextIOBase, path: Path, advice: str = "export it again") -> None:
        self._text, self._path, self._advice = text, path, advice
        self._signs = 0

    def begin(self) -> None:
        """Begin a new row."""
        self._signs = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_RECORD + 1):
            self._signs += len(line)
            if self._signs > LONGEST_RECORD:
                raise LedgerError(
                    f"{self._path} has a row of more than {LONGEST_RECORD:,} signs, which is no export; "
                    f"{self._advice}"
                )
            yield line
