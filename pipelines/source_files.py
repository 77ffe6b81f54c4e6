"""Bounded opening of external files: plain, gzipped, or a zip of one file.

A few kilobytes can unpack to gigabytes; a file beyond a bound is refused before it fills the memory, with the
name of the variable that raises the bound. All readers of external files open them here. Owns the bounds; the
readers parse the contents.
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
"""Unpacked size up to which no compression ratio is checked."""
DENSEST_RATIO = 1100
"""Above the largest ratio of deflate, 1,032 (RFC 1951: 258 bytes in two bits), so it refuses nothing."""
LONGEST_RECORD = 4 * MEGABYTE
"""Largest number of characters in a CSV row, including quoted line ends; csv limits fields itself."""
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""Exceptions raised on reading a file that is damaged, encrypted or compressed in another way."""


class ImportBounds(BaseSettings):
    """Settings from `ENCOURS_IMPORT_…` variables.

    Parameters
    ----------
    mb
        `ENCOURS_IMPORT_MB`: unpacked megabytes of a file that is read at once, such as a workbook.
    streamed_mb
        `ENCOURS_IMPORT_STREAMED_MB`: unpacked megabytes of a file that is read as a stream, such as a FEC or
        a register's extract.
    ratio
        `ENCOURS_IMPORT_RATIO`: unpacked size of a file over its packed size, above 16 MB.
    rows
        `ENCOURS_IMPORT_ROWS`: rows of one file read by a mapping.
    columns
        `ENCOURS_IMPORT_COLUMNS`: columns of one file read by a mapping.
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
        """Return the largest unpacked size in bytes of a file with a given packed size."""
        most = self.streamed_mb if streamed else self.mb
        return min(most * MEGABYTE, max(packed * self.ratio, SMALL_BYTES))

    def too_large(self, path: Path, packed: int, *, streamed: bool = False) -> LedgerError:
        """Return the error for a file that unpacks to more."""
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
        """Return the bounds for our own compressed files, without a limit of the ratio."""
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
    """Open a file as a stream that can be rewound.

    Parameters
    ----------
    member
        Ending of the name of the file to read in a zip.

    Raises
    ------
    LedgerError
        A zip does not contain exactly one such file, or exceeds the bounds. Reading raises it where a gzipped
        file exceeds them.
    OSError, EOFError, zipfile.BadZipFile, zlib.error
        The file is missing or damaged: `UNREADABLE`, which readers report in their own words.
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
    """Decompress gzipped data at once.

    Raises
    ------
    LedgerError
        The data are truncated, corrupt, or beyond the bounds.
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
    """Refuse a workbook whose parts unpack beyond the bounds; zipfile enforces their declared sizes.

    Raises
    ------
    LedgerError
        They do, or it is not an archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise LedgerError(f"{path} cannot be read as Excel: {error}") from error
    if total > bounds.unpacked(len(data)):
        raise bounds.too_large(path, len(data))


def _only(path: Path, archive: zipfile.ZipFile, ending: str, bounds: ImportBounds) -> zipfile.ZipInfo:
    """Return the one matching file of an archive; zipfile enforces its declared size."""
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
    """The content of a gzipped file, whose unpacked size is unknown beforehand."""

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
    """Lines of a text for a CSV reader, with a limit on the length of a row.

    Parameters
    ----------
    text
        Text stream that keeps line ends.
    advice
        Advice in the error for an endless row.
    """

    def __init__(self, text: io.TextIOBase, path: Path, advice: str = "export it again") -> None:
        self._text, self._path, self._advice = text, path, advice
        self._signs = 0

    def begin(self) -> None:
        """Start a new row."""
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
