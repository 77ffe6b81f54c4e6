"""Show the receipts expected in the coming weeks, as the published night left them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.portfolio.payment_weeks import WEEKS, expected_cents
from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.arrays import Floats
    from serving.store import Run, Store


@dataclass(frozen=True, slots=True)
class CashForecast:
    """Receipts of `WEEKS` weeks after a night.

    Parameters
    ----------
    forecast
        Of `models.portfolio.grouped_receipts.GroupedReceipts.published`.
    """

    run: Run
    forecast: Mapping[str, Any]

    @property
    def weeks(self) -> list[tuple[dt.date, dt.date]]:
        """First and last day of each week; the first one begins on the day after the night's."""
        as_of = self.run.key.as_of
        return [
            (as_of + dt.timedelta(days=7 * week + 1), as_of + dt.timedelta(days=7 * week + 7))
            for week in range(WEEKS)
        ]

    def document(self) -> dict[str, Any]:
        """Return the forecast as plain JSON values."""
        days = [{"first_day": one.isoformat(), "last_day": last.isoformat()} for one, last in self.weeks]

        def dated(line: Mapping[str, Any]) -> dict[str, Any]:
            return {**line, "weeks": [day | week for day, week in zip(days, line["weeks"], strict=True)]}

        found = self.forecast
        return {
            "as_of": self.run.key.as_of.isoformat(),
            "run_id": self.run.run_id,
            "past_weeks": found["past_weeks"],
            "total": dated(found["total"]),
            "by": {grouping: [dated(line) for line in lines] for grouping, lines in found["by"].items()},
            "largest": [{**day, "invoices": week} for day, week in zip(days, found["largest"], strict=True)],
        }


def cash_forecast(store: Store, run: Run | None = None) -> CashForecast | None:
    """Return the cash forecast of a run, of the published one where None.

    None where an earlier version published the run: the next night computes it.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    """
    of_run = published_run(store) if run is None else run
    found = store.cash_forecast(of_run.run_id)
    return None if found is None else CashForecast(of_run, found)


def receipts_by_customer(store: Store, run: Run, customer_ids: Sequence[str]) -> Floats | None:
    """Return what each customer's open invoices are expected to bring in by week, in euros.

    Returns
    -------
        Shape `(n, WEEKS)`, in the order of the customers; None where an earlier version wrote the run.
    """
    weeks = store.payment_weeks(run.run_id)
    if not weeks:
        return None
    invoices = [one for one in store.open_invoices(run.run_id) if one.invoice_id in weeks]
    place = {who: at for at, who in enumerate(customer_ids)}
    owners = np.array([place[one.customer_id] for one in invoices], np.int64)
    cents = np.array([round(one.open_eur * 100) for one in invoices], np.int64)
    found = np.zeros((len(customer_ids), WEEKS), np.int64)
    np.add.at(found, owners, expected_cents(cents, np.stack([weeks[one.invoice_id] for one in invoices])))
    return found / 100
