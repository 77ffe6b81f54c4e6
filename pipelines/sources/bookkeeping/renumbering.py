"""Renumbered customers: an entry transfers the old number's balance to the new one, and the old one ends.

Two numbers are one customer where, of the entries between them on customers' accounts alone,

- nothing is booked on the old number after the first, and these entries leave nothing on it;
- nothing is booked on the new number before the first, or both have the same name.

Any other transfer between two customers is not a renumbering: one now owes what the other owed (`documents`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.bookkeeping.lines import EntrySide, has

if TYPE_CHECKING:
    import pandas as pd

_ENTRY = ["digest", "journal", "entry", "booked_on"]


def new_numbers(lines: pd.DataFrame) -> dict[str, str]:
    """Map the old number of each renumbered customer to its new number.

    Parameters
    ----------
    lines
        Lines of all years with `customer_id`, in order of closing, (n_lines, .).
    """
    own = lines[lines["customer_id"].notna() & ~lines["account"].str.startswith("491")]
    own = own.assign(cents=own["debit"] - own["credit"], customer_id=own["customer_id"].astype("str"))
    moves = _between_two(own)
    if moves.empty:
        return {}
    first_line = own.groupby("customer_id")["booked_on"].min()
    last_line = own.groupby("customer_id")["booked_on"].max()
    left = own.groupby(["customer_id", "digest"])["cents"].sum()
    old_lines = own[own["customer_id"].isin(moves["old"])]
    of_old = {str(who): part.set_index(_ENTRY) for who, part in old_lines.groupby("customer_id")}
    names = own[own["name"].ne("")].groupby("customer_id")["name"].last().str.casefold()
    found: dict[str, str] = {}
    for _, entries in moves.sort_values("booked_on").groupby(["old", "new"]):
        old, new = str(entries["old"].iloc[0]), str(entries["new"].iloc[0])
        begins, ends = entries["booked_on"].iloc[0], entries["booked_on"].iloc[-1]
        keys = of_old[old].index
        after = keys[keys.get_level_values("booked_on") > begins]
        only_moves = after.isin(entries.set_index(_ENTRY).index).all()
        ended = last_line[old] == ends and only_moves and not left.loc[(old, str(entries["digest"].iloc[-1]))]
        same = old in names.index and new in names.index and names[old] == names[new]
        if ended and (first_line[new] >= begins or same) and old not in found:
            found[old] = new
    return {old: _last(old, found) for old in found}


def _between_two(lines: pd.DataFrame) -> pd.DataFrame:
    """Return entries of two customers that sum to zero, in both directions: `_ENTRY`, old and new."""
    other = (
        EntrySide.SALE
        | EntrySide.MONEY
        | EntrySide.LOSS
        | EntrySide.OPENING
        | EntrySide.FACTOR
        | EntrySide.CHARGE
    )
    part = lines[~has(lines, other)]
    entries = part.groupby(_ENTRY).agg(
        cents=("cents", "sum"),
        customers=("customer_id", "nunique"),
        one=("customer_id", "min"),
        two=("customer_id", "max"),
    )
    pairs = entries[entries["cents"].eq(0) & entries["customers"].eq(2)].reset_index()
    there = pairs.rename(columns={"one": "old", "two": "new"})
    back = pairs.rename(columns={"two": "old", "one": "new"})
    both: pd.DataFrame = there.merge(back, how="outer")[[*_ENTRY, "old", "new"]]
    return both


def _last(old: str, found: dict[str, str]) -> str:
    """Follow a number through successive renumberings; a cycle ends at its start."""
    seen = {old}
    new = found[old]
    while new in found and new not in seen:
        seen.add(new)
        new = found[new]
    return new
