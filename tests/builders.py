"""Makes small ledgers: days are counted from `START`, amounts are euros, what is not named is sound."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.features.build import FeatureBuilder
from models.ledger.ledger import Ledger, as_known_on, from_frames

START = np.datetime64("2024-01-01", "s")
FIRST = int(START.astype("datetime64[D]").astype(np.int64))
"""The day number of `START`: what features count days with."""

Row = dict[str, object]


def on(day: float | None) -> np.datetime64:
    """Return the date of a day counted from `START`; None is no date."""
    return np.datetime64("NaT", "s") if day is None else START + np.timedelta64(int(day) * 86_400, "s")


def number(day: int) -> int:
    """Return the day number that features count with."""
    return FIRST + day


def days(*those: int) -> NDArray[np.int64]:
    return np.array([number(day) for day in those], dtype=np.int64)


def a_customer(customer_id: str = "C1", created: int | None = None, **more: object) -> Row:
    return {"customer_id": customer_id, "created_on": on(created), **more}


def an_invoice(
    invoice_id: str,
    issued: int,
    due: int,
    eur: float = 1_000.0,
    customer_id: str = "C1",
    kind: str = "invoice",
    disputed: tuple[int | None, int | None] = (None, None),
) -> Row:
    return {
        "invoice_id": invoice_id,
        "customer_id": customer_id,
        "kind": kind,
        "issued_on": on(issued),
        "due_on": on(due),
        "amount_cents": round(eur * 100),
        "currency": "EUR",
        "disputed_from": on(disputed[0]),
        "disputed_to": on(disputed[1]),
    }


def a_payment(invoice_id: str | None, paid: int, eur: float = 1_000.0, customer_id: str = "C1") -> Row:
    return {
        "invoice_id": invoice_id,
        "customer_id": customer_id,
        "paid_on": on(paid),
        "amount_cents": round(eur * 100),
    }


def a_filing(kind: str, judged: int, published: int, customer_id: str | None = "C1", **more: object) -> Row:
    return {
        "customer_id": customer_id,
        "siren": None,
        "kind": kind,
        "judged_on": on(judged),
        "published_on": on(published),
        **more,
    }


def some_accounts(closed: int, published: int, customer_id: str | None = "C1", **more: object) -> Row:
    return {
        "customer_id": customer_id,
        "siren": None,
        "closed_on": on(closed),
        "published_on": on(published),
        "currency": "EUR",
        **more,
    }


def a_cover(
    limit_eur: float, share: float, first: int, last: int | None = None, customer_id: str = "C1"
) -> Row:
    return {
        "customer_id": customer_id,
        "insurer": "Assureur",
        "limit_eur": limit_eur,
        "covered_share": share,
        "valid_from": on(first),
        "valid_to": on(last),
    }


def a_signal(kind: str, seen: int, customer_id: str = "C1") -> Row:
    return {"customer_id": customer_id, "kind": kind, "seen_on": on(seen)}


def a_ledger(
    invoices: Sequence[Row] = (),
    payments: Sequence[Row] = (),
    customers: Sequence[Row] = (),
    **tables: Sequence[Row],
) -> Ledger:
    """Make a ledger of rows; payments are numbered in the order given, customers default to C1 alone."""
    numbered = [{"payment_id": f"P{place:05d}", **row} for place, row in enumerate(payments)]
    rows = {"customers": customers or [a_customer()], "invoices": invoices, "payments": numbered, **tables}
    return from_frames({name: pd.DataFrame(list(table)) for name, table in rows.items() if table})


def customer_at(ledger: Ledger, day: int, customer_id: str = "C1") -> dict[str, float]:
    """Return a customer's features at the end of a day by name."""
    builder = FeatureBuilder.of(ledger)
    code = builder.book.codes(pd.Series([customer_id]))
    return dict(builder.customers(code, days(day)).iloc[0])


def state_at(ledger: Ledger, day: int, customer_id: str = "C1") -> dict[str, float]:
    """Return a customer's state at the end of a day by name."""
    builder = FeatureBuilder.of(ledger)
    code = builder.book.codes(pd.Series([customer_id]))
    return dict(builder.states(code, days(day)).iloc[0])


def document_at(ledger: Ledger, day: int, invoice_id: str) -> dict[str, float]:
    """Return the features of an invoice at the end of a day by name."""
    builder = FeatureBuilder.of(ledger)
    place = np.flatnonzero(builder.book.invoice_ids == invoice_id)
    return dict(builder.documents(place, days(day)).iloc[0])


def cut(ledger: Ledger, day: int) -> Ledger:
    """Cut a ledger back to what was known at the end of a day."""
    return as_known_on(ledger, pd.Timestamp(on(day)).date())
