"""Merging of several files of one seller: replaced, joined, or refused as contradictory.

A file with the same closing date as an imported one replaces it where their days overlap, and joins it where
they do not. Deletions by a replacement are reported, and refused above half of the replaced file unless
requested. Where two files cover the same days, an entry in both (journal, number, day, accounts, amounts)
counts once, as in the file that closes later; an entry of the shared days in one file only is a
contradiction, and the import is refused. A missing year between two is refused too: the payment dates of its
open items would be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.bookkeeping.lines import EntrySide, has
from pipelines.sources.fec.identity import REPLACED, Doubt

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_GAP_DAYS = 31
"""Days without an entry between two years that do not indicate a missing year."""
MOST_LOST = 0.5
"""Largest share of a file's lines that a replacement may delete unless requested."""
_ENTRY = ["journal", "entry", "booked_on"]


@dataclass(frozen=True, slots=True)
class MergedLines:
    """Merged lines of all files in order of closing, each entry once.

    Parameters
    ----------
    twice
        Lines present in two files that count once; they are not among `lines`.
    doubts
        Deletions by replacements.
    """

    lines: pd.DataFrame
    twice: pd.DataFrame
    doubts: tuple[Doubt, ...] = ()


def lay_out(held: pd.DataFrame, new: Sequence[pd.DataFrame], *, replace_year: bool = False) -> MergedLines:
    """Merge files.

    Parameters
    ----------
    held
        Lines imported before, with the columns of `reading.LINE_COLUMNS`.
    new
        Lines of each file given now.
    replace_year
        Whether a file may delete more than half of the lines of the one that it replaces.

    Raises
    ------
    LedgerError
        The files belong to two sellers, contradict each other, delete others' lines, or omit a year.
    """
    once = {frame["digest"].iloc[0]: frame for frame in new if len(frame)}
    given = pd.concat(list(once.values()), ignore_index=True) if once else held.iloc[:0]
    sirens = pd.concat([given["siren"], held["siren"]]).dropna().unique()
    if len(sirens) > 1:
        raise LedgerError(
            f"the files are of {len(sirens)} sellers ({', '.join(sorted(sirens))}); a ledger holds one: give "
            "each its own folder"
        )
    out, doubts = _replaced(held, given, replace_year=replace_year)
    kept = held[~held["digest"].isin(out)]
    both = pd.concat([kept, given], ignore_index=True) if len(kept) else given
    siren = sirens[0] if len(sirens) else None
    both = both.assign(siren=pd.Series(siren, index=both.index, dtype="str"))
    both = both.sort_values(["closes_on", "digest", "line"], ignore_index=True)
    _refuse_gaps(both)
    return replace(_once(both), doubts=doubts)


def _replaced(
    held: pd.DataFrame, given: pd.DataFrame, *, replace_year: bool
) -> tuple[list[str], tuple[Doubt, ...]]:
    """Determine which files are replaced by others of their year, and which lines that deletes."""
    out, doubts = [], []
    for digest, old in held[held["closes_on"].isin(given["closes_on"])].groupby("digest", sort=False):
        new = given[given["closes_on"] == old["closes_on"].iloc[0]]
        if _apart(old, new):
            continue
        out.append(str(digest))
        lost = _lost(old, new)
        if lost.empty:
            continue
        doubt = _doubt(old, new, lost)
        if len(lost) > MOST_LOST * len(old) and not replace_year:
            debit, credit = (f"{int(lost[side].sum()) / 100:,.2f}" for side in ("debit", "credit"))
            raise LedgerError(
                f"{doubt.values['by']} would take the place of {doubt.file} and delete {len(lost):,} of its "
                f"{len(old):,} lines on customers' accounts ({debit} EUR debit, {credit} EUR credit; the "
                f"first: {doubt.values['first']}); import it with --replace if that is meant, or export the "
                "whole year"
            )
        doubts.append(doubt)
    return out, tuple(doubts)


def _apart(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Return whether two files cover no common day, opening balances aside."""
    days = [part.loc[~has(part, EntrySide.OPENING), "booked_on"] for part in (old, new)]
    if days[0].empty or days[1].empty:
        return False
    return bool(days[0].max() < days[1].min() or days[1].max() < days[0].min())


def _lost(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the lines missing from a newer file; entry numbers may differ."""
    content = ["booked_on", "account", "aux", "debit", "credit"]
    nth = [part.assign(nth=part.groupby(content).cumcount()) for part in (old, new)]
    met = nth[0].merge(nth[1][[*content, "nth"]], on=[*content, "nth"], how="left", indicator="where")
    return met[met["where"] == "left_only"]


def _doubt(old: pd.DataFrame, new: pd.DataFrame, lost: pd.DataFrame) -> Doubt:
    one = lost.iloc[0]
    values = {
        "by": str(new["file"].iloc[0]),
        "count": len(lost),
        "total": len(old),
        "debit": int(lost["debit"].sum()),
        "credit": int(lost["credit"].sum()),
        "first": f"{one['journal']} {one['entry']}, {one['booked_on']:%Y-%m-%d}",
    }
    return Doubt(REPLACED, str(old["file"].iloc[0]), values)


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


def _once(lines: pd.DataFrame) -> MergedLines:
    """Take entries shared by two files from the one that closes later."""
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
    return MergedLines(lines[~gone].reset_index(drop=True), lines[gone])


def _within(lines: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Select the lines of a period except opening balances, which belong to their own file."""
    opening = has(lines, EntrySide.OPENING)
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
