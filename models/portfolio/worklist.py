"""Collections worklist: customers ranked by the euros that a call can still save, with the step due.

Owns the ranking and the stages; the policy decides the tone (`models.policy.dunning`) and
`models.portfolio.worklist_words` the sentences. Disputed amounts are listed apart and not dunned. No reminder
is proposed where the law forbids payment: for a customer in an insolvency proceeding the line proposes to
declare the claim (`models.law.insolvency`), and for one with an unread judgment to read it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from models.policy.dunning import step_of
from models.portfolio.debtors import total_eur
from models.portfolio.worklist_words import before_due_words, lost_words, proceeding_words, reminder_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.law.insolvency_words import InsolvencyNotice
    from models.policy.sections.dunning import DunningRules
    from models.portfolio.debtors import Debtor, OpenInvoice, PaymentContact
    from models.wording.formats import Bilingual

Proposal = Literal[
    "before_due", "courteous", "firm", "formal", "legal", "declare", "relief", "follow", "read", "write_off"
]
"""Proposal of a line: a reminder before the due date or in one of the tones of `models.policy.dunning`, legal
action, or to write the debt off; in a proceeding to declare the claim, to ask for relief of a missed
declaration, to follow the proceeding, or to read a judgment that could not be interpreted."""
PROPOSALS: tuple[Proposal, ...] = get_args(Proposal)
CollectionStage = Literal["not_due", "amicable", "formal_notice", "legal", "insolvency", "lost"]
"""Stage of collection of a customer, from before the due date to the loss."""
STAGES: tuple[CollectionStage, ...] = get_args(CollectionStage)
STAGE_OF: Mapping[str, CollectionStage] = MappingProxyType(
    {
        "before_due": "not_due",
        "courteous": "amicable",
        "firm": "amicable",
        "formal": "formal_notice",
        "legal": "legal",
        **dict.fromkeys(("declare", "relief", "follow", "read"), "insolvency"),
        "write_off": "lost",
    }
)
_NEXT: dict[Proposal, Proposal] = {"declare": "relief", "relief": "follow"}


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """A customer to remind, a claim to declare, or a debt to write off.

    Parameters
    ----------
    tone
        The proposal, of `PROPOSALS`.
    at_risk_eur
        Euros expected late or lost, of amounts not in dispute; the full amount for a claim to declare.
    saveable_eur
        Euros that a call, or a declaration, can still save: see `worklist`.
    disputed_eur
        Open amount in dispute, not dunned.
    on_account_eur
        Its payments and credit notes on account; 0 or less.
    last_step_on, next_step_on
        Dates of the current and the next step by the policy; in a proceeding, publication of its opening and
        deadline of the step, None after it; None for a loss.
    oldest_days
        Days past due of the oldest invoice; below 0 before the due date.
    invoices
        The ones that the step is about, riskiest first.
    disputed
        The open ones in dispute.
    claim_eur
        Claim from before the opening of a proceeding, disputed or not; 0 without one.
    lost_eur
        Overdue amount that counts as lost, by its age or a write-off.
    contact
        Whom to call; None where the ledger names nobody.
    """

    customer_id: str
    name: str | None
    tone: Proposal
    at_risk_eur: float
    saveable_eur: float
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
    lost_eur: float = 0.0
    contact: PaymentContact | None = None

    @property
    def stage(self) -> CollectionStage:
        """Return the stage of collection."""
        return STAGE_OF[self.tone]

    def document(self) -> dict[str, Any]:
        """Return the line as plain JSON values, dates in ISO form, each invoice with its euros at risk."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)} | {"stage": self.stage}
        plain["contact"] = self.contact and asdict(self.contact)
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
    def saveable_eur(self) -> float:
        """Euros that a call can still save."""

    @property
    def at_risk_eur(self) -> float:
        """Euros expected late or lost."""

    @property
    def overdue_eur(self) -> float:
        """Euros past due."""


def worklist(debtors: Iterable[Debtor], as_of: dt.date, rules: DunningRules) -> tuple[WorklistLine, ...]:
    """Rank the customers to call by the euros that a call can still save, highest first.

    An invoice's euros at risk are `open amount x P(paid more than 30 days late, or never)`: an invoice that
    is never paid is late too, so one probability covers both and a loss is not counted twice. Of them a call
    saves what `OpenInvoice.saveable_eur` says, nothing once the debt counts as lost; of a claim to declare,
    the dividend that the policy expects. A customer's are the sum over its invoices not in dispute, and at
    most what it owes less money on account. A customer is left out where that is below the policy's
    de-minimis, or where it is too early for a step.
    """
    lines = (_line(debtor, as_of, rules) for debtor in debtors)
    found = [line for line in lines if line is not None]
    return tuple(sorted(found, key=rank_of))


def rank_of(line: RankedDebtor) -> tuple[float, float, float, str]:
    """Return the key that sorts a worklist: most euros to save, at risk and overdue, then customer number."""
    return -line.saveable_eur, -line.at_risk_eur, -line.overdue_eur, line.customer_id


def _line(debtor: Debtor, as_of: dt.date, rules: DunningRules) -> WorklistLine | None:
    found = debtor.insolvency
    if found is not None and (found.step is not None or found.unread_on is not None):
        return _proceeding_line(debtor, found, as_of, rules)
    owed = [i for i in debtor.invoices if not i.disputed and i.open_eur > 0 and not debtor.is_frozen(i)]
    return (
        _overdue_line(debtor, owed, as_of, rules)
        or _before_due_line(debtor, owed, as_of, rules)
        or _lost_line(debtor, owed, as_of, rules)
    )


def _overdue_line(
    debtor: Debtor, owed: Sequence[OpenInvoice], as_of: dt.date, rules: DunningRules
) -> WorklistLine | None:
    """Return the line of overdue invoices that are not lost; None where they are trifles or just due."""
    lost, live = _lost_and_live(debtor, owed, rules)
    if not _is_enough(live, debtor, rules):
        return None
    oldest = max(invoice.days_overdue for invoice in live)
    step = step_of(oldest, debtor.payer_grade, ever_late=debtor.ever_late, rules=rules)
    if step is None:
        return None
    why = reminder_words(oldest, debtor.payer_grade, step, rules, total_eur(lost))
    last_on = as_of - dt.timedelta(days=oldest - step.last_day)
    next_on = as_of + dt.timedelta(days=step.next_day - oldest)
    return _collected(debtor, step.tone, step.next_tone, live, (last_on, next_on), why, rules, lost)


def _before_due_line(
    debtor: Debtor, owed: Sequence[OpenInvoice], as_of: dt.date, rules: DunningRules
) -> WorklistLine | None:
    """Return the line of invoices that fall due soon; None where too little of them is at risk."""
    soon = [i for i in owed if rules.before_due_days and -rules.before_due_days <= i.days_overdue <= 0]
    at_risk_eur = sum(invoice.at_risk_eur for invoice in soon)
    if not _is_enough(soon, debtor, rules) or at_risk_eur < rules.before_due_eur:
        return None
    first = min(soon, key=lambda i: (-i.days_overdue, i.invoice_id))
    why = before_due_words(first, at_risk_eur / total_eur(soon))
    last_on = as_of - dt.timedelta(days=rules.before_due_days + first.days_overdue)
    next_on = as_of + dt.timedelta(days=rules.first_reminder_days - first.days_overdue)
    return _collected(debtor, "before_due", "courteous", soon, (last_on, next_on), why, rules)


def _lost_line(
    debtor: Debtor, owed: Sequence[OpenInvoice], as_of: dt.date, rules: DunningRules
) -> WorklistLine | None:
    """Return the line of invoices that count as lost; None where they are trifles."""
    lost, _ = _lost_and_live(debtor, owed, rules)
    if not _is_enough(lost, debtor, rules):
        return None
    oldest = max(invoice.days_overdue for invoice in lost)
    why = lost_words(oldest, debtor.written_off_on, rules)
    since = debtor.written_off_on or as_of - dt.timedelta(days=oldest - rules.lost_after_days)
    return _collected(debtor, "write_off", "write_off", (), (since, None), why, rules, lost)


def _lost_and_live(
    debtor: Debtor, owed: Sequence[OpenInvoice], rules: DunningRules
) -> tuple[list[OpenInvoice], list[OpenInvoice]]:
    due = [invoice for invoice in owed if invoice.days_overdue > 0]
    lost = [invoice for invoice in due if debtor.is_lost(invoice, rules)]
    return lost, [invoice for invoice in due if not debtor.is_lost(invoice, rules)]


def _is_enough(invoices: Sequence[OpenInvoice], debtor: Debtor, rules: DunningRules) -> bool:
    return bool(invoices) and total_eur(invoices) + debtor.on_account_eur >= rules.de_minimis_eur


def _collected(
    debtor: Debtor,
    tone: Proposal,
    next_tone: Proposal,
    invoices: Sequence[OpenInvoice],
    days: tuple[dt.date, dt.date | None],
    why: Bilingual,
    rules: DunningRules,
    lost: Sequence[OpenInvoice] = (),
) -> WorklistLine:
    """Return the line of a customer outside proceedings, about `invoices`, or about `lost` ones alone."""
    named = invoices or lost
    disputed = tuple(invoice for invoice in debtor.invoices if invoice.disputed)
    net_eur = max(total_eur(invoices) + debtor.on_account_eur, 0.0)
    saveable_eur = sum(invoice.saveable_eur(rules.half_life_days) for invoice in invoices)
    return WorklistLine(
        customer_id=debtor.customer_id,
        name=debtor.name,
        tone=tone,
        at_risk_eur=round(sum(invoice.at_risk_eur for invoice in (*invoices, *lost)), 2),
        saveable_eur=round(min(saveable_eur, net_eur), 2),
        overdue_eur=total_eur(invoice for invoice in (*invoices, *lost) if invoice.days_overdue > 0),
        disputed_eur=total_eur(disputed),
        oldest_days=max(invoice.days_overdue for invoice in named),
        payer_grade=debtor.payer_grade,
        last_step_on=days[0],
        next_step_on=days[1],
        next_tone=next_tone,
        why_fr=why[0],
        why_en=why[1],
        invoices=tuple(sorted(named, key=lambda i: (-i.at_risk_eur, i.due_on, i.invoice_id))),
        disputed=disputed,
        on_account_eur=debtor.on_account_eur,
        lost_eur=total_eur(lost),
        contact=debtor.contact,
    )


def _proceeding_line(
    debtor: Debtor, found: InsolvencyNotice, as_of: dt.date, rules: DunningRules
) -> WorklistLine | None:
    """Return the line of a customer that may not be dunned: the claim to declare, or the judgment to read.

    The claim is the amount invoiced until the opening, due or not, less money on account. Later invoices are
    payable when due (L622-17 C. com.); their amount is stated, without a reminder.
    """
    owed = [i for i in debtor.invoices if i.open_eur > 0]
    step: Proposal = found.step or "read"
    claimed = [i for i in owed if step == "read" or debtor.is_frozen(i)]
    claim_eur = round(total_eur(claimed) + debtor.on_account_eur, 2)
    if claim_eur <= 0:
        return None
    due = [invoice for invoice in owed if invoice.days_overdue > 0]
    declared_eur = 0.0 if step == "read" else claim_eur
    why = proceeding_words(found, declared_eur, round(total_eur(owed) - total_eur(claimed), 2))
    ends = {"declare": found.declare_by, "relief": found.relief_by}
    return WorklistLine(
        customer_id=debtor.customer_id,
        name=debtor.name,
        tone=step,
        at_risk_eur=0.0 if step == "follow" else claim_eur,
        saveable_eur=0.0 if step == "follow" else round(claim_eur * rules.insolvency_dividend_share, 2),
        overdue_eur=total_eur(invoice for invoice in due if not invoice.disputed),
        disputed_eur=total_eur(invoice for invoice in owed if invoice.disputed),
        oldest_days=max((invoice.days_overdue for invoice in due), default=0),
        payer_grade=debtor.payer_grade,
        last_step_on=found.published_on or found.unread_on or as_of,
        next_step_on=ends.get(step),
        next_tone=_NEXT.get(step, step),
        why_fr=why[0],
        why_en=why[1],
        invoices=tuple(sorted(claimed, key=lambda i: (-i.open_eur, i.due_on, i.invoice_id))),
        disputed=tuple(invoice for invoice in owed if invoice.disputed),
        on_account_eur=debtor.on_account_eur,
        claim_eur=declared_eur,
        contact=debtor.contact,
    )


def _invoice(invoice: OpenInvoice) -> dict[str, Any]:
    at_risk, issued_on = round(invoice.at_risk_eur, 2), invoice.issued_on
    days = {"due_on": invoice.due_on.isoformat(), "issued_on": issued_on and issued_on.isoformat()}
    return {**asdict(invoice), **days, "at_risk_eur": at_risk}
