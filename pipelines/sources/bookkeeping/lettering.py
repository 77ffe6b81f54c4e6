"""Lettering groups: a letter links a customer's lines, and is reused every year.

A letter is therefore read within its customer and its year. Where the lines of a year under one letter do not
balance but those lettered on one day do, the letter was used again within the year, and each day is a group.
A group that stays unbalanced (a part payment, often a small letter) remains a group: its difference is open.
Transfers and opening lines join groups across accounts and years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

NONE = -1
"""The group of a line without a letter."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Groups of lines by their letters.

    Parameters
    ----------
    group
        Group of each line, `NONE` where it has no letter, (n_lines,).
    balanced
        Whether the line's group sums to nothing, (n_lines,).
    """

    group: Ints
    balanced: npt.NDArray[np.bool_]


def read_letters(lines: pd.DataFrame) -> Letters:
    """Group lines by customer, year, letter, and by the day of lettering where that balances groups.

    Parameters
    ----------
    lines
        Named lines with `closes_on`, `letter`, `lettered_on` and `cents`, (n_lines, .).
    """
    lettered = lines["letter"].ne("") & lines["customer_id"].notna()
    part = lines[lettered]
    wide = part.groupby(["customer_id", "closes_on", "letter"], sort=False).ngroup()
    narrow = part.groupby(
        ["customer_id", "closes_on", "letter", "lettered_on"], sort=False, dropna=False
    ).ngroup()
    wide_sum = part["cents"].groupby(wide).transform("sum")
    narrow_sum = part["cents"].groupby(narrow).transform("sum")
    apart = wide_sum.ne(0) & narrow_sum.eq(0)
    group = np.full(len(lines), NONE, dtype=np.int64)
    made = np.where(apart, narrow + len(lines), wide)
    group[lettered.to_numpy()] = pd.factorize(made)[0]
    balanced = np.zeros(len(lines), dtype=np.bool_)
    # The lines grouped by day sum to zero: the rest of the letter keeps its sum.
    balanced[lettered.to_numpy()] = (apart | wide_sum.eq(0)).to_numpy()
    return Letters(group, balanced)


def across_years(lines: pd.DataFrame, letters: Letters) -> Ints:
    """Pair lines of one letter in consecutive years that balance only together.

    Some programs never reuse a letter and letter an old invoice with this year's payment.

    Returns
    -------
        Pairs of positions, one of each year; (n_ties, 2).
    """
    loose = (letters.group != NONE) & ~letters.balanced
    part = lines.loc[loose, ["customer_id", "letter", "closes_on", "cents"]].assign(at=np.flatnonzero(loose))
    key = ["customer_id", "letter"]
    sums = part.groupby([*key, "closes_on"], as_index=False).agg(cents=("cents", "sum"), at=("at", "first"))
    year = sums["closes_on"].map({day: nth for nth, day in enumerate(sorted(lines["closes_on"].unique()))})
    sums = sums.assign(year=year)
    later = sums.assign(year=sums["year"] - 1)
    met = sums.merge(later, on=[*key, "year"], suffixes=("", "_later"))
    met = met[met["cents"] + met["cents_later"] == 0]
    pairs: Ints = met[["at", "at_later"]].to_numpy(dtype=np.int64)
    return pairs


def tie(group: Ints, ties: Ints) -> Ints:
    """Join groups through pairs of lines.

    Parameters
    ----------
    group
        Group of each line, `NONE` where it has none, (n_lines,).
    ties
        Pairs of positions of lines that belong together, (n_ties, 2).

    Returns
    -------
        A group for each line, `NONE` where a line is alone; (n_lines,).
    """
    count = len(group)
    if not count:
        return group
    lettered = np.flatnonzero(group != NONE)
    rows = np.concatenate([lettered, ties[:, 0]])
    columns = np.concatenate([group[lettered] + count, ties[:, 1]])
    size = count + int(group.max()) + 1
    links = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    part = connected_components(links, directed=False)[1][:count]
    alone = (np.bincount(part, minlength=int(part.max()) + 1)[part] == 1) & (group == NONE)
    return np.where(alone, NONE, part).astype(np.int64)
