"""A ledger in several currencies: refused where amounts are added up, or turned into one in euros.

Features, limits and balances sum amounts without looking at their currency: a ledger is converted before, or
holds one currency. Nothing converts in silence: whoever calls this gives the rates, and gets the original
amounts beside.

An invoice counts at the rate of its issue, and so does what is paid on it: an invoice that was paid stays
paid to the cent, and a move of the rate is no late payment. A year's accounts count at the rate of its last
day.
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
    """A ledger in euros and what its amounts were.

    Parameters
    ----------
    ledger
        The same rows, every amount in euros.
    originals
        Columns table, id, currency, amount, rate and rate_day: one row for each invoice, payment or year that
        was in another currency; its amount in cents, its turnover for a year's accounts, and the units of its
        currency that one euro counted for.
    """

    ledger: Ledger
    originals: pd.DataFrame


def currencies_of(ledger: Ledger) -> tuple[str, ...]:
    """Return the currencies that a ledger's invoices and accounts count in, sorted."""
    named = (ledger.invoices["currency"], ledger.accounts["currency"])
    return tuple(sorted({str(code) for column in named for code in column.dropna().unique()}))


def require_one_currency(ledger: Ledger, wanted: str | None = None) -> None:
    """Check that a ledger's amounts may be added up.

    Parameters
    ----------
    wanted
        The only currency allowed, such as the policy's; any one where None.

    Raises
    ------
    LedgerError
        It counts in several currencies, or in another than `wanted`.
    """
    found = currencies_of(ledger)
    if len(found) > 1 or (wanted is not None and found not in {(), (wanted,)}):
        allowed = "one currency" if wanted is None else wanted
        raise LedgerError(
            f"the ledger counts in {', '.join(found)}; amounts are added up, so {allowed} is allowed: "
            "convert it with `encours registers convert RATES --out FOLDER` and go on with that folder"
        )


def in_euros(ledger: Ledger, rates: ExchangeRateTable) -> Converted:
    """Convert a ledger to euros; one that holds euros only comes back as it is.

    Money on account has no invoice to say its currency: it takes that of its customer's invoices, at the day
    it was paid.

    Raises
    ------
    RateError
        A rate is missing (the message names currency and day), or money on account could be of several
        currencies.
    """
    invoices, kept = _invoices(ledger.invoices, rates)
    payments, paid = _payments(ledger, kept, rates)
    accounts, years = _accounts(ledger.accounts, rates)
    originals = pd.DataFrame(
        [*_noted_invoices(ledger.invoices, kept), *paid, *years],
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
    """Return the invoices in euros, and the rate of each that was not."""
    kept: dict[str, Rate] = {}
    cents = frame["amount_cents"].tolist()
    for place in (frame["currency"] != EUR).to_numpy().nonzero()[0]:
        row = frame.iloc[int(place)]
        rate = rates.of(row["currency"], row["issued_on"].date())
        kept[row["invoice_id"]] = rate
        cents[int(place)] = cents_at(int(row["amount_cents"]), rate)
    return frame.assign(amount_cents=cents, currency=EUR), kept


def _noted_invoices(frame: pd.DataFrame, kept: dict[str, Rate]) -> list[tuple[object, ...]]:
    named = frame[frame["invoice_id"].isin(list(kept))]
    columns = (named["invoice_id"].tolist(), named["currency"].tolist(), named["amount_cents"].tolist())
    return [
        ("invoices", invoice, code, float(cents), *_of(kept[invoice]))
        for invoice, code, cents in zip(*columns, strict=True)
    ]


def _payments(
    ledger: Ledger, kept: dict[str, Rate], rates: ExchangeRateTable
) -> tuple[pd.DataFrame, list[tuple[object, ...]]]:
    """Convert payments so that the parts of an invoice add up to it to the cent.

    Running sums are converted, not parts: their differences lose no cent.
    """
    frame = ledger.payments
    currency = ledger.invoices.drop_duplicates("invoice_id").set_index("invoice_id")["currency"]
    of_customer = ledger.invoices.groupby("customer_id")["currency"].unique()
    abroad = set(ledger.invoices.loc[ledger.invoices["currency"] != EUR, "customer_id"])
    on_account = frame["invoice_id"].isna() & frame["customer_id"].isin(abroad)
    cents = dict(zip(frame.index, frame["amount_cents"].tolist(), strict=True))
    sums: dict[str, int] = {}
    noted: list[tuple[object, ...]] = []
    mine = frame[frame["invoice_id"].isin(list(kept)) | on_account]
    for at, row in mine.sort_values(["paid_on", "payment_id"]).iterrows():
        invoice, amount = row["invoice_id"], int(row["amount_cents"])
        if pd.isna(invoice):
            code = _one_currency(of_customer[row["customer_id"]], row)
            rate = rates.of(code, row["paid_on"].date())
            cents[at] = cents_at(amount, rate)
        else:
            rate, code = kept[invoice], str(currency[invoice])
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
