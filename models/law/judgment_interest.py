"""Interest after a judgment: the legal rate, and the increased one two months after it can be enforced.

This *taux légal majoré* (art. L313-3 CMF) has nothing to do with the late interest of a contract: it follows
a court's order to pay, at the legal rate. `models.law.penalties` owns the other.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.law.legal_rates import semesters
from models.law.penalties import euros, interest_on

if TYPE_CHECKING:
    from models.law.legal_rates import RateTable

INCREASE = Decimal("0.05")
"""Points added to the legal rate: art. L313-3 CMF."""
MONTHS_BEFORE = 2
"""After so many months from the day on which the decision became enforceable: art. L313-3 CMF."""


@dataclass(frozen=True, slots=True)
class JudgmentLine:
    """Legal interest over days of one half-year, both included; `increased` tells whether by 5 points."""

    semester: str
    first: dt.date
    last: dt.date
    days: int
    rate: Decimal
    increased: bool
    interest_eur: Decimal


@dataclass(frozen=True, slots=True)
class JudgmentInterest:
    """Interest at the legal rate on what a court ordered to pay, line by line."""

    amount_eur: Decimal
    enforceable_on: dt.date
    increased_from: dt.date
    paid_on: dt.date
    lines: tuple[JudgmentLine, ...]
    interest_eur: Decimal

    def document(self) -> dict[str, Any]:
        """Return the sum as plain JSON values; amounts and rates are texts, exact to the digit."""
        return {
            "amount_eur": str(self.amount_eur),
            "enforceable_on": self.enforceable_on.isoformat(),
            "increased_from": self.increased_from.isoformat(),
            "paid_on": self.paid_on.isoformat(),
            "lines": [
                {
                    "semester": line.semester,
                    "first": line.first.isoformat(),
                    "last": line.last.isoformat(),
                    "days": line.days,
                    "rate": str(line.rate),
                    "increased": line.increased,
                    "interest_eur": str(line.interest_eur),
                }
                for line in self.lines
            ],
            "interest_eur": str(self.interest_eur),
        }


def increased_from(enforceable_on: dt.date) -> dt.date:
    """Return the first day of the increased rate: the one after two months have run out.

    A delay in months ends on the day of the same number, or on the last of a shorter month (art. 641 CPC).

    Examples
    --------
    >>> increased_from(dt.date(2025, 12, 31))
    datetime.date(2026, 3, 1)
    """
    months = enforceable_on.month - 1 + MONTHS_BEFORE
    year, month = enforceable_on.year + months // 12, months % 12 + 1
    day = min(enforceable_on.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day) + dt.timedelta(days=1)


def judgment_interest(
    amount_eur: Decimal | float, enforceable_on: dt.date, paid_on: dt.date, rates: RateTable
) -> JudgmentInterest:
    """Compute the legal interest on what a court ordered to pay, from the day after it could be enforced.

    Parameters
    ----------
    amount_eur
        What was ordered, in euros and whole cents, above 0.
    enforceable_on
        The day on which the decision became enforceable, as a rule its service on the debtor.
    paid_on
        The day it was paid, or up to which interest is counted.

    Raises
    ------
    CreditError
        The amount is out of bounds, or it was paid before the decision could be enforced.
    PolicyError
        A half-year's rates are missing from the table.
    """
    owed = euros(amount_eur, "the amount")
    if paid_on < enforceable_on:
        raise CreditError(
            f"paid on {paid_on}, before the decision of {enforceable_on} could be enforced; give a later day"
        )
    turn, one = increased_from(enforceable_on), dt.timedelta(days=1)
    spans = ((enforceable_on + one, min(turn - one, paid_on), False), (turn, paid_on, True))
    lines: list[JudgmentLine] = []
    for first, last, increased in spans:
        for semester, begins, ends in semesters(first, last):
            rate = rates.of(semester).legal_professional + (INCREASE if increased else Decimal(0))
            days = (ends - begins).days + 1
            interest = interest_on(owed, rate, days)
            lines.append(JudgmentLine(semester, begins, ends, days, rate, increased, interest))
    total = sum((line.interest_eur for line in lines), Decimal("0.00"))
    return JudgmentInterest(owed, enforceable_on, turn, paid_on, tuple(lines), total)
