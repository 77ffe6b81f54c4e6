"""Conversion of a ledger in several currencies to euros, and the check that it has only one.

Features, limits and balances sum amounts without looking at their currency: a ledger is converted beforehand,
or has one currency. No conversion is implicit: the caller provides the rates, and gets the original amounts
too.

An invoice is converted at the rate of its issue date, and so are its payments: a settled invoice remains
settled to the cent, and a change of the rate is not a late payment. Financial statements are converted at the
rate of their closing date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError, RateError
from models.ledger.currency import EUR, Rate, cents_at
from models.ledger.ledger import conform
from models.ledger.tables import ACCOUNTS, FIGURES, INVOICES, PAYMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.ledger.currency import ExchangeRateTable
    from models.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Converted:
    """A ledger in euros with its original amounts.

    Parameters
    ----------
    ledger
        The same rows, every amount in euros.
    originals
        Columns table, id, currency, amount, rate and rate_day: one row for each invoice, payment or financial
        year in another currency; its amount in cents, or the year's turnover, and the units of its currency
        per euro.
    """

    ledger: Ledger
    originals: pd.DataFrame


def currencies_of(ledger: Ledger) -> tuple[str, ...]:
    """Return the currencies of a ledger's invoices and financial statements, sorted."""
    named = (ledger.invoices["currency"], ledger.accounts["currency"])
    return tuple(sorted({str(code) for column in named for code in column.dropna().unique()}))


def require_one_currency(ledger: Ledger, wanted: str | None = None) -> None:
    """Check that a ledger's amounts may be summed.

    Parameters
    ----------
    wanted
        The only currency allowed, such as the policy's; any single one if None.

    Raises
    ------
    LedgerError
        The ledger has several currencies, or another than `wanted`.
    """
    require_single(currencies_of(ledger), wanted)


def require_single(currencies: Iterable[str], wanted: str | None = None) -> None:
    """Check that there is at most one currency; raises as `require_one_currency`."""
    found = sorted(set(currencies))
    if len(found) > 1 or (wanted is not None and found not in ([], [wanted])):
        allowed = "one currency" if wanted is None else wanted
        raise LedgerError(
            f"the ledger counts in {', '.join(found)}; amounts are added up, so {allowed} is allowed: "
            "convert it with `encours registers convert RATES --out FOLDER` and go on with that folder"
        )


def in_euros(ledger: Ledger, rates: ExchangeRateTable) -> Converted:
    """Convert a ledger to euros; one in euros only is returned unchanged.

    Money on account has no invoice and hence no currency of its own: it takes that of its customer's
    invoices, at the rate of its payment date.

    Raises
    ------
    RateError
        A rate is missing (the message names currency and day), or the currency of money on account is
        ambiguous.
    """
    invoices, applied = _invoices(ledger.invoices, rates)
    payments, paid = _payments(ledger, applied, rates)
    accounts, years = _accounts(ledger.accounts, rates)
    originals = pd.DataFrame(
        [*_noted_invoices(ledger.invoices, applied), *paid, *years],
        columns=["table", "id", "currency", "amount", "rate", "rate_day"],
    )
    made = replace(
        ledger,
        invoices=conform(invoices, INVOICES),
        payments=conform(payments, PAYMENTS),
        accounts=conform(accounts, ACCOUNTS),
    )
    return Converted(made, originals)


def _invoices(frame: pd.DataFrame, rates: ExchangeRateTable) -> tuple[pd.DataFrame, dict[str, Rate]]:
    """Return the invoices in euros, and the rate of each converted one."""
    applied: dict[str, Rate] = {}
    cents = frame["amount_cents"].tolist()
    for place in (frame["currency"] != EUR).to_numpy().nonzero()[0]:
        row = frame.iloc[int(place)]
        rate = rates.of(row["currency"], row["issued_on"].date())
        applied[row["invoice_id"]] = rate
        cents[int(place)] = cents_at(int(row["amount_cents"]), rate)
    return frame.assign(amount_cents=cents, currency=EUR), applied


def _noted_invoices(frame: pd.DataFrame, applied: dict[str, Rate]) -> list[tuple[object, ...]]:
    named = frame[frame["invoice_id"].isin(list(applied))]
    columns = (named["invoice_id"].tolist(), named["currency"].tolist(), named["amount_cents"].tolist())
    return [
        ("invoices", invoice, code, float(cents), *_of(applied[invoice]))
        for invoice, code, cents in zip(*columns, strict=True)
    ]


def _payments(
    ledger: Ledger, applied: dict[str, Rate], rates: ExchangeRateTable
) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Convert payments so that those of an invoice sum to its amount to the cent.

    Running sums are converted rather than payments: their differences lose no cent.
    """
    frame = ledger.payments
    currency = ledger.invoices.drop_duplicates("invoice_id").set_index("invoice_id")["currency"]
    of_customer = ledger.invoices.groupby("customer_id")["currency"].unique()
    abroad = set(ledger.invoices.loc[ledger.invoices["currency"] != EUR, "customer_id"])
    on_account = frame["invoice_id"].isna() & frame["customer_id"].isin(abroad)
    cents = dict(zip(frame.index, frame["amount_cents"].tolist(), strict=True))
    sums: dict[str, int] = {}
    noted: list[tuple[object, ...]] = []
    foreign = frame[frame["invoice_id"].isin(list(applied)) | on_account]
    for at, row in foreign.sort_values(["paid_on", "payment_id"]).iterrows():
        invoice, amount = row["invoice_id"], int(row["amount_cents"])
        if pd.isna(invoice):
            code = _one_currency(of_customer[row["customer_id"]], row)
            rate = rates.of(code, row["paid_on"].date())
            cents[at] = cents_at(amount, rate)
        else:
            rate, code = applied[invoice], str(currency[invoice])
            before = sums.get(invoice, 0)
            sums[invoice] = before + amount
            cents[at] = cents_at(before + amount, rate) - cents_at(before, rate)
        noted.append(("payments", row["payment_id"], code, float(amount), *_of(rate)))
    return frame.assign(amount_cents=[cents[at] for at in frame.index]), noted


def _one_currency(codes: Iterable[str], payment: pd.Series) -> str:
    found = sorted(set(codes))
    if len(found) > 1:
        raise RateError(
            f"payment {payment['payment_id']} settles no invoice, and customer {payment['customer_id']} has "
            f"invoices in {', '.join(found)}: tie it to an invoice"
        )
    return found[0]


def _accounts(frame: pd.DataFrame, rates: ExchangeRateTable) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    made = frame.copy()
    noted: list[tuple[object, ...]] = []
    names = [name for name, _ in FIGURES]
    foreign = frame["currency"].notna() & (frame["currency"] != EUR)
    for at, row in frame[foreign].iterrows():
        rate = rates.of(row["currency"], row["closed_on"].date())
        made.loc[at, names] = row[names].astype("float64") / float(rate.per_eur)
        made.loc[at, "currency"] = EUR
        who = row["siren"] if pd.notna(row["siren"]) else row["customer_id"]
        noted.append(
            (
                "accounts",
                f"{who} {row['closed_on'].date()}",
                row["currency"],
                float(row["turnover"]),
                *_of(rate),
            )
        )
    return made, noted


def _of(rate: Rate) -> tuple[float, pd.Timestamp]:
    return float(rate.per_eur), pd.Timestamp(rate.day)
