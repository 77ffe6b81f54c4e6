"""Show what the portfolio of a night may lose within a year.

Owns the report of a run, which is computed once per run, policy and cover to compare with, and cached.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.portfolio.risk_report import risk_report
from serving.usecases.positions import positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.policy.document import Policy
    from models.portfolio.cover import CoverChange
    from models.portfolio.risk_report import RiskReport
    from serving.store import Run, Store

MOST_REPORTS = 4


@dataclass(slots=True)
class PortfolioRisk:
    """Report what a portfolio may lose; safe in threads.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    policy
        Returns the policy in force.
    """

    store: Callable[[], Store]
    policy: Callable[[], Policy]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reports: dict[tuple[int, str, CoverChange], RiskReport] = field(default_factory=dict)

    def __call__(self, run: Run, change: CoverChange) -> RiskReport:
        """Return the report of a run; the last `MOST_REPORTS` are cached.

        Parameters
        ----------
        change
            The other cover to compare with.

        Raises
        ------
        CreditError
            An earlier version wrote the run; the message says what to do.
        """
        policy = self.policy()
        key = (run.run_id, policy.hash, change)
        with self._lock:
            if key not in self._reports:
                made = risk_report(positions(self.store(), run), policy, change)
                while len(self._reports) >= MOST_REPORTS:
                    self._reports.pop(next(iter(self._reports)))
                self._reports[key] = made
            return self._reports[key]
