"""Store methods on the published results besides the scores, and on past runs.

Owns transactions; the statements are in `published` and `history`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.store import grade_changes, history, portfolio_history, published, receipts
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.published_rows import EVERY_LINE

if TYPE_CHECKING:
    import datetime as dt
    from collections import Counter
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from models.portfolio.default_rates import GradeNight
    from models.portfolio.grade_paths import GradeChange, StillCustomers
    from serving.store.pagination import ListPage
    from serving.store.published_rows import (
        AlertRow,
        CustomerEvidence,
        CustomerFile,
        HistoryPoint,
        WorklistEntry,
        WorklistRow,
        WorklistSelection,
    )
    from serving.store.rows import CustomerRow, Run
    from serving.store.scores import StoredRows

LONGEST_STRETCH = 1000


class PublishedStore(Database):
    """Store the portfolio, alerts and the worklist of each run, and read past runs."""

    def write_findings(
        self,
        run_id: int,
        portfolio: Mapping[str, Any],
        alerts: Sequence[AlertRow],
        worklist: Sequence[WorklistRow],
    ) -> None:
        """Write a run's results in one transaction, replacing its previous ones.

        Raises
        ------
        StoreError
            The run is complete, or a document is not JSON; nothing is written.
        """
        with transaction(self._engine, writes=True) as connection:
            published.write(connection, run_id, portfolio, alerts, worklist)

    def write_cash_forecast(self, run_id: int, document: Mapping[str, Any]) -> None:
        """Write a run's cash forecast, replacing its previous one.

        Raises
        ------
        StoreError
            The run is complete, or the document is not JSON; nothing is written.
        """
        with transaction(self._engine, writes=True) as connection:
            receipts.write(connection, run_id, document)

    def cash_forecast(self, run_id: int) -> dict[str, Any] | None:
        """Return a run's cash forecast, None where an earlier version published it."""
        with transaction(self._engine) as connection:
            return receipts.cash_forecast(connection, run_id)

    def payment_weeks(self, run_id: int) -> dict[str, NDArray[np.uint16]]:
        """Return the shares of a run's open invoices by invoice, in whole parts of `PARTS`, by week.

        Empty where an earlier version wrote the run, or its documents were pruned.
        """
        with transaction(self._engine) as connection:
            return receipts.payment_weeks(connection, run_id)

    def portfolio(self, run_id: int | None = None) -> dict[str, Any] | None:
        """Return the published run's portfolio as JSON values, None if it has none."""
        with transaction(self._engine) as connection:
            return published.portfolio(connection, run_id)

    def portfolio_nights(self, since: dt.date, until: dt.date) -> list[dict[str, Any]]:
        """Return the figures kept of nights between two days, both included, the oldest first."""
        with transaction(self._engine) as connection:
            return portfolio_history.nights(connection, since, until)

    def first_night(self) -> dt.date | None:
        """Return the day of the first night whose figures are kept, None without any."""
        with transaction(self._engine) as connection:
            return portfolio_history.first_night(connection)

    def quarter_base(self, as_of: dt.date) -> Run | None:
        """Return the run that grades are compared with over the quarter of a day, None without one."""
        with transaction(self._engine) as connection:
            return portfolio_history.quarter_base(connection, as_of)

    def alerts(
        self,
        severity: str | None = None,
        cause: str | None = None,
        limit: int = 50,
        offset: int = 0,
        run_id: int | None = None,
        *,
        seen: bool | None = None,
    ) -> ListPage[AlertRow]:
        """Return a page of a run's alerts, the most urgent first; the published run's without `run_id`.

        Parameters
        ----------
        seen
            Whether the customer was reviewed since the run was published; either if None.
        """
        asked = (severity, cause, _bounded(limit), max(offset, 0), run_id)
        with transaction(self._engine) as connection:
            return published.alerts(connection, *asked, seen=seen)

    def alert_of(self, customer_id: str) -> AlertRow | None:
        """Return a customer's alert of the published run, None if there is none."""
        with transaction(self._engine) as connection:
            return published.alert_of(connection, customer_id)

    def worklist(self, tone: str | None = None, limit: int = 50, offset: int = 0) -> ListPage[WorklistRow]:
        """Return a page of the published worklist, the most euros to save first; all tones by default."""
        with transaction(self._engine) as connection:
            return published.worklist(connection, tone, _bounded(limit), max(offset, 0))

    def chased(
        self,
        selection: WorklistSelection = EVERY_LINE,
        limit: int = 50,
        offset: int = 0,
        run_id: int | None = None,
    ) -> ListPage[WorklistEntry]:
        """Return a page of the lines selected of a worklist, each line with its customer's summary."""
        with transaction(self._engine) as connection:
            return published.chased(connection, selection, _bounded(limit), max(offset, 0), run_id)

    def worklist_tones(self, selection: WorklistSelection, run_id: int) -> dict[str, int]:
        """Count the lines selected of a run's worklist by their proposal."""
        with transaction(self._engine) as connection:
            return published.worklist_tones(connection, selection, run_id)

    def worklist_of(self, customer_id: str) -> WorklistRow | None:
        """Return a customer's line of the published worklist, None if there is none."""
        with transaction(self._engine) as connection:
            return published.worklist_of(connection, customer_id)

    def history(self, customer_id: str) -> tuple[HistoryPoint, ...]:
        """Return a customer's results in stored runs, one point per day, the oldest first."""
        with transaction(self._engine) as connection:
            return history.history(connection, customer_id)

    def customer_file(self, customer_id: str) -> CustomerFile | None:
        """Return all data on a customer, read in one transaction; None if it is not in the run."""
        with transaction(self._engine) as connection:
            return history.customer_file(connection, customer_id)

    def last_override_id(self) -> int:
        """Return the number of the newest entry of the overrides' history, 0 without any."""
        with transaction(self._engine) as connection:
            return history.last_override_id(connection)

    def run_before(self, as_of: dt.date) -> Run | None:
        """Return the newest complete run of the last day before `as_of`, None if there is none."""
        with transaction(self._engine) as connection:
            return history.run_before(connection, as_of)

    def stored_rows(self, run_id: int, customer_ids: Sequence[str]) -> StoredRows:
        """Return some customers of any run as stored, for another process; unknown ones are omitted."""
        with transaction(self._engine) as connection:
            return history.stored_rows(connection, run_id, customer_ids)

    def evidence(self, run_id: int, customer_ids: Sequence[str]) -> dict[str, CustomerEvidence]:
        """Return invoices and history of some customers in any run; empty ones for those it lacks."""
        with transaction(self._engine) as connection:
            return history.evidence(connection, run_id, customer_ids)

    def grade_pairs(self, before: int, after: int) -> Counter[tuple[str | None, str | None]]:
        """Count the customers of two runs by their grades in both, None where a run lacks them."""
        with transaction(self._engine) as connection:
            return history.grade_pairs(connection, before, after)

    def grade_nights(self, until: dt.date) -> list[GradeNight]:
        """Return the nights up to a day whose grades are kept, the oldest first."""
        with transaction(self._engine) as connection:
            return grade_changes.nights(connection, until)

    def grade_paths(self, until: dt.date) -> tuple[list[StillCustomers], list[GradeChange]]:
        """Return the customers' states up to a day: those that never changed, and the others' changes."""
        with transaction(self._engine) as connection:
            return grade_changes.paths(connection, until)

    def scored_of(self, run_id: int, customer_ids: Sequence[str]) -> tuple[CustomerRow, ...]:
        """Return some customers of any run with their documents; unknown ones are omitted."""
        with transaction(self._engine) as connection:
            return history.scored_of(connection, run_id, customer_ids)


def _bounded(limit: int) -> int:
    return max(min(limit, LONGEST_STRETCH), 1)
