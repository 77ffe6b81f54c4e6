"""Interest after a judgment: the legal rate, increased two months after the judgment is enforceable.

This *taux légal majoré* (art. L313-3 CMF) is distinct from contractual late interest
(`models.law.penalties`): it applies to a court's order to pay, at the legal rate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.law.legal_rates import semesters
from models.law.legal_terms import months_later
from models.law.penalties import accrue, euros, imputation_document, interest_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.law.imputation import Imputation, OutstandingBalance
    from models.law.legal_rates import LegalRateTable

INCREASE = Decimal("0.05")
"""Points added to the legal rate: art. L313-3 CMF."""
MONTHS_BEFORE = 2
"""Months from the day on which the decision became enforceable: art. L313-3 CMF."""


@dataclass(frozen=True, slots=True)
class JudgmentLine:
    """Legal interest on one balance over days of one half-year, both included.

    Parameters
    ----------
    increased
        Whether the 5 points are added.
    publication
        Reference of the legal rate's publication; empty where the table has none.
    """

    semester: str
    first: dt.date
    last: dt.date
    days: int
    rate: Decimal
    increased: bool
    interest_eur: Decimal
    balance_eur: Decimal
    publication: str = ""


@dataclass(frozen=True, slots=True)
class JudgmentInterest:
    """Interest at the legal rate on the amount of a court's order to pay, line by line."""

    amount_eur: Decimal
    enforceable_on: dt.date
    increased_from: dt.date
    paid_on: dt.date
    lines: tuple[JudgmentLine, ...]
    interest_eur: Decimal
    imputation: Imputation | None = None
    opened_on: dt.date | None = None

    def document(self) -> dict[str, Any]:
        """Return the result as plain JSON values; amounts and rates are exact decimal strings."""
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
                    "balance_eur": str(line.balance_eur),
                    "publication": line.publication,
                    "interest_eur": str(line.interest_eur),
                }
                for line in self.lines
            ],
            "interest_eur": str(self.interest_eur),
            **imputation_document(self.imputation, self.opened_on),
        }


def increased_from(enforceable_on: dt.date) -> dt.date:
    """Return the first day of the increased rate: the day after the two months.

    A period in months ends on the day of the same number, or on the last of a shorter month (art. 641 CPC).

    Examples
    --------
    >>> increased_from(dt.date(2025, 12, 31))
    datetime.date(2026, 3, 1)
    """
    return months_later(enforceable_on, MONTHS_BEFORE) + dt.timedelta(days=1)


def judgment_interest(
    amount_eur: Decimal | float,
    enforceable_on: dt.date,
    paid_on: dt.date,
    rates: LegalRateTable,
    payments: Sequence[tuple[dt.date, Decimal | float]] = (),
    *,
    imputation: Imputation = "principal",
    opened_on: dt.date | None = None,
) -> JudgmentInterest:
    """Compute the legal interest on a court's order to pay, from the day after it became enforceable.

    Amounts paid stop bearing interest on the day after; interest stops at the opening of a proceeding
    (L622-28 C. com.).

    Parameters
    ----------
    amount_eur
        The amount still owed when the decision became enforceable, in euros and whole cents, above 0.
    enforceable_on
        The day on which the decision became enforceable, as a rule its service on the debtor.
    paid_on
        The day of the last payment, or the last day of interest.
    payments
        Payments after the decision, each with its day.
    imputation
        Order of imputation of part payments, of `models.law.imputation.IMPUTATIONS`.
    opened_on
        The judgment that opened an insolvency proceeding of the debtor; None without one.

    Raises
    ------
    CreditError
        The amount is out of bounds, the last payment precedes enforceability, or a payment exceeds the debt.
    PolicyError
        A half-year's rates are missing from the table.
    """
    owed = euros(amount_eur, "the amount")
    if paid_on < enforceable_on:
        raise CreditError(
            f"paid on {paid_on}, before the decision of {enforceable_on} could be enforced; give a later day"
        )
    turn = increased_from(enforceable_on)

    def lines_of(balance: OutstandingBalance) -> list[JudgmentLine]:
        return [
            _line(balance.principal_eur, part, turn, rates)
            for first, last in _cut(balance, turn)
            for part in semesters(first, last)
        ]

    lines, total, _ = accrue(owed, enforceable_on, paid_on, lines_of, payments, imputation, opened_on)
    return JudgmentInterest(
        owed, enforceable_on, turn, paid_on, lines, total, imputation if payments else None, opened_on
    )


def _cut(balance: OutstandingBalance, turn: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    """Split the days of a balance at the start of the increased rate."""
    one = dt.timedelta(days=1)
    first, last = balance.after + one, balance.until
    return (first, min(turn - one, last)), (max(turn, first), last)


def _line(
    balance_eur: Decimal, part: tuple[str, dt.date, dt.date], turn: dt.date, rates: LegalRateTable
) -> JudgmentLine:
    semester, first, last = part
    known, increased = rates.of(semester), first >= turn
    rate = known.legal_professional + (INCREASE if increased else Decimal(0))
    days = (last - first).days + 1
    interest = interest_on(balance_eur, rate, days)
    return JudgmentLine(
        semester, first, last, days, rate, increased, interest, balance_eur, known.legal_publication
    )
