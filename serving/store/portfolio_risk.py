"""What the risks of a portfolio are computed from, as methods of the store, each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.store import positions
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.portfolio.positions import Positions
    from serving.store.rows import InvoiceRow, Run


class PortfolioRiskStore(Database):
    """Positions and open invoices of a run."""

    def positions(self, run: Run) -> Positions:
        """Return the positions of a run, sorted by customer number.

        Raises
        ------
        CreditError
            An earlier version wrote the run, without the cases of its customers.
        """
        with transaction(self._engine) as connection:
            return positions.positions(connection, run)

    def open_invoices(self, run_id: int) -> Iterator[InvoiceRow]:
        """Yield the open invoices of a run by customer, the earliest due date first."""
        with transaction(self._engine) as connection:
            yield from positions.open_invoices(connection, run_id)
