"""Several files of one seller laid side by side: replaced, joined, or refused in contradiction.

The rule: a file of the same closing date as one imported before replaces it. Where two files cover the same
days, an entry that stands in both (journal, number, day, accounts, amounts) counts once, as the file that
closes later has it; an entry of shared days that stands in one alone is a contradiction, and the import is
refused. A year missing between two is refused too: nobody could say when its open items were paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.fec.entries import Side, has

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_GAP_DAYS = 31
"""Days without an entry between two years that do not mean that a year lacks."""
_ENTRY = ["journal", "entry", "booked_on"]


@dataclass(frozen=True, slots=True)
class Laid:
    """Lines of all files in order of closing, each entry once.

    Parameters
    ----------
    twice
        Lines that stood in two files and count once; they are not among `lines`.
    """

    lines: pd.DataFrame
    twice: pd.DataFrame


def lay_out(held: pd.DataFrame, new: Sequence[pd.DataFrame]) -> Laid:
    """Put files together.

    Parameters
    ----------
    held
        Lines imported before, with the columns of `reading.LINE_COLUMNS`.
    new
        Lines of each file given now.

    Raises
    ------
    LedgerError
        The files are of two sellers, contradict each other, or leave a year out.
    """
    once = {frame["digest"].iloc[0]: frame for frame in new if len(frame)}
    given = pd.concat(list(once.values()), ignore_index=True) if once else held.iloc[:0]
    sirens = pd.concat([given["siren"], held["siren"]]).dropna().unique()
    if len(sirens) > 1:
        raise LedgerError(
            f"the files are of {len(sirens)} sellers ({', '.join(sorted(sirens))}); a ledger holds one: give "
            "each its own folder"
        )
    kept = held[~held["closes_on"].isin(given["closes_on"])]
    both = pd.concat([kept, given], ignore_index=True) if len(kept) else given
    siren = sirens[0] if len(sirens) else None
    both = both.assign(siren=pd.Series(siren, index=both.index, dtype="str"))
    both = both.sort_values(["closes_on", "digest", "line"], ignore_index=True)
    _refuse_gaps(both)
    return _once(both)


def _refuse_gaps(lines: pd.DataFrame) -> None:
    years = lines.groupby("closes_on").agg(first=("booked_on", "min"), file=("file", "first")).reset_index()
    gap = (years["first"] - years["closes_on"].shift()).dt.days
    lacking = years[gap > LONGEST_GAP_DAYS]
    if len(lacking):
        at = lacking.index[0]
        raise LedgerError(
            f"nothing is known from {years['closes_on'][at - 1]:%Y-%m-%d} to {years['first'][at]:%Y-%m-%d}, "
            f"the beginning of {years['file'][at]}; give the file of the year between too"
        )


def _once(lines: pd.DataFrame) -> Laid:
    """Take entries that two files share from the one that closes later."""
    files = lines.groupby("digest", sort=False).agg(
        first=("booked_on", "min"),
        last=("booked_on", "max"),
        closes_on=("closes_on", "first"),
        file=("file", "first"),
    )
    dropped: list[pd.Index] = []
    for at, (digest, one) in enumerate(files.iterrows()):
        for later_digest, later in files.iloc[at + 1 :].iterrows():
            end = min(one["last"], one["closes_on"], later["last"])
            start = max(one["first"], later["first"])
            if start <= end:
                earlier_part = _within(lines[lines["digest"] == digest], start, end)
                later_part = _within(lines[lines["digest"] == later_digest], start, end)
                _refuse_contradiction(earlier_part, later_part, one["file"], later["file"])
                dropped.append(earlier_part.index)
    gone = lines.index.isin([index for part in dropped for index in part])
    return Laid(lines[~gone].reset_index(drop=True), lines[gone])


def _within(lines: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Pick the lines of a period that are no opening balances: those belong to their own file."""
    opening = has(lines, Side.OPENING)
    return lines[lines["booked_on"].between(first, last) & ~opening]


def _refuse_contradiction(earlier: pd.DataFrame, later: pd.DataFrame, name: str, other: str) -> None:
    content = [*_ENTRY, "account", "aux", "debit", "credit"]
    nth = [part.assign(nth=part.groupby(content).cumcount()) for part in (earlier, later)]
    met = nth[0].merge(nth[1], on=[*content, "nth"], how="outer", indicator=True, suffixes=("", "_later"))
    odd = met[met["_merge"] != "both"].drop_duplicates(_ENTRY)
    if len(odd):
        shown = ", ".join(
            f"{row.journal} {row.entry} of {row.booked_on:%Y-%m-%d}" for row in odd[:5].itertuples()
        )
        raise LedgerError(
            f"{name} and {other} cover the same days and contradict each other: {len(odd):,} entries stand "
            f"in one alone ({shown}); give the newer export of these days only"
        )
