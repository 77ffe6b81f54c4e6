"""Statements on past runs: the run before a day, a customer's results in stored runs, a customer's file.

Owns no writing. `scored_of`, `stored_rows` and `evidence` read any run; all else reads the published one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from serving.store import overrides, packing, published, runs, scores
from serving.store.dossiers import Dossier
from serving.store.packed_partition import INVOICE
from serving.store.published_rows import CustomerEvidence, CustomerFile, HistoryPoint
from serving.store.rows import InvoiceRow
from serving.store.schema import CUSTOMERS, DOCUMENTS, INVOICES, OVERRIDES, RUNS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from models.features.state_schema import StateSchema
    from serving.store.rows import CustomerRow, Run
    from serving.store.scores import StoredRows

_IDS_AT_ONCE = 10_000
"""A statement's parameters are bounded: SQLite has 32,766 of them."""


def run_before(connection: Connection, as_of: dt.date) -> Run | None:
    """Return the newest complete run of the last day before `as_of`, None if there is none."""
    query = (
        select(RUNS.c.run_id)
        .where(RUNS.c.as_of < as_of, RUNS.c.published_at.is_not(None))
        .order_by(RUNS.c.as_of.desc(), RUNS.c.run_id.desc())
        .limit(1)
    )
    found = connection.scalar(query)
    return None if found is None else runs.get(connection, found)


def scored_of(connection: Connection, run_id: int, customer_ids: Sequence[str]) -> tuple[CustomerRow, ...]:
    """Return some customers of any run with their documents; unknown ones are omitted."""
    return scores.rows(
        connection, CUSTOMERS.c.run_id == run_id, CUSTOMERS.c.customer_id.in_(list(customer_ids))
    )


def stored_rows(connection: Connection, run_id: int, customer_ids: Sequence[str]) -> StoredRows:
    """Return some customers of any run as stored; unknown ones are omitted."""
    columns: list[dict[str, Any]] = []
    schemas: dict[str, StateSchema] = {}
    for first in range(0, len(customer_ids), _IDS_AT_ONCE):
        ids = list(customer_ids[first : first + _IDS_AT_ONCE])
        found = scores.stored_rows(connection, CUSTOMERS.c.run_id == run_id, CUSTOMERS.c.customer_id.in_(ids))
        columns += found.columns
        schemas |= found.schemas
    return scores.StoredRows(columns, schemas)


def evidence(connection: Connection, run_id: int, customer_ids: Sequence[str]) -> dict[str, CustomerEvidence]:
    """Return invoices and history of some customers in any run; empty ones for those it lacks."""
    ids = list(customer_ids)
    invoices: dict[str, list[InvoiceRow]] = {who: [] for who in ids}
    query = select(*(INVOICES.c[name] for name in INVOICE)).where(
        INVOICES.c.run_id == run_id, INVOICES.c.customer_id.in_(ids)
    )
    for row in connection.execute(query).mappings():
        invoices[row["customer_id"]].append(InvoiceRow(**row))
    documents = select(DOCUMENTS.c.customer_id, DOCUMENTS.c.dossier).where(
        DOCUMENTS.c.run_id == run_id, DOCUMENTS.c.customer_id.in_(ids), DOCUMENTS.c.dossier.is_not(None)
    )
    dossiers = {
        who: Dossier.from_document(packing.unpack(found)) for who, found in connection.execute(documents)
    }
    return {who: CustomerEvidence(tuple(invoices[who]), dossiers.get(who, Dossier())) for who in ids}


def grade_pairs(connection: Connection, before: int, after: int) -> Counter[tuple[str | None, str | None]]:
    """Count the customers of two runs by their grades in both, None where a run lacks them."""
    then, now = CUSTOMERS.alias("then"), CUSTOMERS.alias("now")
    pairs = Counter[tuple[str | None, str | None]]()
    for one, other, run, other_run in ((then, now, before, after), (now, then, after, before)):
        same = (other.c.customer_id == one.c.customer_id) & (other.c.run_id == other_run)
        query = (
            select(then.c.grade, now.c.grade, func.count())
            .select_from(one.outerjoin(other, same))
            .where(one.c.run_id == run)
            .group_by(then.c.grade, now.c.grade)
        )
        for old, new, count in connection.execute(query):
            if one is then or old is None:  # those of both runs are counted once
                pairs[old, new] += count
    return pairs


def history(connection: Connection, customer_id: str) -> tuple[HistoryPoint, ...]:
    """Return a customer's results in complete runs up to the published one, one per day, the oldest first.

    Of several runs of a day the published one counts, else the newest.
    """
    current = runs.current(connection)
    if current is None:
        return ()
    names = ("pd_12m", "p_late30", "grade", "limit_eur", "open_eur", "overdue_eur", "proceeding")
    columns = [*(CUSTOMERS.c[name] for name in names), scores.on_account().label("on_account_eur")]
    query = (
        select(RUNS.c.run_id, RUNS.c.as_of, *columns)
        .join(RUNS, RUNS.c.run_id == CUSTOMERS.c.run_id)
        .where(
            CUSTOMERS.c.customer_id == customer_id,
            RUNS.c.published_at.is_not(None),
            RUNS.c.as_of <= current.key.as_of,
        )
        .order_by(RUNS.c.as_of, RUNS.c.run_id)
    )
    found = [HistoryPoint(**row) for row in connection.execute(query).mappings()]
    points = [replace(one, pd_12m=None) if one.proceeding else one for one in found]
    points.sort(key=lambda point: (point.as_of, point.run_id == current.run_id, point.run_id))
    return tuple({point.as_of: point for point in points}.values())


def customer_file(connection: Connection, customer_id: str) -> CustomerFile | None:
    """Return all data on a customer of the published run, None if it is not in the run."""
    stored = scores.customer(connection, customer_id)
    if stored is None:
        return None
    run = runs.get(connection, stored.run_id)
    return CustomerFile(
        stored=stored,
        context=run.context or {},
        invoices=scores.invoices_of(connection, customer_id),
        history=history(connection, customer_id),
        dossier=_dossier(connection, stored.run_id, customer_id),
        overrides=overrides.history(connection, customer_id, None),
        alert=published.alert_of(connection, customer_id),
        to_chase=published.worklist_of(connection, customer_id),
        last_override_id=last_override_id(connection),
    )


def last_override_id(connection: Connection) -> int:
    """Return the number of the newest entry of the overrides' history, 0 without any."""
    return connection.scalar(select(func.max(OVERRIDES.c.override_id))) or 0


def _dossier(connection: Connection, run_id: int, customer_id: str) -> Dossier:
    query = select(DOCUMENTS.c.dossier).where(
        DOCUMENTS.c.run_id == run_id, DOCUMENTS.c.customer_id == customer_id
    )
    found = connection.scalar(query)
    return Dossier() if found is None else Dossier.from_document(packing.unpack(found))
