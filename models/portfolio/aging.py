"""The aged balance: open amounts by how long they are past due.

Owns the bands and the sums, in whole cents. Which invoices are open is the caller's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

BANDS = ("not_due", "d1_30", "d31_60", "d61_90", "over_90")
_LAST_DAYS = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is left to pay of one invoice, in whole cents."""

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
        One amount a band, in the order of `BANDS`, shape `(5,)`.
    on_account_cents
        Payments and credit notes that no invoice has taken, 0 or less; the bands do not hold them.
    disputed_cents
        What is in dispute; the bands hold it too.
    """

    cents: tuple[int, ...]
    on_account_cents: int = 0
    disputed_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Return what is open in all bands, without what is on account."""
        return sum(self.cents)

    @property
    def overdue_cents(self) -> int:
        """Return what is past due."""
        return sum(self.cents[1:])

    def document(self) -> dict[str, float]:
        """Return the balance in euros: the bands, their total, what is on account, and the net exposure."""
        bands = {f"{name}_eur": cents / 100 for name, cents in zip(BANDS, self.cents, strict=True)}
        return {
            **bands,
            "total_eur": self.total_cents / 100,
            "overdue_eur": self.overdue_cents / 100,
            "disputed_eur": self.disputed_cents / 100,
            "on_account_eur": self.on_account_cents / 100,
            "net_eur": (self.total_cents + self.on_account_cents) / 100,
        }


def band_of(days_past_due: int) -> str:
    """Name the band of an age: the due date itself is not past due.

    Examples
    --------
    >>> band_of(0), band_of(1), band_of(30), band_of(31), band_of(91)
    ('not_due', 'd1_30', 'd1_30', 'd31_60', 'over_90')
    """
    return next(
        (band for band, last in zip(BANDS, _LAST_DAYS, strict=False) if days_past_due <= last), BANDS[-1]
    )


def aged_balance(items: Iterable[OpenItem], as_of: dt.date, on_account_cents: int = 0) -> AgedBalance:
    """Add up open amounts by band as of the end of a day.

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
    return AgedBalance(tuple(sums.values()), on_account_cents, disputed)


def aged_by_customer(items: Iterable[OpenItem], as_of: dt.date) -> dict[str, AgedBalance]:
    """Return the aged balance of every customer that has an open invoice, in the order of their ids."""
    theirs = defaultdict[str, list[OpenItem]](list)
    for item in items:
        theirs[item.customer_id].append(item)
    return {customer_id: aged_balance(theirs[customer_id], as_of) for customer_id in sorted(theirs)}
