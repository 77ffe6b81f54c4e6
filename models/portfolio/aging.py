"""Aged balance: open amounts by days past due.

Owns the bands and the sums, in whole cents, and their reconciliation with the exposure: open amounts less
money on account, without the credit balances of customers. A credit offsets its own customer's debts, the
oldest first, and no other customer's. The caller selects the open invoices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

BANDS = ("not_due", "d1_30", "d31_60", "d61_90", "over_90")
_LAST_DAYS = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """The open amount of one invoice, in whole cents."""

    customer_id: str
    due_on: dt.date
    open_cents: int
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class AgedBalance:
    """Open amounts by band of days past the due date, in whole cents.

    Parameters
    ----------
    cents
        One amount per band, in the order of `BANDS`, shape `(5,)`.
    on_account_cents
        Payments and credit notes on account, less than 0; above 0 where a refund exceeds them. The bands
        exclude them.
    disputed_cents
        Amount in dispute; the bands include it.
    in_credit_cents
        Sum of customers' credit balances, 0 or less.
    overdue_net_cents
        Overdue amounts less each customer's money on account.
    """

    cents: tuple[int, ...]
    on_account_cents: int = 0
    disputed_cents: int = 0
    in_credit_cents: int = 0
    overdue_net_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Return the open amount of all bands, money on account not deducted."""
        return sum(self.cents)

    @property
    def overdue_cents(self) -> int:
        """Return the overdue amount."""
        return sum(self.cents[1:])

    @property
    def net_cents(self) -> int:
        """Return the open amount less money on account, over all customers."""
        return self.total_cents + self.on_account_cents

    @property
    def exposure_cents(self) -> int:
        """Return the exposure: no customer's credit offsets another's debt."""
        return self.net_cents - self.in_credit_cents

    def document(self) -> dict[str, float]:
        """Return the balance in euros: the bands, their total, and the reconciliation with the exposure."""
        bands = {f"{name}_eur": cents / 100 for name, cents in zip(BANDS, self.cents, strict=True)}
        return {
            **bands,
            "total_eur": self.total_cents / 100,
            "overdue_eur": self.overdue_cents / 100,
            "disputed_eur": self.disputed_cents / 100,
            "on_account_eur": self.on_account_cents / 100,
            "net_eur": self.net_cents / 100,
            "exposure_eur": self.exposure_cents / 100,
            "in_credit_eur": self.in_credit_cents / 100,
            "overdue_net_eur": self.overdue_net_cents / 100,
        }


def band_of(days_past_due: int) -> str:
    """Return the band of an age: the due date itself is not past due.

    Examples
    --------
    >>> band_of(0), band_of(1), band_of(30), band_of(31), band_of(91)
    ('not_due', 'd1_30', 'd1_30', 'd31_60', 'over_90')
    """
    return next(
        (band for band, last in zip(BANDS, _LAST_DAYS, strict=False) if days_past_due <= last), BANDS[-1]
    )


def aged_balance(items: Iterable[OpenItem], as_of: dt.date, on_account_cents: int = 0) -> AgedBalance:
    """Sum one customer's open amounts by band as of the end of a day.

    Parameters
    ----------
    on_account_cents
        Its payments and credit notes on account, less than 0.

    Examples
    --------
    >>> import datetime as dt
    >>> day = dt.date(2026, 11, 21)
    >>> items = [OpenItem("C1", day, 10_000), OpenItem("C1", dt.date(2026, 10, 1), 2_550)]
    >>> aged_balance(items, day).cents
    (10000, 0, 2550, 0, 0)
    """
    sums, disputed = dict.fromkeys(BANDS, 0), 0
    for item in items:
        sums[band_of((as_of - item.due_on).days)] += item.open_cents
        disputed += item.open_cents if item.disputed else 0
    cents = tuple(sums.values())
    net, overdue = sum(cents) + on_account_cents, sum(cents[1:])
    return AgedBalance(
        cents, on_account_cents, disputed, min(net, 0), max(overdue + min(on_account_cents, 0), 0)
    )


def summed(balances: Iterable[AgedBalance]) -> AgedBalance:
    """Sum the balances of customers.

    Examples
    --------
    One customer owes 10.00 overdue, another has 30.00 in credit: 10.00 are owed and overdue.

    >>> import datetime as dt
    >>> day = dt.date(2026, 11, 21)
    >>> late = aged_balance([OpenItem("C1", dt.date(2026, 10, 1), 1_000)], day)
    >>> both = summed([late, aged_balance([], day, -3_000)])
    >>> both.net_cents, both.exposure_cents, both.in_credit_cents, both.overdue_net_cents
    (-2000, 1000, -3000, 1000)
    """
    found = list(balances)
    return AgedBalance(
        tuple(sum(one.cents[place] for one in found) for place in range(len(BANDS))),
        sum(one.on_account_cents for one in found),
        sum(one.disputed_cents for one in found),
        sum(one.in_credit_cents for one in found),
        sum(one.overdue_net_cents for one in found),
    )
