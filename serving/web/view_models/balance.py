"""What a customer owes as a sum that adds up before the reader's eyes, to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class BalanceTerm:
    """One term of the sum: its sign, its name and its amount as it is written, above 0."""

    sign: str
    label: str
    amount: str


def balance_terms(
    open_eur: float, overdue_eur: float, on_account_eur: float, w: Words
) -> tuple[BalanceTerm, ...]:
    """Return overdue, not due and what is on account, then the exposure that they sum to.

    Parameters
    ----------
    open_eur
        The exposure: open invoices and what is on account.
    on_account_eur
        Payments and credit notes that no invoice has taken, less than 0; above 0 where a refund exceeds them.
    """
    overdue, credit, exposure = (round(eur * 100) for eur in (overdue_eur, on_account_eur, open_eur))
    not_due = exposure - overdue - credit
    terms = [("", "overdue", overdue), ("+", "not_due", not_due)]
    if credit:
        terms.append(("\N{MINUS SIGN}" if credit < 0 else "+", "on_account", abs(credit)))
    terms.append(("=", "exposure", exposure))
    return tuple(
        BalanceTerm(sign, w(f"balance.{name}"), w.eur(cents / 100, 2)) for sign, name, cents in terms
    )
