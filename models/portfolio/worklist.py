"""Whom to chase first, and in which tone: overdue customers by the euros expected to be late or lost.

Owns the ranking and the words of a line; the tone is the policy's (`models.policy.dunning`). What is in
dispute is shown apart and not chased.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.numerals import WORD_SPACE, in_french, unbroken
from models.policy.bands import PAYERS
from models.policy.dunning import Tone, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.policy.dunning import DunningRules, Step

_TONES_FR = {"courteous": "relance courtoise", "firm": "relance ferme", "formal": "mise en demeure"}
_TONES_EN = {"courteous": "courteous reminder", "firm": "firm reminder", "formal": "formal notice"}


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """One open invoice.

    Parameters
    ----------
    p_late30
        Probability that it is paid more than 30 days late, or never; 1 once it is.
    days_overdue
        Days past its due date, days in dispute not counted; 0 or less where it is not due.
    """

    invoice_id: str
    due_on: dt.date
    open_eur: float
    p_late30: float
    days_overdue: int
    disputed: bool = False

    @property
    def at_risk_eur(self) -> float:
        """Return the euros expected to be paid more than 30 days late, or never."""
        return self.open_eur * self.p_late30


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer with its open invoices.

    Parameters
    ----------
    payer_grade
        One of `models.policy.policy.PAYER_GRADES`.
    ever_late
        Whether it paid any invoice late before.
    on_account_eur
        What it paid, or was credited, that no invoice has taken; 0 or less.
    """

    customer_id: str
    name: str | None
    payer_grade: str
    ever_late: bool
    invoices: tuple[OpenInvoice, ...]
    on_account_eur: float = 0.0


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """A customer to chase.

    Parameters
    ----------
    at_risk_eur
        Euros expected late or lost, of what is overdue and not in dispute.
    disputed_eur
        What is open and in dispute, not chased.
    on_account_eur
        What it paid, or was credited, that no invoice has taken; 0 or less.
    last_step_on, next_step_on
        When the present step was due by the policy, and when the next one is.
    invoices
        The overdue ones that may be chased, the riskiest first.
    disputed
        The open ones in dispute.
    """

    customer_id: str
    name: str | None
    tone: Tone
    at_risk_eur: float
    overdue_eur: float
    disputed_eur: float
    oldest_days: int
    payer_grade: str
    last_step_on: dt.date
    next_step_on: dt.date
    next_tone: Tone
    why_fr: str
    why_en: str
    invoices: tuple[OpenInvoice, ...]
    disputed: tuple[OpenInvoice, ...]
    on_account_eur: float = 0.0

    def document(self) -> dict[str, Any]:
        """Return the line as plain JSON values, dates in ISO form, each invoice with its euros at risk."""
        plain = asdict(self)
        for name in ("last_step_on", "next_step_on"):
            plain[name] = plain[name].isoformat()
        for name in ("invoices", "disputed"):
            plain[name] = [_invoice(invoice) for invoice in getattr(self, name)]
        return plain


def worklist(debtors: Iterable[Debtor], as_of: dt.date, rules: DunningRules) -> tuple[WorklistLine, ...]:
    """Rank the customers to chase by the euros at risk, the most first.

    An invoice's euros at risk are `what is open x P(paid more than 30 days late, or never)`. An invoice that
    is never paid is late too, so one probability says both and a loss is not counted twice. A customer's are
    the sum over its overdue invoices that are not in dispute. It is not listed where it owes less than the
    policy's de-minimis past due, money on account taken off, or where it is too early for a reminder.
    """
    lines = (_line(debtor, as_of, rules) for debtor in debtors)
    found = [line for line in lines if line is not None]
    return tuple(sorted(found, key=lambda line: (-line.at_risk_eur, -line.overdue_eur, line.customer_id)))


def _line(debtor: Debtor, as_of: dt.date, rules: DunningRules) -> WorklistLine | None:
    disputed = tuple(invoice for invoice in debtor.invoices if invoice.disputed)
    due = [i for i in debtor.invoices if not i.disputed and i.days_overdue > 0 and i.open_eur > 0]
    overdue_eur = _sum(due)
    if not due or overdue_eur + debtor.on_account_eur < rules.de_minimis_eur:
        return None
    oldest = max(invoice.days_overdue for invoice in due)
    step = step_of(oldest, debtor.payer_grade, ever_late=debtor.ever_late, rules=rules)
    if step is None:
        return None
    why_fr, why_en = _why(debtor, oldest, step, rules)
    ranked = sorted(due, key=lambda i: (-i.at_risk_eur, i.due_on, i.invoice_id))
    return WorklistLine(
        customer_id=debtor.customer_id,
        name=debtor.name,
        tone=step.tone,
        at_risk_eur=round(sum(invoice.at_risk_eur for invoice in due), 2),
        overdue_eur=overdue_eur,
        disputed_eur=_sum(disputed),
        oldest_days=oldest,
        payer_grade=debtor.payer_grade,
        last_step_on=as_of - dt.timedelta(days=oldest - step.last_day),
        next_step_on=as_of + dt.timedelta(days=step.next_day - oldest),
        next_tone=step.next_tone,
        why_fr=why_fr,
        why_en=why_en,
        invoices=tuple(ranked),
        disputed=disputed,
        on_account_eur=debtor.on_account_eur,
    )


def _why(debtor: Debtor, oldest: int, step: Step, rules: DunningRules) -> tuple[str, str]:
    """Say in both languages why the tone is what it is."""
    payer, days = PAYERS[debtor.payer_grade], f"{oldest:,d}"
    plural = "s" if oldest > 1 else ""
    fr = (
        f"Facture la plus ancienne échue depuis {in_french(days)}{WORD_SPACE}jour{plural}, "
        f"{payer.label_fr} : {_TONES_FR[step.tone]}."
    )
    en = f"Oldest invoice overdue for {days} day{plural}, {payer.label_en}: a {_TONES_EN[step.tone]}."
    if step.spared:
        limit = rules.first_delay_days
        fr += " Premier retard de ce client : pas de mise en demeure avant "
        fr += f"{limit + 1}{WORD_SPACE}jours de retard."
        en += f" This customer's first delay: no formal notice before {limit + 1} days overdue."
    return unbroken(fr), en


def _invoice(invoice: OpenInvoice) -> dict[str, Any]:
    at_risk = round(invoice.at_risk_eur, 2)
    return {**asdict(invoice), "due_on": invoice.due_on.isoformat(), "at_risk_eur": at_risk}


def _sum(invoices: Sequence[OpenInvoice]) -> float:
    return sum(round(invoice.open_eur * 100) for invoice in invoices) / 100
