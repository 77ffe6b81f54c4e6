"""Show the portfolio's last twelve months and quarters.

Owns where each month's figures come from: the published night, nights that were kept, and, before the first
night, what the published night reconstructed of the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.portfolio.history import kept_figures, monthly, quarterly
from serving.usecases.limit_usage import over_limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.overrides import InForce
    from serving.store import Run, Store

_LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PortfolioHistory:
    """The portfolio's past up to the published night, as JSON values.

    Parameters
    ----------
    first_night
        The day that grades, expected loss and customers over their limit are known from.
    months
        Of `models.portfolio.history.monthly`; the last one is the published night's, whose customers over
        their limit are counted by the limits in force now.
    quarters
        Of `models.portfolio.history.quarterly`.
    """

    run: Run
    first_night: dt.date
    months: Sequence[Mapping[str, Any]]
    quarters: Sequence[Mapping[str, Any]]

    def document(self) -> dict[str, Any]:
        """Return the history as plain JSON values."""
        return {
            "as_of": self.run.key.as_of.isoformat(),
            "run_id": self.run.run_id,
            "first_night": self.first_night.isoformat(),
            "months": [dict(month) for month in self.months],
            "quarters": [dict(quarter) for quarter in self.quarters],
        }


def portfolio_history(store: Store, run: Run, made: Mapping[str, InForce]) -> PortfolioHistory | None:
    """Return the history up to a run; None where an earlier version published it.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    portfolio, as_of = store.portfolio(run.run_id), run.key.as_of
    figures = None if portfolio is None else kept_figures(portfolio)
    if portfolio is None or figures is None:
        return None
    present = {**figures, "over_limit": over_limit(store, run.run_id, made)}
    before = store.portfolio_nights(as_of - _LONGEST, as_of - dt.timedelta(days=1))
    nights = [*before, present]
    months = monthly(nights, portfolio.get("past_months", ()), as_of)
    return PortfolioHistory(run, min(as_of, store.first_night() or as_of), months, quarterly(nights))
