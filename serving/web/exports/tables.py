"""Tables as CSV that a spreadsheet opens as it should.

Owns the writing: UTF-8 with a mark of its encoding, semicolons and decimal commas in French, and no cell that
a spreadsheet would run as a formula. Which rows there are is each export's.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.wording.formats import Language

CellValue = str | float | int | dt.date | bool | None
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells a spreadsheet that the file is UTF-8."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so is run as a formula by a spreadsheet (OWASP, CSV injection)."""


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[CellValue]], language: Language) -> Iterator[str]:
    """Yield a table line by line, its first line with the mark of the encoding.

    Parameters
    ----------
    rows
        Texts, figures, days and flags; None is an empty cell.

    Examples
    --------
    >>> "".join(csv_lines(["nom", "euros"], [["=2+3", 1234.5]], "fr")).removeprefix(BOM).splitlines()
    ['nom;euros', "'=2+3;1234,5"]
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([harmless(name) for name in head])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([cell_text(cell, language) for cell in row])
        yield buffer.getvalue()


def cell_text(cell: CellValue, language: Language) -> str:
    """Write one cell: figures with the language's decimal sign, days in ISO form, texts made harmless.

    Examples
    --------
    >>> cell_text(-0.25, "fr"), cell_text("-0,25", "fr"), cell_text(None, "en")
    ('-0,25', "'-0,25", '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            return ""
        text = f"{cell:.10g}"
        return text.replace(".", ",") if language == "fr" else text
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return harmless(cell)


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, leading spaces or not."""
    return (
        f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip(" ").startswith(FORMULA_STARTS) else text
    )
