"""Late interest by half-year, and the flat indemnity of 40 EUR for recovery costs.

Between professionals only (art. L441-10 II and D441-5 C. com.). The increased legal rate after a judgment is
in `models.law.judgment_interest`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from models.errors import CreditError
from models.law.imputation import WORDS, account
from models.law.legal_rates import semesters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.law.imputation import Account, Imputation, OutstandingBalance
    from models.law.legal_rates import LegalRateTable, SemesterRates

ECB_POINTS = Decimal("0.10")
"""Points added to the ECB rate where the contract has no rate: art. L441-10 II C. com."""
FLOOR_TIMES = 3
"""Minimum of a contract's rate, in multiples of the legal rate: art. L441-10 II C. com."""
INDEMNITY_EUR = Decimal("40.00")
"""Per late invoice, free of VAT: art. D441-5 C. com."""
DAYS_A_YEAR = 365
CENT = Decimal("0.01")
MOST_EUR = Decimal(10) ** 12


BASES = {
    "ecb": ("taux BCE + 10 points", "ECB rate + 10 points"),
    "contract": ("taux du contrat", "the contract's rate"),
    "floor": (
        "plancher légal (trois fois le taux d'intérêt légal), le taux du contrat étant inférieur",
        "legal floor (three times the legal rate), as the contract's rate is lower",
    ),
}
"""Source of a line's rate, in French and in English."""


class InterestLine(Protocol):
    """Interest on one balance over some days."""

    @property
    def interest_eur(self) -> Decimal:
        """In euros, rounded to the cent."""


Line = TypeVar("Line", bound=InterestLine)


@dataclass(frozen=True, slots=True)
class PenaltyLine:
    """Interest on one balance over days of one half-year: `balance x rate x days / 365`.

    Parameters
    ----------
    first, last
        The days counted, both included.
    rate
        The yearly rate, as a share.
    basis
        Source of the rate, a code of `BASES`.
    interest_eur
        Rounded half up to the cent, so that the lines sum to the total.
    publication
        Reference of the publication of the rate, or of the legal rate of the floor; empty where the table has
        none.
    """

    semester: str
    first: dt.date
    last: dt.date
    days: int
    balance_eur: Decimal
    rate: Decimal
    basis: str
    interest_eur: Decimal
    publication: str = ""


@dataclass(frozen=True, slots=True)
class Penalty:
    """Interest and indemnity on a late invoice, line by line; empty where it was paid in time.

    Parameters
    ----------
    imputation
        Order of imputation of part payments; None without any.
    interest_paid_eur
        The part of the payments imputed on interest; included in `interest_eur`.
    principal_left_eur
        Principal left after the part payments.
    opened_on
        The opening of a proceeding, before which interest stopped; None without one.
    """

    amount_eur: Decimal
    due_on: dt.date
    paid_on: dt.date
    days_late: int
    lines: tuple[PenaltyLine, ...]
    interest_eur: Decimal
    indemnity_eur: Decimal
    total_eur: Decimal
    floor_applied: bool
    imputation: Imputation | None
    interest_paid_eur: Decimal
    principal_left_eur: Decimal
    opened_on: dt.date | None

    def document(self) -> dict[str, Any]:
        """Return the result as plain JSON values; amounts and rates are exact decimal strings."""
        return {
            "amount_eur": str(self.amount_eur),
            "due_on": self.due_on.isoformat(),
            "paid_on": self.paid_on.isoformat(),
            "days_late": self.days_late,
            "lines": [
                {
                    "semester": line.semester,
                    "first": line.first.isoformat(),
                    "last": line.last.isoformat(),
                    "days": line.days,
                    "balance_eur": str(line.balance_eur),
                    "rate": str(line.rate),
                    "basis": line.basis,
                    "basis_fr": BASES[line.basis][0],
                    "basis_en": BASES[line.basis][1],
                    "interest_eur": str(line.interest_eur),
                    "publication": line.publication,
                }
                for line in self.lines
            ],
            "interest_eur": str(self.interest_eur),
            "indemnity_eur": str(self.indemnity_eur),
            "total_eur": str(self.total_eur),
            "floor_applied": self.floor_applied,
            **imputation_document(self.imputation, self.opened_on),
            "interest_paid_eur": str(self.interest_paid_eur),
            "principal_left_eur": str(self.principal_left_eur),
        }


def penalty(
    amount_eur: Decimal | float,
    due_on: dt.date,
    paid_on: dt.date,
    rates: LegalRateTable,
    contract_rate: Decimal | float | None = None,
    payments: Sequence[tuple[dt.date, Decimal | float]] = (),
    *,
    imputation: Imputation = "principal",
    opened_on: dt.date | None = None,
) -> Penalty:
    """Compute late interest and the flat indemnity of one invoice.

    Interest runs from the day after the due date to the day of payment, both included, with no reminder. It
    stops before the day on which a proceeding was opened (L622-28 C. com.), whose judgment takes effect from
    its first hour (R621-4); an invoice that had not fallen due by then bears none, nor the indemnity
    (L441-10 II). A line is rounded half up to the cent, and the lines are summed. The floor is that of each
    half-year.

    Parameters
    ----------
    amount_eur
        The invoice incl. VAT, in euros and whole cents, above 0.
    paid_on
        The day of the last payment, or the last day of interest.
    contract_rate
        The contract's yearly rate as a share: 0.12 is 12 %. ECB rate + 10 points if None.
    payments
        Earlier payments, each with its day; the amount still bears interest on that day.
    imputation
        Order of imputation of part payments, of `models.law.imputation.IMPUTATIONS`.
    opened_on
        The judgment that opened an insolvency proceeding of the debtor; None without one.

    Raises
    ------
    CreditError
        An amount or a rate is out of bounds, or a payment is later than `paid_on` or exceeds the debt.
    PolicyError
        A half-year's rates are missing from the table.

    Examples
    --------
    >>> from models.law.legal_rates import load_rates
    >>> day = dt.date
    >>> penalty(15_000, day(2025, 1, 31), day(2025, 3, 2), load_rates(), contract_rate=0.15).interest_eur
    Decimal('184.93')
    """
    owed = euros(amount_eur, "the amount")
    agreed = None if contract_rate is None else _rate(contract_rate)

    def lines_of(balance: OutstandingBalance) -> list[PenaltyLine]:
        parts = semesters(balance.after + dt.timedelta(days=1), balance.until)
        return [_line(balance.principal_eur, part, rates.of(part[0]), agreed) for part in parts]

    lines, interest, found = accrue(owed, due_on, paid_on, lines_of, payments, imputation, opened_on)
    indemnity = INDEMNITY_EUR if lines else Decimal("0.00")
    return Penalty(
        amount_eur=owed,
        due_on=due_on,
        paid_on=paid_on,
        days_late=(lines[-1].last - due_on).days if lines else 0,
        lines=lines,
        interest_eur=interest,
        indemnity_eur=indemnity,
        total_eur=interest + indemnity,
        floor_applied=any(line.basis == "floor" for line in lines),
        imputation=imputation if payments else None,
        interest_paid_eur=found.interest_paid_eur,
        principal_left_eur=found.principal_eur,
        opened_on=opened_on,
    )


def accrue(
    owed: Decimal,
    after: dt.date,
    paid_on: dt.date,
    lines_of: Callable[[OutstandingBalance], list[Line]],
    payments: Sequence[tuple[dt.date, Decimal | float]],
    imputation: Imputation,
    opened_on: dt.date | None,
) -> tuple[tuple[Line, ...], Decimal, Account]:
    """Count interest from after one day to the last payment, or to the day before a proceeding was opened.

    Parameters
    ----------
    lines_of
        The lines of interest on one balance.

    Returns
    -------
    The lines, their sum in euros, and the debt over time.
    """
    until = paid_on if opened_on is None else min(paid_on, opened_on - dt.timedelta(days=1))
    found = account(
        owed,
        after,
        until,
        _parts_until(payments, paid_on, until),
        lambda balance: sum((line.interest_eur for line in lines_of(balance)), Decimal(0)),
        imputation,
    )
    lines = tuple(line for balance in found.balances for line in lines_of(balance))
    return lines, sum((line.interest_eur for line in lines), Decimal("0.00")), found


def _parts_until(
    payments: Sequence[tuple[dt.date, Decimal | float]], paid_on: dt.date, until: dt.date
) -> list[tuple[dt.date, Decimal]]:
    """Return payments in whole cents, without those after the last day that bears interest.

    Raises
    ------
    CreditError
        A payment is later than `paid_on`, or is not a valid amount.
    """
    found = []
    for day, came in payments:
        part = euros(came, f"the payment of {day}")
        if day > paid_on:
            raise CreditError(
                f"{part} EUR paid on {day} cannot be: it ends on {paid_on}; give payments up to that day"
            )
        if day <= until:
            found.append((day, part))
    return found


def euros(amount: Decimal | float, what: str) -> Decimal:
    """Convert an amount to whole cents.

    Raises
    ------
    CreditError
        It is not above 0, above 10¹², or has fractions of a cent.
    """
    exact = Decimal(str(amount))
    if not (exact.is_finite() and 0 < exact <= MOST_EUR and exact == exact.quantize(CENT)):
        raise CreditError(f"{what} is {amount}; euros above 0 in whole cents are allowed, to {MOST_EUR:,.0f}")
    return exact.quantize(CENT)


def interest_on(balance: Decimal, rate: Decimal, days: int) -> Decimal:
    """Return `balance x rate x days / 365`, rounded half up to the cent, also in leap years."""
    return (balance * rate * days / DAYS_A_YEAR).quantize(CENT, ROUND_HALF_UP)


def _rate(came: Decimal | float) -> Decimal:
    rate = Decimal(str(came))
    if not (rate.is_finite() and 0 <= rate <= 1):
        raise CreditError(f"the contract's rate is {came} a year; from 0 to 1 is allowed, 0.08 is 8 %")
    return rate


def _line(
    balance: Decimal, part: tuple[str, dt.date, dt.date], known: SemesterRates, agreed: Decimal | None
) -> PenaltyLine:
    semester, first, last = part
    floor = FLOOR_TIMES * known.legal_professional
    if agreed is None:
        rate, basis, where = known.ecb_refinancing + ECB_POINTS, "ecb", known.ecb_publication
    elif agreed < floor:
        rate, basis, where = floor, "floor", known.legal_publication
    else:
        rate, basis, where = agreed, "contract", ""
    days = (last - first).days + 1
    interest = interest_on(balance, rate, days)
    return PenaltyLine(semester, first, last, days, balance, rate, basis, interest, where)


def imputation_document(imputation: Imputation | None, opened_on: dt.date | None) -> dict[str, Any]:
    """Return the imputation of payments and the end of interest, with their wording."""
    fr, en = (None, None) if imputation is None else WORDS[imputation]
    return {
        "imputation": imputation,
        "imputation_fr": fr,
        "imputation_en": en,
        "opened_on": opened_on and opened_on.isoformat(),
    }
