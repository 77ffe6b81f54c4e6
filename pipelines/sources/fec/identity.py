"""Checks that a file covers the year and seller of its name: refused if not, with a warning if odd.

The lines of a FEC state neither seller nor year: its name does (art. A47 A-1 LPF). A renamed file may state
another year than its lines, and an import depends on the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import LedgerError
from pipelines.sources.fec.file_name import read_name, said_by
from pipelines.sources.fec.rows import LineFault

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

MOST_AFTER = 0.01
"""Share of lines after the close up to which they are quarantined as mistyped; above it the year is wrong."""
LONGEST_YEAR_DAYS = 731
"""A first financial year may have up to 24 months."""
FEWEST_CUSTOMERS = 5
"""Number of customers on both sides from which none in common is odd."""
EARLY, SIREN_KEY, NO_DAY, REPLACED, NO_CUSTOMER_IN_COMMON = (
    "early",
    "siren_key",
    "no_day",
    "replaced",
    "strangers",
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning about a file that does not stop its import.

    Parameters
    ----------
    kind
        `early`, `siren_key`, `no_day`, `replaced`, `strangers`.
    values
        Values of the message by name: counts, cents, days, names of files.
    """

    kind: str
    file: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class YearCheck:
    """Lines outside the year: the mask of refused lines, (n_lines,), the reason, and warnings."""

    after: npt.NDArray[np.bool_]
    faults: tuple[LineFault, ...]
    doubts: tuple[Doubt, ...]


def check_year(
    path: Path, closes_on: dt.date | None, days: npt.NDArray[np.datetime64], lines: npt.NDArray[np.int64]
) -> YearCheck:
    """Compare the days of a file's lines with the closing date stated by the file.

    Parameters
    ----------
    closes_on
        The last day of the year, None if the file does not state it.
    days, lines
        Day and number of each line, (n_lines,).

    Raises
    ------
    LedgerError
        More than 1 % of the lines are after the close, or none is of the twelve months before it.
    """
    none = np.zeros(len(days), dtype=np.bool_)
    if closes_on is None or not len(days):
        return YearCheck(none, (), ())
    close = np.datetime64(closes_on)
    after = days > close
    count = int(np.count_nonzero(after))
    rename = "name the file by its own year (SIRENFECYYYYMMDD) or export the year again"
    if count > MOST_AFTER * len(days):
        first, last = days[after].min(), days[after].max()
        raise LedgerError(
            f"{path} says that its year closes on {closes_on}, but {count:,} of its {len(days):,} lines are "
            f"later ({first} to {last}): {rename}"
        )
    if days.max() <= close - np.timedelta64(365, "D"):
        raise LedgerError(
            f"{path} says that its year closes on {closes_on}, but its {len(days):,} lines are of "
            f"{days.min()} to {days.max()}: {rename}"
        )
    reason = f"is after {closes_on}, the close of the year that the file says"
    faults = tuple(
        LineFault(int(lines[at]), "EcritureDate", str(days[at]), reason)
        for at in np.flatnonzero(after).tolist()
    )
    early = days <= close - np.timedelta64(LONGEST_YEAR_DAYS, "D")
    doubts: tuple[Doubt, ...] = ()
    if early.any():
        values = {"count": int(early.sum()), "total": len(days), "first": _day(days[early].min()),
                  "last": _day(days[early].max()), "closes_on": closes_on}  # fmt: skip
        doubts = (Doubt(EARLY, path.name, values),)
    return YearCheck(after, faults, doubts)


def name_doubts(name: str) -> tuple[Doubt, ...]:
    """Warn of a name in the legal format whose SIREN has a wrong check digit or whose date is impossible."""
    said = said_by(name)
    if said is None:
        return ()
    read = read_name(name)
    found = []
    if read.siren is None:
        found.append(Doubt(SIREN_KEY, name, {"siren": said[0]}))
    if read.closes_on is None:
        found.append(Doubt(NO_DAY, name, {"text": said[1]}))
    return tuple(found)


def strangers(given: pd.DataFrame, held: pd.DataFrame) -> tuple[Doubt, ...]:
    """Warn of each file without a customer in common with the rest of the ledger.

    Parameters
    ----------
    given, held
        Lines of the files given, and of those in the ledger before; with `file`, `account` and `aux`.
    """
    numbers = {
        name: set(part["aux"].where(part["aux"].ne(""), part["account"]))
        for name, part in given.groupby("file")
    }
    known = set(held["aux"].where(held["aux"].ne(""), held["account"]))
    found = []
    for name, mine in numbers.items():
        others = known.union(*(other for one, other in numbers.items() if one != name))
        if min(len(mine), len(others)) >= FEWEST_CUSTOMERS and not mine & others:
            found.append(Doubt(NO_CUSTOMER_IN_COMMON, str(name), {"count": len(mine), "others": len(others)}))
    return tuple(found)


def _day(day: np.datetime64) -> dt.date:
    found: dt.date = day.astype("datetime64[D]").item()
    return found
