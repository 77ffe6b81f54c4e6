"""How part payments are set against a debt that bears interest: on the principal, or on the interest first.

Art. 1343-1 C. civ.: who owes principal and interest pays the interest first, unless the creditor agrees
otherwise. Owns the running balance alone; which interest a balance bears is the caller's.
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
"""What each order of imputation is called, in French and in English."""


@dataclass(frozen=True, slots=True)
class OutstandingBalance:
    """What was owed after one day and until another."""

    principal_eur: Decimal
    after: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class Account:
    """A debt over time.

    Parameters
    ----------
    balances
        Spans that bear interest, in order.
    principal_eur
        What is left of the principal at the end, before what is paid on the last day.
    interest_paid_eur
        The part of the payments that went to interest.
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
    """Follow a debt from after one day until another.

    Parameters
    ----------
    payments
        Each with its day, up to `until`; one bears interest on its day still.
    interest_on
        The interest on a balance over its span.

    Raises
    ------
    CreditError
        A payment exceeds what is owed on its day.
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
