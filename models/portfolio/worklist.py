"""Collections worklist: overdue customers ranked by the euros expected late or lost, with a dunning step.

Owns the ranking and the wording of a line; the policy decides the tone (`models.policy.dunning`). Disputed
amounts are listed apart and not dunned. No reminder is proposed where the law forbids payment: for a customer
in an insolvency proceeding the line proposes to declare the claim (`models.law.insolvency`), and for one with
an unread judgment to read it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from models.policy.decision.wording import money
from models.policy.dunning import step_of
from models.policy.grades import PAYERS
from models.wording.numerals import WORD_SPACE, in_french, unbroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.law.insolvency_words import InsolvencyNotice
    from models.policy.dunning import DunningStep
    from models.policy.sections.dunning import DunningRules

Proposal = Literal["courteous", "firm", "formal", "declare", "relief", "follow", "read"]
"""Proposal of a line: a reminder in one of the tones of `models.policy.dunning`, or instead of it to declare
the claim, to ask for relief of a missed declaration, to follow the proceeding, or to read a judgment that
could not be interpreted."""
PROPOSALS: tuple[Proposal, ...] = get_args(Proposal)
_NEXT: dict[Proposal, Proposal] = {"declare": "relief", "relief": "follow"}
_TONES_FR = {"courteous": "relance courtoise", "firm": "relance ferme", "formal": "mise en demeure"}
_TONES_EN = {"courteous": "courteous reminder", "firm": "firm reminder", "formal": "formal notice"}


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
    """

    customer_id: str
    name: str | None
    payer_grade: str
    ever_late: bool
    invoices: tuple[OpenInvoice, ...]
    on_account_eur: float = 0.0
    insolvency: InsolvencyNotice | None = None


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """A customer to remind, or a claim to declare.

    Parameters
    ----------
    tone
        The proposal, of `PROPOSALS`.
    at_risk_eur
        Euros expected late or lost, of overdue amounts not in dispute; the full amount for a claim to
        declare.
    disputed_eur
        Open amount in dispute, not dunned.
    on_account_eur
        Its payments and credit notes on account; 0 or less.
    last_step_on, next_step_on
        Dates of the current and the next step by the policy; in a proceeding, publication of its opening and
        deadline of the step, None after it.
    invoices
        The overdue ones that may be dunned, riskiest first.
    disputed
        The open ones in dispute.
    claim_eur
        Claim from before the opening of a proceeding, disputed or not; 0 without one.
    """

    customer_id: str
    name: str | None
    tone: Proposal
    at_risk_eur: float
    overdue_eur: float
    disputed_eur: float
    oldest_days: int
    payer_grade: str
    last_step_on: dt.date
    next_step_on: dt.date | None
    next_tone: Proposal
    why_fr: str
    why_en: str
    invoices: tuple[OpenInvoice, ...]
    disputed: tuple[OpenInvoice, ...]
    on_account_eur: float = 0.0
    claim_eur: float = 0.0

    def document(self) -> dict[str, Any]:
        """Return the line as plain JSON values, dates in ISO form, each invoice with its euros at risk."""
        plain = asdict(self)
        for name in ("last_step_on", "next_step_on"):
            plain[name] = plain[name] and plain[name].isoformat()
        for name in ("invoices", "disputed"):
            plain[name] = [_invoice(invoice) for invoice in getattr(self, name)]
        return plain


class RankedDebtor(Protocol):
    """A line of a worklist, computed or stored."""

    @property
    def customer_id(self) -> str:
        """The customer's number."""

    @property
    def at_risk_eur(self) -> float:
        """Euros expected late or lost."""

    @property
    def overdue_eur(self) -> float:
        """Euros past due."""


def worklist(debtors: Iterable[Debtor], as_of: dt.date, rules: DunningRules) -> tuple[WorklistLine, ...]:
    """Rank the customers to remind by euros at risk, highest first.

    An invoice's euros at risk are `open amount x P(paid more than 30 days late, or never)`. An invoice that
    is never paid is late too, so one probability covers both and a loss is not counted twice. A customer's
    are the sum over its overdue invoices not in dispute. A customer is left out where its overdue amount less
    money on account is below the policy's de-minimis, or where it is too early for a reminder.
    """
    lines = (_line(debtor, as_of, rules) for debtor in debtors)
    found = [line for line in lines if line is not None]
    return tuple(sorted(found, key=rank_of))


def rank_of(line: RankedDebtor) -> tuple[float, float, str]:
    """Return the key that sorts a worklist: most euros at risk, then most overdue, then customer number."""
    return -line.at_risk_eur, -line.overdue_eur, line.customer_id


def _line(debtor: Debtor, as_of: dt.date, rules: DunningRules) -> WorklistLine | None:
    found = debtor.insolvency
    if found is not None and (found.step is not None or found.unread_on is not None):
        return _legal_line(debtor, found, as_of)
    disputed = tuple(invoice for invoice in debtor.invoices if invoice.disputed)
    due = [
        i
        for i in debtor.invoices
        if not i.disputed and i.days_overdue > 0 and i.open_eur > 0 and not _is_frozen(i, found)
    ]
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


def _legal_line(debtor: Debtor, found: InsolvencyNotice, as_of: dt.date) -> WorklistLine | None:
    """Return the line of a customer that may not be dunned: the claim to declare, or the judgment to read.

    The claim is the amount invoiced until the opening, due or not, less money on account. Later invoices are
    payable when due (L622-17 C. com.); their amount is stated, without a reminder.
    """
    owed = [i for i in debtor.invoices if i.open_eur > 0]
    step: Proposal = found.step or "read"
    claimed = [i for i in owed if step == "read" or _is_frozen(i, found)]
    claim_eur = round(_sum(claimed) + debtor.on_account_eur, 2)
    if claim_eur <= 0:
        return None
    due = [invoice for invoice in owed if invoice.days_overdue > 0]
    why_fr, why_en = _legal_why(found, claim_eur, round(_sum(owed) - _sum(claimed), 2), step)
    ends = {"declare": found.declare_by, "relief": found.relief_by}
    return WorklistLine(
        customer_id=debtor.customer_id,
        name=debtor.name,
        tone=step,
        at_risk_eur=0.0 if step == "follow" else claim_eur,
        overdue_eur=_sum([invoice for invoice in due if not invoice.disputed]),
        disputed_eur=_sum([invoice for invoice in owed if invoice.disputed]),
        oldest_days=max((invoice.days_overdue for invoice in due), default=0),
        payer_grade=debtor.payer_grade,
        last_step_on=found.published_on or found.unread_on or as_of,
        next_step_on=ends.get(step),
        next_tone=_NEXT.get(step, step),
        why_fr=why_fr,
        why_en=why_en,
        invoices=tuple(sorted(claimed, key=lambda i: (-i.open_eur, i.due_on, i.invoice_id))),
        disputed=tuple(invoice for invoice in owed if invoice.disputed),
        on_account_eur=debtor.on_account_eur,
        claim_eur=0.0 if step == "read" else claim_eur,
    )


def _is_frozen(invoice: OpenInvoice, found: InsolvencyNotice | None) -> bool:
    """Return whether an invoice is a claim from before an opening, which may not be dunned.

    An unknown issue date counts as before; so does every invoice under a plan whose opening was not
    published.
    """
    if found is None or found.stage == "none":
        return False
    opened_on = found.opened_on or found.judged_on
    return opened_on is None or invoice.issued_on is None or invoice.issued_on <= opened_on


def _legal_why(
    found: InsolvencyNotice, claim_eur: float, later_eur: float, step: Proposal
) -> tuple[str, str]:
    """Return the action due and its amount, in both languages."""
    fr, en = found.sentences
    (claim_fr, claim_en), (later_fr, later_en) = money(claim_eur), money(later_eur)
    if step != "read":
        fr += f" Créance d'avant l'ouverture : {claim_fr} TTC."
        en += f" Claim from before the opening: {claim_en} incl. VAT."
        if later_eur > 0:
            fr += f" Facturé depuis : {later_fr}, à payer à l'échéance (L622-17)."
            en += f" Invoiced since: {later_en}, to be paid when due (L622-17)."
    return unbroken(fr), en


def _why(debtor: Debtor, oldest: int, step: DunningStep, rules: DunningRules) -> tuple[str, str]:
    """Return the explanation of the tone, in both languages."""
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
    at_risk, issued_on = round(invoice.at_risk_eur, 2), invoice.issued_on
    days = {"due_on": invoice.due_on.isoformat(), "issued_on": issued_on and issued_on.isoformat()}
    return {**asdict(invoice), **days, "at_risk_eur": at_risk}


def _sum(invoices: Sequence[OpenInvoice]) -> float:
    return sum(round(invoice.open_eur * 100) for invoice in invoices) / 100
