"""Lines split into years: letters that restart every year, opening balances, and numbered entries.

A group of lines gets its letter in the year it is settled; open items are carried forward into the next
year's journal AN, line by line or as one balance per customer. Some groups have no letter, as in practice,
and partly paid groups may have a lower-case one.
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
    """One year's lines, in file order.

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
    """Yield the years of all lines in chronological order.

    Parameters
    ----------
    lines
        Columns journal, day, entry (an integer per entry), account, customer_id, piece, label, cents, group;
        `group` is set on customers' lines that belong together.
    lettered
        By group: whether it gets a letter.
    detailed
        Whether opening balances list every open line, or one balance per customer.
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
    """Return by group the day from which it sums to zero, missing where it stays open."""
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
    lettered_now = (day.dt.year == year) & lines["group"].map(lettered).eq(other=True)
    part = lines[lettered_now]
    number = (
        part.drop_duplicates("group").sort_values(["customer_id", "piece"]).groupby("customer_id").cumcount()
    )
    rank = pd.Series(number.to_numpy(), index=lines["group"].loc[number.index].to_numpy())
    names = {nth: _letters(int(nth)) for nth in rank.unique()}
    letter = lines["group"].where(lettered_now).map(rank.map(names)).astype("str").fillna("")
    return lines.assign(letter=letter, lettered_on=day.where(lettered_now))


def _letters(nth: int) -> str:
    """Return the n-th letter code in bookkeepers' sequence: A … Z, AA, AB, …."""
    text, rest = "", nth
    while True:
        text = _LETTERS[rest % 26] + text
        rest = rest // 26 - 1
        if rest < 0:
            return text


def _numbered(lines: pd.DataFrame) -> pd.DataFrame:
    """Number the entries of each journal consecutively, by day."""
    order = lines.assign(place=np.arange(len(lines)), opens=lines["journal"].ne(OPENING))
    order = order.sort_values(["opens", "day", "journal", "entry", "place"], ignore_index=True)
    new = order.groupby("journal")["entry"].transform(lambda entry: (entry != entry.shift()).cumsum())
    return order.assign(number=order["journal"] + new.astype("str").str.zfill(6)).drop(
        columns=["place", "opens"]
    )
