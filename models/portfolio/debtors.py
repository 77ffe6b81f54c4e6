"""Debtors with their open invoices: the input of the worklist.

Owns the shapes only, and what a call can still save of one invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from models.law.insolvency_words import InsolvencyNotice
    from models.policy.sections.dunning import DunningRules

LATE_DAYS = 30
"""Days past due from which a payment counts as late: the horizon of `p_late30`."""


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """One open invoice.

    Parameters
    ----------
    p_late30
        Probability of payment more than 30 days late, or never; 1 once it is.
    days_overdue
        Days past its due date, excluding days in dispute; 0 or less where it is not due.
    issued_on
        None where it is unknown.
    """

    invoice_id: str
    due_on: dt.date
    open_eur: float
    p_late30: float
    days_overdue: int
    disputed: bool = False
    issued_on: dt.date | None = None

    @property
    def at_risk_eur(self) -> float:
        """Return the euros expected to be paid more than 30 days late, or never."""
        return self.open_eur * self.p_late30

    def saveable_eur(self, half_life_days: float) -> float:
        """Return the euros at risk that a call can still save.

        `open amount x P(late or lost) x 0.5 ^ (max(0, days overdue - 30) / half-life)`: until the thirtieth
        day a call can still prevent the delay; later the probability is 1 and what is recovered falls with
        the age of the debt.
        """
        age_days = max(self.days_overdue - LATE_DAYS, 0)
        return float(self.at_risk_eur * 0.5 ** (age_days / half_life_days))


@dataclass(frozen=True, slots=True)
class PaymentContact:
    """Whom to call about payments; None where the ledger does not say."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer with its open invoices.

    Parameters
    ----------
    payer_grade
        One of `models.policy.grades.PAYER_GRADES`.
    ever_late
        Whether it paid any invoice late before.
    on_account_eur
        Its payments and credit notes on account; 0 or less.
    insolvency
        Its insolvency status; None without a judgment.
    written_off_on
        The day of its latest write-off: what was invoiced until then is lost; None without one.
    contact
        Whom to call; None where the ledger names nobody.
    """

    customer_id: str
    name: str | None
    payer_grade: str
    ever_late: bool
    invoices: tuple[OpenInvoice, ...]
    on_account_eur: float = 0.0
    insolvency: InsolvencyNotice | None = None
    written_off_on: dt.date | None = None
    contact: PaymentContact | None = None

    def is_lost(self, invoice: OpenInvoice, rules: DunningRules) -> bool:
        """Return whether an invoice counts as lost: overdue for too long, or written off."""
        if invoice.days_overdue > rules.lost_after_days:
            return True
        written_off_on = self.written_off_on
        return written_off_on is not None and (
            invoice.issued_on is None or invoice.issued_on <= written_off_on
        )

    def is_frozen(self, invoice: OpenInvoice) -> bool:
        """Return whether an invoice is a claim from before an opening, which may not be dunned.

        An unknown issue date counts as before; so does every invoice under a plan whose opening was not
        published.
        """
        found = self.insolvency
        if found is None or found.stage == "none":
            return False
        opened_on = found.opened_on or found.judged_on
        return opened_on is None or invoice.issued_on is None or invoice.issued_on <= opened_on


def total_eur(invoices: Iterable[OpenInvoice]) -> float:
    """Return the open amount of invoices, summed in cents."""
    return sum(round(invoice.open_eur * 100) for invoice in invoices) / 100
