"""Imputation of part payments on a debt that bears interest: principal first, or interest first.

Art. 1343-1 C. civ.: payments go to the interest first, unless the creditor agrees otherwise. Owns the running
balance; the caller provides the interest of a balance.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, get_args

from models.errors import CreditError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

Imputation = Literal["principal", "interest"]
IMPUTATIONS: Final[tuple[Imputation, ...]] = get_args(Imputation)
WORDS: dict[Imputation, tuple[str, str]] = {
    "principal": (
        (
            "paiements partiels imputés sur le principal, comme convenu (à défaut d'accord, d'abord sur les "
            "intérêts : art. 1343-1 C. civ.)"
        ),
        (
            "part payments lower the principal, as agreed (without an agreement the interest first: art. "
            "1343-1 C. civ.)"
        ),
    ),
    "interest": (
        "paiements partiels imputés d'abord sur les intérêts (art. 1343-1 C. civ.)",
        "part payments pay the interest first (art. 1343-1 C. civ.)",
    ),
}
"""French and English descriptions of each order of imputation."""


@dataclass(frozen=True, slots=True)
class OutstandingBalance:
    """The principal owed after one day and until another."""

    principal_eur: Decimal
    after: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Account:
    """A debt over time.

    Parameters
    ----------
    balances
        Periods that bear interest, in order.
    principal_eur
        Principal left at the end, before payments of the last day.
    interest_paid_eur
        The part of the payments imputed on interest.
    """

    balances: tuple[OutstandingBalance, ...]
    principal_eur: Decimal
    interest_paid_eur: Decimal


def account(
    owed_eur: Decimal,
    after: dt.date,
    until: dt.date,
    payments: Sequence[tuple[dt.date, Decimal]],
    interest_on: Callable[[OutstandingBalance], Decimal],
    imputation: Imputation = "principal",
) -> Account:
    """Compute the balances of a debt from after one day until another.

    Parameters
    ----------
    payments
        Each with its day, up to `until`; the amount still bears interest on that day.
    interest_on
        Computes the interest on a balance over its period.

    Raises
    ------
    CreditError
        A payment exceeds the debt on its day.
    """
    balances: list[OutstandingBalance] = []
    unpaid = paid = Decimal("0.00")
    for day, part in sorted(payments, key=lambda payment: payment[0]):
        if owed_eur and day > after:
            balances.append(OutstandingBalance(owed_eur, after, day))
            unpaid += interest_on(balances[-1])
        after = max(after, day)
        to_interest = min(part, unpaid) if imputation == "interest" else Decimal("0.00")
        if part - to_interest > owed_eur:
            raise CreditError(
                f"{part} EUR paid on {day} cannot be: {owed_eur + to_interest} EUR were owed; give payments "
                "that do not exceed it"
            )
        unpaid, paid, owed_eur = unpaid - to_interest, paid + to_interest, owed_eur - part + to_interest
    if owed_eur and until > after:
        balances.append(OutstandingBalance(owed_eur, after, until))
    return Account(tuple(balances), owed_eur, paid)
