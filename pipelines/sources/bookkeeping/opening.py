"""Opening balances (journal AN): items carried forward from the previous year, or from years not imported.

With the previous year available, an opening line is no new item: it is joined to the lines that it carries
forward, one to one where reference and amount agree, else all together, and its letter applies to them too.
The difference between a customer's opening balance and the previous close remains as one item, and is
counted. Without the previous year an opening line is the item itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.sources.bookkeeping.lines import EntrySide, has

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class CarriedForward:
    """Items carried forward by opening lines.

    Parameters
    ----------
    joined
        Whether a line is an opening line represented by lines of the previous year, (n_lines,).
    gaps
        Where a customer's opening differs from last year's close: customer_id, cents (opening less close),
        closes_on of the year and booked_on of its opening; (n_gaps, 4).
    ties
        Pairs of positions: an opening line, and a line that it carries on; (n_ties, 2).
    without_opening
        Files without an opening line although the previous year is available.
    """

    joined: npt.NDArray[np.bool_]
    gaps: pd.DataFrame
    ties: npt.NDArray[np.int64]
    without_opening: tuple[str, ...]


def carry_on(lines: pd.DataFrame, settled: npt.NDArray[np.bool_]) -> CarriedForward:
    """Join the opening lines of every year but the first to the lines of the previous year.

    Parameters
    ----------
    lines
        Named lines of all files in order of closing, with `cents` (debit less credit); (n_lines, .).
    settled
        Lines lettered with others of the same sum: they are not open, (n_lines,).
    """
    opening = has(lines, EntrySide.OPENING).to_numpy()
    joined = np.zeros(len(lines), dtype=np.bool_)
    ties: list[npt.NDArray[np.int64]] = []
    gaps = pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "cents": pd.Series([], dtype="int64")})
    without: list[str] = []
    years = lines["closes_on"].drop_duplicates().tolist()
    for closes_on in years[1:]:
        mine = (lines["closes_on"] == closes_on).to_numpy()
        before = (lines["closes_on"] < closes_on).to_numpy() & ~joined
        opens = opening & mine
        if not opens.any():
            without.append(str(lines.loc[mine, "file"].iloc[0]))
            continue
        joined |= opens
        pairs = _one_to_one(lines, opens, before & ~settled)
        ties.append(pairs)
        ties.append(_together(lines, opens, before & ~settled, pairs))
        gaps = pd.concat([gaps, _gaps(lines, opens, before, gaps)], ignore_index=True)
    tied = np.concatenate(ties) if ties else np.zeros((0, 2), dtype=np.int64)
    return CarriedForward(joined, gaps, tied, tuple(without))


def _one_to_one(
    lines: pd.DataFrame, opens: npt.NDArray[np.bool_], candidates: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Pair opening lines with earlier ones of the same customer, reference and amount."""
    key = ["customer_id", "piece", "cents"]
    sides = []
    for chosen in (opens, candidates):
        part = lines.loc[chosen, key].assign(at=np.flatnonzero(chosen))
        part = part[part["piece"].ne("")]
        sides.append(part.assign(nth=part.groupby(key).cumcount()))
    met = sides[0].merge(sides[1], on=[*key, "nth"], suffixes=("", "_before"))
    return met[["at", "at_before"]].to_numpy(dtype=np.int64)


def _together(
    lines: pd.DataFrame,
    opens: npt.NDArray[np.bool_],
    candidates: npt.NDArray[np.bool_],
    pairs: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Join the rest of a customer's lettered opening to all earlier lines that are still open.

    Only where the sums are equal: the opening is then those lines written as one balance.
    """
    rest = [opens.copy(), candidates.copy()]
    for side, column in enumerate(pairs.T):
        rest[side][column] = False
    new, old = (lines.loc[chosen, ["customer_id", "cents", "letter"]].assign(at=np.flatnonzero(chosen))
                for chosen in rest)  # fmt: skip
    sums = pd.concat(
        [new.groupby("customer_id")["cents"].sum(), old.groupby("customer_id")["cents"].sum()],
        axis=1,
        keys=["new", "old"],
    )
    same = sums.index[sums["new"] == sums["old"]]
    lettered = new[new["customer_id"].isin(same) & new["letter"].ne("")]
    met = lettered.drop_duplicates(["customer_id", "letter"]).merge(
        old, on="customer_id", suffixes=("", "_before")
    )
    # An opening under several letters is ambiguous: its items stay unlettered and are matched by age.
    several = lettered.groupby("customer_id")["letter"].nunique()
    met = met[met["customer_id"].map(several).eq(1)]
    return met[["at", "at_before"]].to_numpy(dtype=np.int64)


def _gaps(
    lines: pd.DataFrame, opens: npt.NDArray[np.bool_], before: npt.NDArray[np.bool_], known: pd.DataFrame
) -> pd.DataFrame:
    """Compare each customer's opening with its previous lines; one row per customer with a difference."""
    earlier = pd.concat([lines.loc[before, ["customer_id", "cents"]], known[["customer_id", "cents"]]])
    told = lines.loc[opens].groupby("customer_id")["cents"].sum()
    gap = told.sub(earlier.groupby("customer_id")["cents"].sum(), fill_value=0).astype("int64")
    gap = gap[gap != 0]
    year = lines.loc[opens]
    return pd.DataFrame(
        {
            "customer_id": gap.index.astype("str"),
            "cents": gap.to_numpy(),
            "closes_on": year["closes_on"].iloc[0],
            "booked_on": year["booked_on"].min(),
        }
    )
