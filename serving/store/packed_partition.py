"""Rows of one partition of a run, serialised for the database.

Owns their serialisation, without a database: workers of a nightly run pack, and one process writes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from models.errors import StoreError
from serving.store import packing
from serving.store.rows import CustomerSummary, InvoiceRow
from serving.store.schema import CUSTOMERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.features.state_schema import StateSchema
    from models.portfolio.grouped_receipts import InvoiceWeeks
    from serving.store.rows import CustomerRow

SUMMARY = tuple(field.name for field in fields(CustomerSummary))
STORED = tuple(name for name in SUMMARY if name in CUSTOMERS.c)
"""Stored columns of a list's line; the other one is derived from the open invoices."""
INVOICE = tuple(field.name for field in fields(InvoiceRow))


@dataclass(frozen=True, slots=True)
class PackedPartition:
    """Columns of the rows of one partition, but for the run and the partition.

    Parameters
    ----------
    schemas
        Of the states, each with a customer that has it.
    findings
        The partition's part of the portfolio's results, compressed JSON; None without any.
    payment_weeks
        Shares of its open invoices by week, of `packing.pack_weeks`; None without any.
    """

    schemas: dict[StateSchema, str]
    customers: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    findings: bytes | None = None
    payment_weeks: bytes | None = None

    @classmethod
    def of(
        cls,
        customers: Sequence[CustomerRow],
        invoices: Sequence[InvoiceRow],
        findings: Mapping[str, Any] | None = None,
        weeks: InvoiceWeeks | None = None,
    ) -> PackedPartition:
        """Serialise rows.

        Parameters
        ----------
        invoices
            Open invoices of these customers and of no others.

        Raises
        ------
        StoreError
            A figure is not finite or a document is not JSON; the message names the customer or the invoice.
        """
        return cls(
            {row.state.schema: row.customer_id for row in customers},
            [_summary_columns(row) for row in customers],
            [_document_columns(row) for row in customers],
            [_invoice_columns(row) for row in invoices],
            None if findings is None else packing.pack(findings, "the findings of a partition"),
            None if weeks is None else packing.pack_weeks(weeks.invoice_ids, weeks.parts),
        )


def _summary_columns(row: CustomerRow) -> dict[str, Any]:
    columns: dict[str, Any] = {name: getattr(row, name) for name in STORED}
    _check_finite(columns, f"customer {row.customer_id}")
    return {
        **columns,
        "announced_grade": row.announced_grade,
        "in_default": row.in_default,
        "group_id": row.party.get("group_id"),
        "region": row.region,
        "insurer": row.insurer,
        "name_folded": packing.fold(row.name or ""),
    }


def _document_columns(row: CustomerRow) -> dict[str, Any]:
    return {
        "customer_id": row.customer_id,
        "party": packing.to_json(row.party, f"the party of customer {row.customer_id}"),
        "state": packing.vector_bytes(row.state.values),
        "assessment": packing.pack(
            without_party(row.assessment, row.party), f"the assessment of customer {row.customer_id}"
        ),
        "dossier": packing.pack(row.dossier.document(), f"the past of customer {row.customer_id}"),
    }


def without_party(assessment: Mapping[str, Any], party: Mapping[str, Any]) -> dict[str, Any]:
    """Return an assessment with null for a party that is stored next to it."""
    is_same = "party" in assessment and assessment["party"] == party
    return {**assessment, **({"party": None} if is_same else {})}


def with_party(assessment: dict[str, Any], party: Mapping[str, Any]) -> dict[str, Any]:
    """Return the assessment that `without_party` was given."""
    return {**assessment, **({"party": party} if assessment.get("party", party) is None else {})}


def _invoice_columns(row: InvoiceRow) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in INVOICE}
    _check_finite(columns, f"invoice {row.invoice_id}")
    return columns


def _check_finite(columns: Mapping[str, Any], what: str) -> None:
    for name, value in columns.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise StoreError(f"{what}: {name} is {value!r}; a finite number is needed")
