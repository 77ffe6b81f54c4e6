"""Text columns as dates and cents: vectorised where they are clean, cell by cell where they are not."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

LARGEST_CENTS = 10**13
"""100 billion euros; up to this a figure of two decimals has a unique double, so that cents are exact."""
_CLEAN = r"^-?\d{1,16}([.,]\d{1,2}0*)?$"
_FIGURE = re.compile(r"^(?P<sign>[+-]?)(?P<whole>\d*)(?:[.,](?P<cents>\d{0,2})0*)?$")
_SPACES = re.compile("[ \u00a0\u202f']")
_DATES = ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y")
FIRST_YEAR, LAST_YEAR = 1990, 2100


class Cents(NamedTuple):
    """Amounts in cents, shape (n,), 0 where a cell is empty or invalid, and the mask of invalid cells."""

    cents: npt.NDArray[np.int64]
    bad: npt.NDArray[np.bool_]


def text_array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array of trimmed text."""
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], pa.string())
    return pc.utf8_trim_whitespace(whole)


def parse_cents(column: pa.Array) -> Cents:
    """Parse amounts such as 1234,50, -12.5, 000000000001234,50 or nothing, which is 0."""
    filled = pc.if_else(pc.equal(column, ""), "0", column)
    clean = pc.match_substring_regex(filled, _CLEAN)
    fit = pc.if_else(clean, filled, "0")
    euros = pc.cast(pc.replace_substring(fit, ",", "."), pa.float64()).to_numpy(zero_copy_only=False)
    cents = np.rint(euros * 100).astype(np.int64)
    odd = np.flatnonzero(~clean.to_numpy(zero_copy_only=False))
    bad = np.zeros(len(cents), dtype=np.bool_)
    if len(odd):
        known: dict[str, int | None] = {}
        for at, text in zip(odd.tolist(), column.take(pa.array(odd)).to_pylist(), strict=True):
            if text not in known:
                known[text] = cents_of(text)
            value = known[text]
            bad[at] = value is None
            cents[at] = value or 0
    bad |= np.abs(cents) > LARGEST_CENTS
    return Cents(np.where(bad, 0, cents), bad)


def cents_of(text: str) -> int | None:
    """Parse a text as cents, or return None.

    Examples
    --------
    >>> cents_of("1 234,5"), cents_of("-,50"), cents_of("+000012.340"), cents_of("12,345")
    (123450, -50, 1234, None)
    """
    found = _FIGURE.match(_SPACES.sub("", text))
    if found is None or not (found["whole"] or found["cents"]):
        return None
    value = int(found["whole"] or 0) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    return None if value > LARGEST_CENTS else -value if found["sign"] == "-" else value


def parse_days(column: pa.Array) -> npt.NDArray[np.datetime64]:
    """Parse dates written YYYYMMDD, or rarely YYYY-MM-DD or DD/MM/YYYY; a time of day is dropped.

    Returns
    -------
        Days, shape (n,), NaT where a cell is empty or names no day of a calendar.
    """
    coded = column.dictionary_encode()
    days = np.array([day_of(text) for text in coded.dictionary.to_pylist()], dtype="datetime64[D]")
    if not len(days):
        return np.full(len(column), np.datetime64("NaT"), dtype="datetime64[D]")
    return np.asarray(days[coded.indices.to_numpy(zero_copy_only=False)])


def day_of(text: str) -> dt.date | None:
    """Parse a text as a day, or return None, also for 00000000.

    Examples
    --------
    >>> day_of("20251231"), day_of("0000-00-00")
    (datetime.date(2025, 12, 31), None)
    """
    for shape in _DATES:
        try:
            day = dt.datetime.strptime(text.split(" ", maxsplit=1)[0], shape).date()  # noqa: DTZ007  # a day, no clock
        except ValueError:
            continue
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
    return None
