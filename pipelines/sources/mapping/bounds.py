"""How much of a file an import takes in: bounds on its unpacked size, its rows and its columns.

A few kilobytes can unpack to gigabytes; what exceeds a bound is refused before it fills the memory, under the
name of the variable that raises the bound.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1_000_000
SMALL_BYTES = 16 * MEGABYTE
"""What unpacks to no more than this is taken however well it packs."""
LONGEST_RECORD = 4 * MEGABYTE
"""Signs of the longest row of a CSV, its quoted line ends counted in; fields have csv's own bound."""


class ImportBounds(BaseSettings):
    """Settings from `ENCOURS_IMPORT_…` variables.

    Parameters
    ----------
    mb
        `ENCOURS_IMPORT_MB`: megabytes that a compressed file or a workbook may unpack to.
    ratio
        `ENCOURS_IMPORT_RATIO`: how many times its packed size a file may unpack to, above 16 MB.
    rows
        `ENCOURS_IMPORT_ROWS`: rows of one file.
    columns
        `ENCOURS_IMPORT_COLUMNS`: columns of one file.
    """

    model_config = SettingsConfigDict(
        env_prefix="ENCOURS_IMPORT_", env_file=".env", extra="ignore", frozen=True
    )

    mb: Annotated[int, Field(ge=1)] = 500
    ratio: Annotated[int, Field(ge=1)] = 100
    rows: Annotated[int, Field(ge=1)] = 10_000_000
    columns: Annotated[int, Field(ge=1)] = 500

    def unpacked(self, packed: int) -> int:
        """Return the bytes that a file may unpack to."""
        return min(self.mb * MEGABYTE, max(packed * self.ratio, SMALL_BYTES))

    def too_large(self, path: Path, packed: int) -> LedgerError:
        """Return the refusal of a file that unpacks to more."""
        if self.unpacked(packed) == self.mb * MEGABYTE:
            bound, variable = f"{self.mb:,} MB", "ENCOURS_IMPORT_MB"
        else:
            bound, variable = f"{self.ratio} times its packed size", "ENCOURS_IMPORT_RATIO"
        return LedgerError(
            f"{path} unpacks to more than {bound}, which is no usual export; if it is one, raise {variable}"
        )

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


def unpacked(path: Path, data: bytes, bounds: ImportBounds) -> bytes:
    """Unpack what is gzipped.

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


class BoundedLines:
    """Lines of a text for a CSV reader, no row of it without end.

    Parameters
    ----------
    text
        Lines that keep their ends.
    """

    def __init__(self, text: io.TextIOBase, path: Path) -> None:
        self._text, self._path = text, path
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
                    "check file.quote"
                )
            yield line
