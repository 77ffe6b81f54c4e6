"""Legal payment terms: due dates and the longest terms that the law allows.

Owns the calendar: bases of payment terms, general and sector caps of art. L441-10 and L441-11 C. com. The
policy lists the caps that apply to a seller (`models.policy.sections.terms`); `models.policy.terms` limits
the terms by grade.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from models.errors import CreditError

BASES: Final = ("net", "eom_plus", "plus_eom")
"""Days from the invoice; month end plus days; days then month end."""
START_POINTS: Final = ("invoice", "delivery", "decade", "delivery_month")
"""Start of a sector cap: invoice, delivery, end of the ten-day period or of the month of delivery."""
SIDES: Final = ("seller", "customer")
"""The party whose activity brings a transaction under a sector cap."""

NET_CAP_DAYS = 60
"""The longest agreed terms, from the invoice: art. L441-10 I, 2nd al., C. com."""
EOM_CAP_DAYS = 45
"""The longest agreed terms at the end of the month: art. L441-10 I, 3rd al., C. com."""
PERIODIC_CAP_DAYS = 45
"""The longest for a periodic invoice, from its date: art. L441-10 I, 4th al., C. com."""


@dataclass(frozen=True, slots=True)
class SectorCap:
    """A legal cap on payment terms for sales in some activities.

    Parameters
    ----------
    naf
        Prefixes of NAF codes, with their points, such as `49.41`.
    side
        The party whose activity counts, one of `SIDES`: the caps of L441-11 follow what the seller sells.
    days
        The longest terms.
    start
        Start of the terms, one of `START_POINTS`.
    law
        The article.
    """

    naf: tuple[str, ...]
    side: str
    days: int
    start: str
    law: str

    def holds(self, seller_naf: str | None, customer_naf: str | None) -> bool:
        """Return whether a sale between the two falls under the cap."""
        code = _digits(seller_naf if self.side == "seller" else customer_naf)
        return bool(code) and any(code.startswith(_digits(prefix)) for prefix in self.naf)


@dataclass(frozen=True, slots=True)
class LegalDue:
    """The latest legal due date of an invoice, with the article it follows from."""

    due_on: dt.date
    law: str


def month_end(day: dt.date) -> dt.date:
    """Return the last day of a day's month.

    Examples
    --------
    >>> month_end(dt.date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_later(day: dt.date, months: int) -> dt.date:
    """Add calendar months to a day, using the last day of a shorter month (art. 641 CPC).

    Examples
    --------
    >>> months_later(dt.date(2025, 12, 31), 2)
    datetime.date(2026, 2, 28)
    """
    whole = day.month - 1 + months
    year, month = day.year + whole // 12, whole % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def decade_end(day: dt.date) -> dt.date:
    """Return the last day of a day's ten-day period: the 10th, the 20th or the month's end."""
    return day.replace(day=10 if day.day <= 10 else 20) if day.day <= 20 else month_end(day)


def due_date(invoice_on: dt.date, days: int, basis: str = "net") -> dt.date:
    """Return the due date of an invoice.

    Parameters
    ----------
    invoice_on
        The date of the invoice.
    days
        The terms in days, from 0.
    basis
        One of `BASES`. "45 days end of month" is read both ways, and the contract says which.

    Raises
    ------
    CreditError
        The days are below 0, or the basis is unknown.

    Examples
    --------
    >>> due_date(dt.date(2023, 1, 15), 45, "eom_plus"), due_date(dt.date(2023, 1, 15), 45, "plus_eom")
    (datetime.date(2023, 3, 17), datetime.date(2023, 3, 31))
    """
    if days < 0:
        raise CreditError(f"terms are {days} days; days start at 0")
    if basis == "eom_plus":
        return month_end(invoice_on) + dt.timedelta(days=days)
    if basis == "plus_eom":
        return month_end(invoice_on + dt.timedelta(days=days))
    if basis != "net":
        raise CreditError(f"the basis of the terms is {basis!r}; {', '.join(BASES)} are known")
    return invoice_on + dt.timedelta(days=days)


def latest_due(
    invoice_on: dt.date,
    basis: str = "net",
    *,
    caps: tuple[SectorCap, ...] = (),
    delivered_on: dt.date | None = None,
    periodic: bool = False,
) -> LegalDue:
    """Return the latest legal due date of an invoice with agreed terms.

    The earliest of the general cap and of every given sector cap; where a sector's own is longer than the
    general one, the shorter still applies, to be safe.

    Parameters
    ----------
    caps
        The sector caps that apply to the sale.
    delivered_on
        The day of delivery; the invoice's by default.
    periodic
        Whether the invoice covers several deliveries (art. 289 I 3 CGI), which excludes end-of-month terms.
    """
    delivered = delivered_on or invoice_on
    if periodic:
        due_date(invoice_on, 0, basis)  # raises for an unknown basis
        general = LegalDue(due_date(invoice_on, PERIODIC_CAP_DAYS), "L441-10 I al. 4")
    elif basis == "net":
        general = LegalDue(due_date(invoice_on, NET_CAP_DAYS), "L441-10 I al. 2")
    else:
        general = LegalDue(due_date(invoice_on, EOM_CAP_DAYS, basis), "L441-10 I al. 3")
    starts = {
        "invoice": invoice_on,
        "delivery": delivered,
        "decade": decade_end(delivered),
        "delivery_month": month_end(delivered),
    }
    sector = (LegalDue(starts[cap.start] + dt.timedelta(days=cap.days), cap.law) for cap in caps)
    return min((general, *sector), key=lambda legal: legal.due_on)


def longest_days(invoice_on: dt.date, basis: str, latest: dt.date) -> int | None:
    """Return the largest number of days with which an invoice is due by a day; None where even 0 is too late.

    Examples
    --------
    >>> longest_days(dt.date(2026, 1, 15), "eom_plus", dt.date(2026, 3, 16))
    44
    """
    if basis == "plus_eom":
        # The month end reached must not pass the day: the days end in the month before, or in it.
        month = latest if month_end(latest) == latest else latest.replace(day=1) - dt.timedelta(days=1)
        days = (month - invoice_on).days
    else:
        days = (latest - due_date(invoice_on, 0, basis)).days
    return days if days >= 0 else None


def _digits(code: str | None) -> str:
    return (code or "").replace(".", "").strip().upper()
