"""Outcomes of a demo computed from the ledger alone, to compare with the truth.

Owns an independent definition of default and late payment, separate from the simulator's hidden state and
from the training labels, so that it can check both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.ledger.tables import PROCEEDINGS

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger
    from pipelines.demo.simulator.truth import Truth

PAST_DUE_DAYS, SMALL_CENTS, SMALL_SHARE = 90, 50_000, 0.01
"""Days past due from which a claim is in default, and the immaterial amounts (as in CRR art. 178)."""


def first_defaults(ledger: Ledger) -> pd.Series:
    """Return the first day of default of each customer that defaults, indexed by customer_id.

    A default is a proceeding, a write-off, or more than 90 undisputed days past due on one invoice whose open
    amount exceeds 500 EUR and 1 % of the customer's exposure.
    """
    customers = ledger.customers.set_index("siren")["customer_id"]
    filings = ledger.filings[ledger.filings["kind"].isin(PROCEEDINGS)]
    losses = ledger.signals[ledger.signals["kind"] == "write_off"]
    breaches = _breaches(ledger)
    days = pd.concat(
        [
            pd.DataFrame(
                {"customer_id": filings["siren"].map(customers).astype("str"), "day": filings["judged_on"]}
            ),
            pd.DataFrame({"customer_id": losses["customer_id"], "day": losses["seen_on"]}),
            breaches[["customer_id", "day"]],
        ]
    )
    return days.groupby("customer_id")["day"].min()


def _breaches(ledger: Ledger) -> pd.DataFrame:
    """Return the invoices that start a default by age alone, with its day."""
    bills = ledger.invoices[ledger.invoices["kind"] == "invoice"]
    end = max(ledger.invoices["issued_on"].max(), ledger.payments["paid_on"].max())
    opened = bills["disputed_from"].where(bills["disputed_from"] > bills["due_on"], bills["due_on"])
    excused = (bills["disputed_to"] - opened).dt.days.clip(lower=0).fillna(0)
    still = bills["disputed_from"].notna() & bills["disputed_to"].isna()
    day = bills["due_on"] + pd.to_timedelta(PAST_DUE_DAYS + 1 + excused, unit="D").astype("timedelta64[s]")
    bills = bills.assign(day=day)[(day <= end) & ~still]
    paid = ledger.payments.merge(bills[["invoice_id", "day"]], on="invoice_id")
    before = paid[paid["paid_on"] < paid["day"]].groupby("invoice_id")["amount_cents"].sum()
    left = bills["amount_cents"] - bills["invoice_id"].map(before).fillna(0)
    late = bills.assign(left=left)[left > SMALL_CENTS]
    debtors = late["customer_id"].unique()
    bills = ledger.invoices[ledger.invoices["customer_id"].isin(debtors)]
    paid = ledger.payments[ledger.payments["customer_id"].isin(debtors)]
    owed = [_owed(bills, paid, row.customer_id, row.day) for row in late.itertuples()]
    serious: pd.DataFrame = late[late["left"].to_numpy() > SMALL_SHARE * np.array(owed, dtype=np.int64)]
    return serious


def _owed(bills: pd.DataFrame, paid: pd.DataFrame, customer_id: object, day: object) -> int:
    bills = bills[(bills["customer_id"] == customer_id) & (bills["issued_on"] <= day)]
    paid = paid[(paid["customer_id"] == customer_id) & (paid["paid_on"] <= day)]
    sign = np.where(bills["kind"] == "invoice", 1, -1)
    return int((bills["amount_cents"] * sign).sum() - paid["amount_cents"].sum())


def default12_outcomes(ledger: Ledger, truth: Truth) -> pd.DataFrame:
    """Return the truth's rows whose 12 months have run out, with `default12`; without rows in default."""
    end = truth.health["month"].max() + pd.DateOffset(months=1)
    first = truth.health["customer_id"].map(first_defaults(ledger))
    month = truth.health["month"]
    horizon = month + pd.DateOffset(months=12)
    decided = (horizon <= end) & truth.health["pd_12m"].notna() & ~(first < month)
    rows: pd.DataFrame = truth.health.assign(default12=(first >= month) & (first < horizon))[decided]
    return rows


def late30_outcomes(truth: Truth) -> pd.DataFrame:
    """Return the truth's invoices with `late30`: paid more than 30 undisputed days late, or never."""
    late = truth.invoices["days_late"].isna() | (truth.invoices["days_late"] > 30)
    return truth.invoices.assign(late30=late)
