"""Days late from published statistics: hazards by interval, adjusted to a customer's sector and size.

The hazard is constant between two published days and after the last. For a sector or a size whose mean delay
is `r` times the average, late payments are `r` times as slow: past the due date the cumulative hazard is
divided by `r`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.ledger.naf import section_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints
    from models.published.statistics import LateStatistics


def published_hazards(statistics: LateStatistics, bounds: Ints) -> Floats:
    """Return the published hazard of each interval: paid in it among those not paid before; `(n_bounds,)`.

    Parameters
    ----------
    bounds
        Upper ends of the intervals in days late, ascending; the first starts at the earliest payment.
    """
    days, shares = np.array(statistics.points(), dtype=np.float64).T
    cumulated = -np.log(shares)
    slope = (cumulated[-1] - cumulated[-2]) / (days[-1] - days[-2])
    within = np.interp(bounds, days, cumulated)
    beyond = np.maximum(bounds - days[-1], 0.0) * slope
    before = np.where(bounds < days[0], cumulated[0] * np.exp((bounds - days[0]) / 30.0), within)
    hazards: Floats = 1.0 - np.exp(-np.diff(before + beyond, prepend=0.0))
    return hazards


def lateness_ratio(statistics: LateStatistics, naf: Sequence[str | None], headcount: Floats) -> Floats:
    """Return the mean delay of customers' sector and size relative to the average, shape `(n,)`.

    Parameters
    ----------
    naf, headcount
        None and NaN where unknown, which counts as average.
    """
    by_size, by_sector = statistics.size, statistics.sector
    starts = np.array([band.staff for band in by_size.bands])
    means = np.array([band.mean_days_late for band in by_size.bands])
    place = np.clip(np.searchsorted(starts, np.nan_to_num(headcount), side="right") - 1, 0, None)
    size = np.where(np.isnan(headcount), 1.0, means[place] / by_size.mean_days_late)
    known = {one.naf: one.mean_days_late / by_sector.mean_days_late for one in by_sector.sectors}
    found = {code: _sector(code, known) for code in set(naf)}
    return size * np.array([found[code] for code in naf], dtype=np.float64)


def _sector(naf: str | None, known: dict[str, float]) -> float:
    if not naf:
        return 1.0
    fitting = [prefix for prefix in known if naf.startswith(prefix)]
    if fitting:
        return known[max(fitting, key=len)]
    return known.get(section_letter(naf) or "", 1.0)
