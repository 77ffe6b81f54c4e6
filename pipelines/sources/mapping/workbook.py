"""Excel workbooks as rows of text, with the effects of spreadsheets on numbers and dates.

Owns the interpretation of a workbook's cells: a typed value is written in the mapping's notation, missing
cells at the end of a row are empty, a date may lack its format, a number may be stored as text.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.source_files import check_archive
from pipelines.sources.mapping.cells import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Literal

    import pandas as pd

    from pipelines.source_files import ImportBounds
    from pipelines.sources.mapping.shape import FileShape

FIRST_SERIAL, LAST_SERIAL = 20_000, 73_415
"""Serial numbers read as days without a date format: 1954-10-03 to 2100-12-31."""
_EPOCHS = (dt.date(1899, 12, 30), dt.date(1904, 1, 1))
_SERIAL = r"\d{5}(?:[.,]\d+)?"
_SINCE_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_LOOSE = re.compile(r"^(-?)(\d{1,3}(?:([ .,'])\d{3})(?:\3\d{3})*|\d+)([.,])(\d{1,2})$")
"""A number in groups of three or none, with one or two decimals: the separator before them is the decimal."""


def workbook_rows(
    path: Path, data: bytes, shape: FileShape, bounds: ImportBounds
) -> Iterator[tuple[int, list[str]]]:
    """Read the rows of a sheet with their line numbers, header first, each at least as wide as the header.

    Raises
    ------
    LedgerError
        It is no workbook, lacks the sheet, or exceeds the bounds.
    """
    import openpyxl  # noqa: PLC0415  # only Excel pays for it

    check_archive(path, data, bounds)
    width = 0
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", category=UserWarning, module="openpyxl"
            )  # styles it cannot read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        if shape.sheet and shape.sheet not in book.sheetnames:
            raise LedgerError(f"{path} has no sheet {shape.sheet!r}; it has {', '.join(book.sheetnames)}")
        sheet = book[shape.sheet or book.sheetnames[0]]
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            bounds.check_rows(path, line - 1 - shape.skip_rows)
            if line <= shape.skip_rows:
                continue
            # Cells that are formatted and hold nothing may go on to the last column of all.
            filled = next((at for at in range(len(values), 0, -1) if values[at - 1] is not None), 0)
            bounds.check_columns(path, line, filled)
            width = width or filled
            cells = [as_text(value, shape) for value in values[:filled]]
            yield line, cells + [""] * (width - filled)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, zlib.error) as error:
        raise LedgerError(f"{path} cannot be read as Excel: {error}") from error


def epoch_of(data: bytes) -> dt.date:
    """Return the day 0 of a workbook's calendar, 1900 or 1904."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            since_1904 = _SINCE_1904.search(book.read("xl/workbook.xml")) is not None
    except (KeyError, zipfile.BadZipFile, zlib.error):
        since_1904 = False
    return _EPOCHS[since_1904]


def as_text(value: object, shape: FileShape) -> str:
    """Write a typed value in the mapping's notation: its first date format, its decimal separator.

    Numbers keep 15 significant digits, as Excel shows them, so that 0.1 + 0.2 is 0.3.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return format(Decimal(f"{value:.15g}").normalize(), "f").replace(".", shape.decimal)
        case dt.date():
            return value.strftime(shape.dates[0])
        case _:
            return str(value)


def spelled(
    cells: pd.DataFrame, kinds: Mapping[str, Literal["date", "figure"]], epoch: dt.date, shape: FileShape
) -> pd.DataFrame:
    """Rewrite values changed by a spreadsheet in the mapping's notation: days as numbers, numbers as text.

    Values readable in the mapping's notation are unchanged, and so are ambiguous ones: `1.234`.

    Parameters
    ----------
    cells
        Trimmed text of the rows of one workbook, shape (n_rows, n_columns).
    epoch
        Day 0 of its calendar.
    """
    made = cells.copy()
    for name, kind in kinds.items():
        column = made[name]
        strange = parse(column, "date" if kind == "date" else "number", shape).reasons.notna()
        if strange.any():
            read = {one: _day(one, epoch, shape) if kind == "date" else _figure(one, shape)
                    for one in column[strange].unique()}  # fmt: skip
            made[name] = column.mask(strange, column.map(read).astype("str"))
    return made


def _day(text: str, epoch: dt.date, shape: FileShape) -> str:
    if not re.fullmatch(_SERIAL, text):
        return text
    serial = int(text[:5])
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return text
    return (epoch + dt.timedelta(days=serial)).strftime(shape.dates[0])


def _figure(text: str, shape: FileShape) -> str:
    plain = re.sub("[\u00a0\u202f]", " ", text).replace("\u2212", "-").replace("\u2019", "'")
    found = _LOOSE.match(plain)
    if found is None or found[3] == found[4]:
        return text
    whole = re.sub(r"\D", "", found[2])
    return f"{found[1]}{whole}{shape.decimal}{found[5]}"
