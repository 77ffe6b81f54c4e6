"""Derived columns that make values of other rows and tables available to a rule.

Each contains the value to show for a faulty row and is empty elsewhere; the rule requires it to be all empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.ledger.id_positions import position

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger

YEAR = pd.Timedelta(days=366)
_NAMED = ("customer_id_unknown", "nameless")
DERIVED: dict[str, tuple[str, ...]] = {
    "customers": ("siren_at_fault",),
    "invoices": ("customer_id_unknown", "term_too_long", "overpaid", "other_currency"),
    "payments": ("customer_id_unknown", "invoice_id_unknown", "payer_differs", "paid_too_early"),
    "filings": _NAMED,
    "accounts": (*_NAMED, "other_currency"),
    "outside_scores": _NAMED,
    "insurance": ("customer_id_unknown",),
    "signals": ("customer_id_unknown",),
}
"""The derived columns of each table."""


def with_derived(ledger: Ledger, table: str) -> pd.DataFrame:
    """Return a table of the ledger with the derived columns of its rules, shape (n_rows, .)."""
    frame = ledger.table(table)
    known = ledger.customers["customer_id"]
    if table != "customers":
        frame = frame.assign(customer_id_unknown=_unknown(frame["customer_id"], known))
    if "currency" in frame:
        frame = frame.assign(other_currency=_other(frame["currency"], ledger))
    match table:
        case "customers":
            return frame.assign(siren_at_fault=_bad_sirens(frame["siren"]))
        case "invoices":
            return _invoices(frame, ledger.payments)
        case "payments":
            return _payments(frame, ledger.invoices)
        case "filings" | "accounts" | "outside_scores":
            nameless = frame["siren"].isna() & frame["customer_id"].isna()
            return frame.assign(nameless=_shown(nameless.astype("str"), nameless))
        case _:
            return frame


def _shown(values: pd.Series, at_fault: pd.Series) -> pd.Series:
    return values.astype("str").where(at_fault)


def _unknown(values: pd.Series, known: pd.Series) -> pd.Series:
    return _shown(values, values.notna() & (position(known, values) < 0))


def _other(currency: pd.Series, ledger: Ledger) -> pd.Series:
    """Return currencies other than that of most invoices, or of most accounts without invoices."""
    counted = ledger.invoices["currency"] if len(ledger.invoices) else ledger.accounts["currency"]
    main = counted.mode()
    return _shown(currency, currency.notna() & ~currency.isin(main.iloc[:1]))


def _bad_sirens(sirens: pd.Series) -> pd.Series:
    from stdnum.fr import siren  # noqa: PLC0415  # only a check of customers pays for it

    known = {text: len(text) == 9 and siren.is_valid(text) for text in sirens.dropna().unique()}
    return _shown(sirens, sirens.notna() & ~sirens.map(known).eq(other=True))


def _invoices(invoices: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    ids, paid_cents = invoices["invoice_id"], np.zeros(len(invoices), dtype=np.int64)
    place = position(ids, payments["invoice_id"])
    np.add.at(paid_cents, place[place >= 0], payments["amount_cents"].to_numpy(np.int64)[place >= 0])
    too_long = invoices["due_on"] - invoices["issued_on"] > YEAR
    return invoices.assign(
        term_too_long=_shown(ids, too_long),
        overpaid=_shown(ids, pd.Series(np.abs(paid_cents), ids.index) > invoices["amount_cents"]),
    )


def _payments(payments: pd.DataFrame, invoices: pd.DataFrame) -> pd.DataFrame:
    tied = payments["invoice_id"]
    place = position(invoices["invoice_id"], tied)
    known = payments[place >= 0]
    own = invoices.iloc[place[place >= 0]].set_axis(known.index)
    differs, early = (pd.Series(data=False, index=payments.index) for _ in range(2))
    differs[known.index] = own["customer_id"] != known["customer_id"]
    early[known.index] = known["paid_on"] + YEAR < own["issued_on"]
    return payments.assign(
        invoice_id_unknown=_unknown(tied, invoices["invoice_id"]),
        payer_differs=_shown(payments["payment_id"], differs),
        paid_too_early=_shown(payments["payment_id"], early),
    )
