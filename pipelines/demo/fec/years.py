"""Lines split into years: letters that begin again every year, opening balances, and numbered entries.

A group of lines gets its letter in the year it is settled; what is open at a close is carried into the next
year's journal AN, line by line or as one balance a customer. A share of the groups is left without a letter,
as bookkeepers do, and groups paid in part may carry a small one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = "AN"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Year:
    """One year's lines, in the order of the file.

    Parameters
    ----------
    year
        The calendar year, which is the fiscal year.
    lines
        Columns journal, number, day, account, customer_id, piece, piece_on, label, cents, letter,
        lettered_on.
    """

    year: int
    lines: pd.DataFrame


def split(lines: pd.DataFrame, *, lettered: pd.Series, detailed: bool) -> Iterator[Year]:
    """Yield the years of all lines, first to last.

    Parameters
    ----------
    lines
        Columns journal, day, entry (a number, one an entry), account, customer_id, piece, label, cents,
        group; `group` is filled on customers' lines that belong together.
    lettered
        By group: whether the bookkeeper letters it.
    detailed
        Whether opening balances repeat every open line, or say one balance a customer.
    """
    owed = lines["account"].str.startswith("41") & lines["customer_id"].ne("")
    first, last = lines["day"].dt.year.min(), lines["day"].dt.year.max()
    settled_on = _settled_on(lines[owed])
    for year in range(int(first), int(last) + 1):
        own = lines[lines["day"].dt.year == year].assign(piece_on=lambda frame: frame["day"])
        opening = _opening(lines[owed], settled_on, year, detailed=detailed) if year > first else own.iloc[:0]
        both = pd.concat([opening, own], ignore_index=True)
        yield Year(year, _numbered(_with_letters(both, settled_on, lettered, year)))


def _settled_on(owed: pd.DataFrame) -> pd.Series:
    """Return by group the day from which it sums to nothing, missing where it stays open."""
    groups = owed[owed["group"].ne("")].groupby("group").agg(cents=("cents", "sum"), day=("day", "max"))
    return groups["day"].where(groups["cents"].eq(0))


def _opening(owed: pd.DataFrame, settled_on: pd.Series, year: int, *, detailed: bool) -> pd.DataFrame:
    day = pd.Timestamp(year, 1, 1)
    before = owed[owed["day"] < day]
    done = before["group"].map(settled_on) < day
    open_ = before[~done].assign(piece_on=before["day"], day=day, journal=OPENING, entry=-1)
    if not detailed:
        open_ = open_.groupby(["customer_id", "account"], as_index=False).agg(cents=("cents", "sum"))
        open_ = open_[open_["cents"].ne(0)].assign(
            piece="-", piece_on=day, day=day, journal=OPENING, entry=-1, group=""
        )
    open_ = open_.assign(label="A nouveau " + open_["piece"])
    result = (
        open_.iloc[:0]
        .reindex([0])
        .assign(
            account="120000",
            customer_id="",
            cents=-int(open_["cents"].sum()),
            piece="RAN",
            piece_on=day,
            day=day,
            journal=OPENING,
            entry=-1,
            label="Report à nouveau",
            group="",
        )
    )
    return pd.concat([open_, result], ignore_index=True)


def _with_letters(lines: pd.DataFrame, settled_on: pd.Series, lettered: pd.Series, year: int) -> pd.DataFrame:
    day = lines["group"].map(settled_on)
    mine = (day.dt.year == year) & lines["group"].map(lettered).eq(other=True)
    part = lines[mine]
    number = (
        part.drop_duplicates("group").sort_values(["customer_id", "piece"]).groupby("customer_id").cumcount()
    )
    rank = pd.Series(number.to_numpy(), index=lines["group"].loc[number.index].to_numpy())
    names = {nth: _letters(int(nth)) for nth in rank.unique()}
    letter = lines["group"].where(mine).map(rank.map(names)).astype("str").fillna("")
    return lines.assign(letter=letter, lettered_on=day.where(mine))


def _letters(nth: int) -> str:
    """Return the letters that bookkeepers count with: A … Z, AA, AB, …."""
    text, rest = "", nth
    while True:
        text = _LETTERS[rest % 26] + text
        rest = rest // 26 - 1
        if rest < 0:
            return text


def _numbered(lines: pd.DataFrame) -> pd.DataFrame:
    """Number the entries of each journal without gaps, in order of their days."""
    order = lines.assign(place=np.arange(len(lines)), opens=lines["journal"].ne(OPENING))
    order = order.sort_values(["opens", "day", "journal", "entry", "place"], ignore_index=True)
    new = order.groupby("journal")["entry"].transform(lambda entry: (entry != entry.shift()).cumsum())
    return order.assign(number=order["journal"] + new.astype("str").str.zfill(6)).drop(
        columns=["place", "opens"]
    )
