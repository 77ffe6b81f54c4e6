"""Statements on the positions of a run: every customer's exposure and risk, and its open invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.assessment.related_exposure import CONTEXT_KEY
from models.policy.credit_case import case_of
from models.portfolio.positions import Position, Positions
from serving.store import packing
from serving.store.packed_partition import INVOICE
from serving.store.rows import InvoiceRow
from serving.store.schema import CUSTOMERS, DOCUMENTS, INVOICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from serving.store.rows import Run

_COLUMNS = (
    "customer_id",
    "name",
    "siren",
    "group_id",
    "sector",
    "region",
    "insurer",
    "grade",
    "limit_eur",
    "open_eur",
    "overdue_eur",
    "expected_loss_eur",
)


def positions(connection: Connection, run: Run) -> Positions:
    """Return the positions of a run, sorted by customer number.

    Raises
    ------
    CreditError
        An earlier version wrote the run, without the cases of its customers.
    """
    entity_of = (run.context or {}).get(CONTEXT_KEY, {}).get("entity_of", {})
    same = (DOCUMENTS.c.run_id == CUSTOMERS.c.run_id) & (DOCUMENTS.c.customer_id == CUSTOMERS.c.customer_id)
    query = (
        select(*(CUSTOMERS.c[name] for name in _COLUMNS), DOCUMENTS.c.assessment)
        .select_from(CUSTOMERS.join(DOCUMENTS, same))
        .where(CUSTOMERS.c.run_id == run.run_id)
        .order_by(CUSTOMERS.c.customer_id)
    )
    found = (_position(dict(row), entity_of) for row in connection.execute(query).mappings())
    return Positions(run.run_id, run.key.as_of, tuple(found))


def _position(row: dict[str, Any], entity_of: dict[str, str]) -> Position:
    case = case_of(packing.unpack(row.pop("assessment")))
    entity = entity_of.get(row["customer_id"], row["customer_id"])
    return Position(**{**row, "expected_loss_eur": row["expected_loss_eur"] or 0.0}, entity=entity, case=case)


def open_invoices(connection: Connection, run_id: int) -> Iterator[InvoiceRow]:
    """Yield the open invoices of a run by customer, the earliest due date first."""
    query = (
        select(*(INVOICES.c[name] for name in INVOICE))
        .where(INVOICES.c.run_id == run_id)
        .order_by(INVOICES.c.customer_id, INVOICES.c.due_on, INVOICES.c.invoice_id)
    )
    for row in connection.execute(query).mappings():
        yield InvoiceRow(**row)
