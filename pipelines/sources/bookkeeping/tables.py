"""Items and payment parts as canonical tables, and the notes beside them."""

from __future__ import annotations

import pandas as pd

from pipelines.sources.bookkeeping.documents import CREDIT_NOTE, INVOICE

PART = "::"
"""Between a line's own id and the rank of the part of it that settles one document."""


def invoices_table(kept: pd.DataFrame) -> pd.DataFrame:
    """Make the canonical invoices of the items kept."""
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
    """Give the first part of a line the line's own id, the others their rank behind it."""
    rank = parts.groupby("line").cumcount() + 1
    own = items["id"].iloc[parts["line"]].reset_index(drop=True)
    return own + (PART + rank.astype("str")).where(rank > 1, "")


def payments_table(items: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Make the canonical payments of the parts that `matching.settle` found."""
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
    """Say of every document where its due date is from, and of every payment what ties it."""
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
