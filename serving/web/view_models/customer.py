"""The customer page: identity, assessment with reasons, limit, open invoices and payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.grades import PAYERS
from models.policy.limit.stops import STOPS
from models.policy.means_of_payment import MEANS_LABELS
from models.policy.overrides import default_model_of, stopped_by
from models.portfolio.aging import BANDS, OpenItem, aged_balance
from serving.usecases.customer_file import entity_document
from serving.web.charts.aged import aged
from serving.web.charts.bars import use_bar
from serving.web.charts.gauge import grade_gauge, index_gauge
from serving.web.charts.timeline import timeline
from serving.web.view_models.alerts import AlertView, alert_view
from serving.web.view_models.balance import BalanceTerm, balance_terms
from serving.web.view_models.events import EventLine, EventsView, events_view
from serving.web.view_models.history import HistoryView, history_view
from serving.web.view_models.insolvency import InsolvencyView, insolvency_view
from serving.web.view_models.opinions import opinions_view
from serving.web.view_models.payments import months
from serving.web.view_models.probabilities import ProbabilityView, probability_view
from serving.web.view_models.working import LimitView, SetBy, limit_view, set_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.drawing.canvas import Picture
    from serving.store import InvoiceRow
    from serving.store.published_rows import CustomerFile, WorklistRow
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class TermsView:
    """On which terms to sell."""

    days: int
    deposit_share: float
    means: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An assessment as a page shows it, of a customer or of a prospect.

    Parameters
    ----------
    document
        The assessment's document, for values that are shown unchanged.
    history
        How much history the answer rests on: full, short, none or in_default.
    needs_human
        Whether the customer is a natural person.
    default
        None under an open insolvency proceeding: it has happened.
    insolvency
        Its insolvency proceedings, shown first; None where nothing was judged.
    stops
        What stops all credit, which comes before any other reason.
    """

    document: Mapping[str, Any]
    as_of: str
    grade: str
    grade_gauge: Picture
    index_gauge: Picture
    payer: str
    history: str
    needs_human: bool
    late: ProbabilityView
    default: ProbabilityView | None
    default_model: str
    insolvency: InsolvencyView | None
    days_late: tuple[float, float, float]
    later_than: tuple[tuple[int, float], ...]
    limit: LimitView
    terms: TermsView
    grade_set_by: SetBy | None
    stops: tuple[str, ...] = ()

    @property
    def main(self) -> ProbabilityView:
        """The probability whose reasons come first."""
        return self.late if self.default is None else self.default


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One open invoice and how late it is on the day of the scores; less than 0 before its due date."""

    row: InvoiceRow
    days_past_due: int


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The customer page.

    Parameters
    ----------
    balance
        Overdue, not due, on account and the exposure that they sum to.
    use_words
        How far the limit is used or exceeded; empty without a limit.
    payments
        Days late by month; None where nothing is settled yet.
    aged
        None where nothing is open.
    on_account_eur
        Paid or credited and taken by no invoice, less than 0.
    entity
        The other numbers of its legal entity and what all owe; None where it has no other.
    """

    customer_id: str
    name: str
    party: Mapping[str, Any]
    open_eur: float
    overdue_eur: float
    answer: AnswerView
    balance: tuple[BalanceTerm, ...]
    use_words: str
    use: Picture
    payments: Picture | None
    aged: Picture | None
    invoices: tuple[InvoiceLine, ...]
    past: HistoryView | None
    alert: AlertView | None
    to_chase: WorklistRow | None
    events: EventsView
    opinions: tuple[EventLine, ...]
    on_account_eur: float = 0.0
    entity: Mapping[str, Any] | None = None


def answer_view(
    document: Mapping[str, Any],
    w: Words,
    in_force: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
) -> AnswerView:
    """Make the view of an assessment's document.

    Parameters
    ----------
    context
        The published run's, with what reasons compare a customer with.
    in_force
        What a person decided in the model's place; None where nobody can have, as for a prospect.
    """
    from models.assessment.comparison import comparison_of  # noqa: PLC0415  # brings the features along

    compared = comparison_of(document, context)
    payer, insolvency = PAYERS[document["payer_grade"]], insolvency_view(document.get("insolvency"), w)
    payer_words = w.either(payer.label_fr, payer.label_en)
    means = MEANS_LABELS.get(document["means_of_payment"], (document["means_of_payment"],) * 2)
    is_set = in_force is not None and in_force["grade_from"] == "override"
    grade = in_force["grade"] if in_force is not None and is_set else document["grade"]
    return AnswerView(
        document=document,
        as_of=document["as_of"],
        grade=grade,
        grade_gauge=grade_gauge(grade, w),
        index_gauge=index_gauge(document["paydex"], payer_words, w),
        payer=payer_words,
        history=document["history"],
        needs_human=document["party"]["natural_person"],
        late=probability_view(document["p_late30"], w, compared),
        default=None if document["pd_12m"] is None else probability_view(document["pd_12m"], w, compared),
        default_model=default_model_of(document),
        insolvency=insolvency,
        days_late=(document["days_late_p10"], document["days_late_p50"], document["days_late_p90"]),
        later_than=tuple((int(days), share) for days, share in document.get("p_later_than", {}).items()),
        limit=limit_view(_working(document, insolvency), w, in_force),
        terms=TermsView(document["recommended_terms_days"], document["deposit_share"], w.either(*means)),
        grade_set_by=set_by(in_force, "grade") if in_force is not None and is_set else None,
        stops=tuple(w.either(stop["label_fr"], stop["label_en"]) for stop in stopped_by(document)),
    )


def _working(document: Mapping[str, Any], insolvency: InsolvencyView | None) -> Mapping[str, Any]:
    """Return the limit with its working: under a proceeding the stops alone, for nothing else decided it."""
    limit: Mapping[str, Any] = document["limit"]
    if insolvency is None or not insolvency.is_open:
        return limit
    return {**limit, "terms": [term for term in limit["terms"] if term["name"] in STOPS]}


def customer_view(found: CustomerFile, in_force: Mapping[str, Any], w: Words) -> CustomerView:
    """Make the view of a customer.

    Parameters
    ----------
    in_force
        The limit and the grade in force today.
    """
    stored, row = found.stored, found.stored.row
    answer = answer_view(row.assessment, w, in_force, found.context)
    paid = months(found.dossier.paid)
    invoices = tuple(InvoiceLine(one, _days_past_due(one, stored.as_of)) for one in found.invoices)
    overdue = [(one.row, one.days_past_due) for one in invoices if one.days_past_due > 0]
    return CustomerView(
        customer_id=row.customer_id,
        name=row.name or row.customer_id,
        party=row.party,
        open_eur=row.open_eur,
        overdue_eur=row.overdue_eur,
        answer=answer,
        balance=balance_terms(row.open_eur, row.overdue_eur, row.on_account_eur, w),
        use_words=_use_words(row.open_eur, answer.limit.in_force_eur, w),
        use=use_bar(row.open_eur, row.overdue_eur, answer.limit.in_force_eur, w),
        payments=timeline(paid, w) if paid else None,
        aged=_aged(found.invoices, stored.as_of, w),
        invoices=invoices,
        past=history_view(found.history, w, found.dossier.paid, overdue) if found.history else None,
        alert=None if found.alert is None else alert_view(found.alert, w),
        to_chase=found.to_chase,
        events=events_view(found.dossier, w),
        opinions=opinions_view(found.dossier, w),
        on_account_eur=row.on_account_eur,
        entity=entity_document(found),
    )


def _use_words(open_eur: float, limit_eur: float, w: Words) -> str:
    if open_eur > limit_eur:
        return w("use.over_by", over=w.eur(open_eur - limit_eur))
    return w("use.of_limit", share=w.share(max(open_eur, 0.0) / limit_eur, 0)) if limit_eur > 0 else ""


def _days_past_due(row: InvoiceRow, as_of: dt.date) -> int:
    """Return the days that count: those in dispute do not, where the night has them."""
    return (as_of - row.due_on).days if row.days_overdue is None else row.days_overdue


def _aged(invoices: Sequence[InvoiceRow], as_of: dt.date, w: Words) -> Picture | None:
    if not invoices:
        return None
    items = [OpenItem(one.customer_id, one.due_on, round(one.open_eur * 100)) for one in invoices]
    cents = aged_balance(items, as_of).cents
    return aged({band: amount / 100 for band, amount in zip(BANDS, cents, strict=True)}, w)
