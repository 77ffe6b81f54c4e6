"""Statements on scores: write a run's customers and invoices, read those of the published run.

Owns the conversion between rows and columns. Reads refer to the published run only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from models.errors import StoreError
from models.features.state_schema import StateVector
from serving.store import packing, versions
from serving.store.bulk import insert_rows
from serving.store.packed_partition import INVOICE, STORED, SUMMARY, with_party
from serving.store.rows import CustomerRow, CustomerSummary, InvoiceRow, StoredCustomer, summary_of
from serving.store.runs import current_run_id
from serving.store.schema import CUSTOMERS, DOCUMENTS, INVOICES, RUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

    from models.features.state_schema import StateSchema
    from serving.store.packed_partition import PackedPartition

DOCUMENT = ("party", "state", "assessment")


def on_account() -> ColumnElement[Any]:
    """Return the unmatched payments and credit notes of a customer: exposure less open invoices, below 0."""
    open_eur = (
        select(func.sum(INVOICES.c.open_eur))
        .where(INVOICES.c.run_id == CUSTOMERS.c.run_id, INVOICES.c.customer_id == CUSTOMERS.c.customer_id)
        .correlate(CUSTOMERS)
        .scalar_subquery()
    )
    return func.round((CUSTOMERS.c.open_eur - func.coalesce(open_eur, 0.0)) * 100) / 100


def summary_columns(prefix: str = "") -> list[ColumnElement[Any]]:
    """Return the columns of a list's line under their names."""
    stored = [CUSTOMERS.c[name].label(f"{prefix}{name}") for name in STORED]
    return [*stored, on_account().label(f"{prefix}on_account_eur")]


def write(connection: Connection, run_id: int, partition: int, packed: PackedPartition) -> None:
    """Insert the rows of one partition.

    Raises
    ------
    StoreError
        A state has another schema than the run.
    """
    if packed.customers:
        _keep_schema(connection, run_id, packed)
        place = {"run_id": run_id, "partition": partition}
        insert_rows(connection, CUSTOMERS, [{**row, **place} for row in packed.customers])
        insert_rows(connection, DOCUMENTS, [{**row, "run_id": run_id} for row in packed.documents])
    insert_rows(connection, INVOICES, [{**row, "run_id": run_id} for row in packed.invoices])


def customer(connection: Connection, customer_id: str) -> StoredCustomer | None:
    """Return a customer of the published run, None if there is none with this id."""
    query = _with_documents().where(
        CUSTOMERS.c.run_id == current_run_id(), CUSTOMERS.c.customer_id == customer_id
    )
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        return None
    return StoredCustomer(found["run_id"], found["as_of"], _rows(connection, [found])[0])


def rows(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[CustomerRow, ...]:
    """Return customers with their documents, of any run, sorted by id."""
    query = _with_documents().where(*conditions).order_by(CUSTOMERS.c.customer_id)
    return _rows(connection, connection.execute(query).mappings().all())


def known(connection: Connection, customer_ids: Collection[str]) -> set[str]:
    """Return which of some customers the published run has."""
    query = select(CUSTOMERS.c.customer_id).where(
        CUSTOMERS.c.run_id == current_run_id(), CUSTOMERS.c.customer_id.in_(customer_ids)
    )
    return set(connection.scalars(query))


def by_risk(connection: Connection, limit: int) -> tuple[CustomerSummary, ...]:
    """Return the published run's customers by descending probability of default, except failed ones."""
    query = (
        select(*summary_columns())
        .where(CUSTOMERS.c.run_id == current_run_id(), CUSTOMERS.c.proceeding.is_(None))
        .order_by(CUSTOMERS.c.pd_12m.desc(), CUSTOMERS.c.customer_id)
        .limit(limit)
    )
    return tuple(summary_of(dict(row)) for row in connection.execute(query).mappings())


def summaries(connection: Connection, run_id: int) -> tuple[CustomerSummary, ...]:
    """Return every customer of one run, sorted by id."""
    query = select(*summary_columns()).where(CUSTOMERS.c.run_id == run_id).order_by(CUSTOMERS.c.customer_id)
    return tuple(summary_of(dict(row)) for row in connection.execute(query).mappings())


def assessments(
    connection: Connection, run_id: int, after: str | None, limit: int
) -> list[tuple[str, dict[str, Any]]]:
    """Return the next answers of a run, sorted by customer id, starting behind `after`."""
    query = (
        select(DOCUMENTS.c.customer_id, DOCUMENTS.c.party, DOCUMENTS.c.assessment)
        .where(DOCUMENTS.c.run_id == run_id)
        .order_by(DOCUMENTS.c.customer_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(DOCUMENTS.c.customer_id > after)
    return [(row.customer_id, _assessment(row.assessment, row.party)) for row in connection.execute(query)]


def invoices_of(connection: Connection, customer_id: str) -> tuple[InvoiceRow, ...]:
    """Return a customer's open invoices in the published run, the earliest due date first."""
    query = (
        select(*(INVOICES.c[name] for name in INVOICE))
        .where(INVOICES.c.run_id == current_run_id(), INVOICES.c.customer_id == customer_id)
        .order_by(INVOICES.c.due_on, INVOICES.c.invoice_id)
    )
    return tuple(InvoiceRow(**row) for row in connection.execute(query).mappings())


def _with_documents() -> Select[Any]:
    same = (DOCUMENTS.c.run_id == CUSTOMERS.c.run_id) & (DOCUMENTS.c.customer_id == CUSTOMERS.c.customer_id)
    columns = (*summary_columns(), CUSTOMERS.c.announced_grade, *(DOCUMENTS.c[name] for name in DOCUMENT))
    run = (RUNS.c.run_id, RUNS.c.as_of, RUNS.c.state_schema)
    joined = CUSTOMERS.join(DOCUMENTS, same).join(RUNS, RUNS.c.run_id == CUSTOMERS.c.run_id)
    return select(*columns, *run).select_from(joined)


def stored_rows(connection: Connection, *conditions: ColumnElement[bool]) -> StoredRows:
    """Return customers with their documents as stored, of any run, sorted by id; for another process."""
    query = _with_documents().where(*conditions).order_by(CUSTOMERS.c.customer_id)
    return _stored(connection, connection.execute(query).mappings().all())


def _rows(connection: Connection, found: Sequence[RowMapping]) -> tuple[CustomerRow, ...]:
    return _stored(connection, found).rows()


def _stored(connection: Connection, found: Sequence[RowMapping]) -> StoredRows:
    schemas = versions.schemas(connection, {row["state_schema"] for row in found})
    return StoredRows([dict(row) for row in found], schemas)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Customers as the database stores them, which another process parses."""

    columns: list[dict[str, Any]]
    schemas: Mapping[str, StateSchema]

    def rows(self) -> tuple[CustomerRow, ...]:
        """Parse the documents of every customer."""
        return tuple(
            CustomerRow(
                **{name: row[name] for name in SUMMARY},
                party=packing.from_json(row["party"]),
                state=StateVector(self.schemas[row["state_schema"]], packing.bytes_vector(row["state"])),
                assessment=_assessment(row["assessment"], row["party"]),
                announced_grade=row["announced_grade"],
            )
            for row in self.columns
        )


def _assessment(packed: bytes, party: str) -> dict[str, Any]:
    return with_party(packing.unpack(packed), packing.from_json(party))


def _keep_schema(connection: Connection, run_id: int, packed: PackedPartition) -> None:
    schema_hash = connection.scalar(select(RUNS.c.state_schema).where(RUNS.c.run_id == run_id))
    for schema, customer_id in packed.schemas.items():
        if schema.hash != schema_hash:
            raise StoreError(
                f"customer {customer_id}: its state is of schema {schema.hash}, the run's of "
                f"{schema_hash}; begin a run of its own"
            )
    versions.add_schemas(connection, set(packed.schemas))
