"""Makes a ledger of the demo's first customers, of which some share a SIREN or have none."""

import datetime as dt
from dataclasses import replace
from functools import cache

from models.ledger.ledger import Ledger, as_known_on
from tests.models.fitted import fitted

DAY = dt.date(2026, 8, 31)


@cache
def few() -> Ledger:
    """The first customers of the demo that nothing was ever filed about, with what they owe."""
    whole = as_known_on(fitted().ledger, DAY)
    quiet = ~whole.customers["siren"].isin(whole.filings["siren"])
    ids = whole.customers["customer_id"][quiet].iloc[:20]
    return replace(
        whole,
        customers=whole.customers[whole.customers["customer_id"].isin(ids)].reset_index(drop=True),
        invoices=whole.invoices[whole.invoices["customer_id"].isin(ids)].reset_index(drop=True),
        payments=whole.payments[whole.payments["customer_id"].isin(ids)].reset_index(drop=True),
        signals=whole.signals[whole.signals["customer_id"].isin(ids)].reset_index(drop=True),
        insurance=whole.insurance[whole.insurance["customer_id"].isin(ids)].reset_index(drop=True),
    )


def named(place: int) -> str:
    return str(few().customers["customer_id"].iloc[place])


def with_sirens(**sirens: str | None) -> Ledger:
    customers = few().customers
    made = [
        sirens.get(who, siren)
        for who, siren in zip(customers["customer_id"], customers["siren"], strict=True)
    ]
    return replace(few(), customers=customers.assign(siren=made).astype({"siren": "str"}))


def same_siren() -> Ledger:
    """The first two customers are one legal entity."""
    return with_sirens(**{named(1): str(few().customers["siren"].iloc[0])})
