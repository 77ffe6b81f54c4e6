"""Canonical tables built from items and payment parts, and the notes on their origin."""

from __future__ import annotations

import pandas as pd

from pipelines.sources.bookkeeping.documents import CREDIT_NOTE, INVOICE

PART = "::"
"""Separator between a line's id and the rank of its part that settles one document."""


def invoices_table(kept: pd.DataFrame) -> pd.DataFrame:
    """Build the canonical invoices of the retained items."""
    documents = kept[kept["kind"].isin([INVOICE, CREDIT_NOTE])]
    return pd.DataFrame(
        {
            "invoice_id": documents["id"],
            "customer_id": documents["customer_id"],
            "kind": documents["kind"],
            "issued_on": documents["issued_on"],
            "due_on": documents["due_on"],
            "amount_cents": documents["cents"],
            "currency": "EUR",
        }
    ).reset_index(drop=True)


def _payment_ids(items: pd.DataFrame, parts: pd.DataFrame) -> pd.Series:
    """Give the first part of a line the line's id, and append the rank for the others."""
    rank = parts.groupby("line").cumcount() + 1
    own = items["id"].iloc[parts["line"]].reset_index(drop=True)
    return own + (PART + rank.astype("str")).where(rank > 1, "")


def payments_table(items: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Build the canonical payments of the parts returned by `matching.settle`."""
    document = items["id"].reindex(parts["document"]).reset_index(drop=True)
    return pd.DataFrame(
        {
            "payment_id": _payment_ids(items, parts),
            "invoice_id": document.where(parts["document"] >= 0),
            "customer_id": items["customer_id"].iloc[parts["line"]].reset_index(drop=True),
            "paid_on": pd.Series(parts["day"].to_numpy().astype("datetime64[D]")).astype("datetime64[s]"),
            "amount_cents": parts["cents"],
        }
    )


def notes_table(kept: pd.DataFrame, items: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Record the origin of each due date and the matching method of each payment."""
    documents = kept[kept["kind"].isin([INVOICE, CREDIT_NOTE])]
    origin = ["file", "line", "piece", "opening"]
    paid = items[origin].iloc[parts["line"]].reset_index(drop=True)
    return pd.concat(
        [
            documents[origin].assign(
                table="invoices", id=documents["id"], due_from=documents["due_from"], settled_by=""
            ),
            paid.assign(
                table="payments", id=_payment_ids(items, parts), due_from="", settled_by=parts["how"]
            ),
        ],
        ignore_index=True,
    )[["table", "id", *origin, "due_from", "settled_by"]]
