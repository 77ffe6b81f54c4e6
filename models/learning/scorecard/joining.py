"""Optimal joining of neighbouring bins: the exact maximum of the information value under a trend.

The programme is that of Navas-Palencia (2020), *Optimal binning: mathematical programming formulation*.
Joined bins are intervals of a few dozen first ones, so dynamic programming over the last bin (Bellman 1957)
finds the best cut of all without a solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.arrays import Floats, Ints

_ROUNDING = 1e-9
"""Smallest significant gain of information value; below it fewer bins are used."""


@dataclass(frozen=True, slots=True)
class JoiningRules:
    """Constraints on joined bins.

    Parameters
    ----------
    bins
        Most bins.
    rows, cases
        Fewest rows, and fewest rows of either outcome, in each; at least 1.
    """

    bins: int
    rows: int
    cases: int


def join(rows: Floats, bad: Floats, trend: int, rules: JoiningRules) -> list[int]:
    """Return the starts of the joined bins except the first; empty if all must be one.

    Parameters
    ----------
    rows, bad
        Number of rows in each initial bin, and of bad ones among them, shape `(n,)`.
    trend
        1 where the share of bad rows may not fall from bin to bin, -1 where it may not rise.

    Examples
    --------
    The share of bad rows falls from the second bin to the third, so they are joined.

    >>> rows, bad = np.full(4, 100.0), np.array([5.0, 20.0, 15.0, 40.0])
    >>> join(rows, bad, 1, JoiningRules(bins=6, rows=10, cases=5))
    [1, 3]
    """
    value, share = _intervals(rows, bad, rules)
    share *= trend
    follows = share[:, :-1, None] <= share[None, 1:, :]
    # By the number of bins, for each last bin [first, last]: the best value, and where the one before begins.
    ways = np.full_like(value, -np.inf)
    ways[0] = value[0]
    best: list[Floats] = [ways]
    before: list[Ints] = []
    for _ in range(1, min(rules.bins, len(rows))):
        tried = np.where(follows, ways[:, :-1, None], -np.inf)
        before.append(tried.argmax(axis=0))
        ways = np.full_like(value, -np.inf)
        ways[1:] = value[1:] + tried.max(axis=0)
        best.append(ways)
    reached = np.array([one[:, -1].max() for one in best])
    if not np.isfinite(reached).any():
        return []
    count = int((reached >= reached.max() - _ROUNDING).argmax())
    first, last = int(best[count][:, -1].argmax()), len(rows) - 1
    begins: list[int] = []
    for origin in reversed(before[:count]):
        begins.append(first)
        first, last = int(origin[first - 1, last]), first - 1
    return begins[::-1]


def _intervals(rows: Floats, bad: Floats, rules: JoiningRules) -> tuple[Floats, Floats]:
    """Return each interval's contribution to the information value, and its share of bad rows.

    Returns
    -------
    By the first and the last of its bins, shape `(n, n)`; minus infinity where it holds too little.
    """
    all_rows, all_bad = np.cumsum(np.append(0.0, rows)), np.cumsum(np.append(0.0, bad))
    held, of_bad = all_rows[None, 1:] - all_rows[:-1, None], all_bad[None, 1:] - all_bad[:-1, None]
    of_good = held - of_bad
    enough = (held >= rules.rows) & (of_bad >= rules.cases) & (of_good >= rules.cases)
    value = np.full(held.shape, -np.inf)
    good_share = of_good[enough] / (all_rows[-1] - all_bad[-1])
    bad_share = of_bad[enough] / all_bad[-1]
    value[enough] = (good_share - bad_share) * np.log(good_share / bad_share)
    return value, of_bad / np.maximum(held, 1.0)
