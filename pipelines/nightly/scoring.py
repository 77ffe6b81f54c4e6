"""Second pass of a nightly run: the scores of a part's customers and open invoices, and its findings.

Owns the preparation of a part and its rows for the store. A worker needs neither the store nor other parts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.assessor import EPOCH
from models.assessment.related_exposure import (
    CONTEXT_KEY,
    EntityNumber,
    division_of,
    related_exposure_of,
    shared_entities,
)
from models.features.build import FeatureBuilder
from models.features.curves import BOUNDS
from models.features.insolvencies import insolvencies
from models.learning.artifact import days_of, paid_invoices
from models.learning.delay_curve import LEVELS, habit_curve
from models.learning.named_columns import NamedColumns
from models.ledger.entities import entity_codes, entity_keys
from models.ledger.insurers import insurers_on
from models.ledger.regions import region_of
from models.portfolio.expected_loss import Exposure, expected_loss_eur
from pipelines.nightly.alerts import announced
from pipelines.nightly.customer_history import Past, dates, past_due
from pipelines.nightly.findings import findings_of
from pipelines.nightly.parties import parties_of
from pipelines.nightly.receipts import invoice_weeks, receipts_of, sales_to_come
from serving.store import CustomerRow, InvoiceRow, PackedPartition

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from models.arrays import Floats, Ints
    from models.assessment.assessment import Assessment
    from models.assessment.assessor import Assessor
    from models.assessment.party import Party
    from models.law.insolvency import Insolvency
    from models.ledger.ledger import Ledger
    from models.portfolio.grouped_receipts import InvoiceWeeks
    from models.portfolio.payment_rhythm import PaymentRhythm
    from pipelines.ledger_parts import LedgerParts
    from pipelines.nightly.totals import LedgerTotals
    from serving.store import Run, StoredRows

AT_ONCE = 500
"""Number of customers assessed in one batch."""
LATE_DAYS = 30


@dataclass(frozen=True, slots=True)
class ScoringJob:
    """What the scoring of any part needs; the same for all parts of a night.

    Parameters
    ----------
    run_before
        The run that changes are compared with, None in the first.
    """

    parts: LedgerParts
    assessor: Assessor
    totals: LedgerTotals
    run_before: Run | None


@dataclass(frozen=True, slots=True)
class PartTask:
    """One part to score.

    Parameters
    ----------
    before
        Its customers in the run before, None without one.
    """

    part: int
    before: StoredRows | None


def score_part(job: ScoringJob, task: PartTask) -> PackedPartition:
    """Score the customers and the open invoices of a part.

    Raises
    ------
    LedgerError
        The part cannot be read; the message names it.
    """
    known = job.parts.read(task.part)
    scoring = Scoring.of(known, job.assessor, job.totals)
    everybody = np.arange(len(known.customers), dtype=np.int64)
    batches = [everybody[first : first + AT_ONCE] for first in range(0, len(everybody), AT_ONCE)]
    customers = [row for owners in batches for row in scoring.customers(owners)]
    invoices, weeks = scoring.invoices()
    before = None if task.before is None or job.run_before is None else (job.run_before, task.before.rows())
    customers = announced(customers, () if before is None else before[1], job.assessor.policy)
    found = findings_of(customers, invoices, job.assessor, job.parts.as_of, scoring.shared, before)
    lags = job.totals.receipts.lags
    sales = sales_to_come(scoring.builder.book, scoring.day, lags, scoring.insolvent)
    document = {**found.document(), "receipts": receipts_of(customers, weeks, sales).document()}
    return PackedPartition.of(customers, invoices, document, weeks)


@dataclass(frozen=True, slots=True)
class Scoring:
    """A prepared part of a ledger with the models and the policy, as of a day.

    Parameters
    ----------
    open
        Documents that are open invoices at the end of the day, by customer, shape `(n_open,)`.
    left
        Open amount of every document of the part, in cents, shape `(n_documents,)`.
    overdue
        Overdue amount of each customer, disputed or not, in cents, shape `(n_customers,)`.
    sums
        Exposure by group, by sector and in total, of the whole ledger.
    shared
        The part's legal entities with several customer numbers, of
        `models.assessment.related_exposure.shared_entities`.
    past
        Payments, filings and signals, of `pipelines.nightly.customer_history`.
    insolvent
        Insolvency status by customer code; customers without a judgment are absent.
    insurers
        By customer number, of `models.ledger.insurers`.
    rhythm
        Rhythm of payment of the whole ledger.
    """

    builder: FeatureBuilder
    ledger: Ledger
    assessor: Assessor
    day: int
    open: Ints
    left: Ints
    overdue: Ints
    sums: Mapping[str, Any]
    shared: Mapping[str, Any]
    past: Past
    insolvent: Mapping[int, Insolvency]
    insurers: Mapping[str, str]
    rhythm: PaymentRhythm

    @classmethod
    def of(cls, known: Ledger, assessor: Assessor, totals: LedgerTotals) -> Scoring:
        """Prepare a part that is restricted to the day of the totals."""
        day = totals.counts.day
        builder = FeatureBuilder.of(known).within(totals.counts)
        book = builder.book
        is_open, left = book.open_on(day), book.left_on(day)
        late, overdue = is_open & (book.due < day), np.zeros(len(known.customers), dtype=np.int64)
        np.add.at(overdue, book.owner[late], left[late])
        opened = np.flatnonzero(is_open)
        opened = opened[np.argsort(book.owner[opened], kind="stable")]
        as_of = EPOCH + dt.timedelta(days=day)
        made = cls(
            builder,
            known,
            assessor,
            day,
            opened,
            left,
            overdue,
            totals.sums,
            {},
            Past.of(book, known, day),
            insolvencies(known, as_of),
            insurers_on(known.insurance, as_of),
            totals.receipts.rhythm.rhythm(),
        )
        return replace(made, shared=shared_entities(made.entity_numbers()))

    def states(self, owners: Ints) -> list[CustomerState]:
        """Return the states of customers by their codes."""
        vectors = self.builder.state_vectors(owners, np.full(len(owners), self.day, dtype=np.int64))
        parties = [
            replace(party, insolvency=self.insolvent.get(int(owner)))
            for owner, party in zip(owners, parties_of(self.ledger.customers.iloc[owners]), strict=True)
        ]
        context = {CONTEXT_KEY: {**self.sums, **self.shared}}
        as_of = EPOCH + dt.timedelta(days=self.day)
        return [
            CustomerState(
                party, as_of, vector, related_exposure_of(party, context, vector.number("open_eur"))
            )
            for party, vector in zip(parties, vectors, strict=True)
        ]

    def entity_numbers(self) -> list[tuple[str, EntityNumber]]:
        """Return the customer numbers that share a legal entity, with its key, in the order of customers."""
        codes, keys = entity_codes(self.ledger.customers), entity_keys(self.ledger.customers)
        shared = np.flatnonzero(np.bincount(codes, minlength=1)[codes] > 1)
        found = []
        for code, known in zip(shared, self.assessor.know(self.states(shared), explained=False), strict=True):
            party, facts = known.state.party, known.facts
            number = EntityNumber(
                str(party.customer_id),
                party.name,
                facts["open_eur"] or 0.0,
                facts["oldest_overdue_days"] or 0.0,
                bool(facts["in_default"]),
                known.default.value,
            )
            found.append((str(keys.iloc[code]), number))
        return found

    def customers(self, owners: Ints) -> list[CustomerRow]:
        """Assess customers by their codes, as rows of the store."""
        states = self.states(owners)
        regions = _regions(self.ledger.customers.iloc[owners])
        answers = self.assessor.assess_many(states, [CreditRequest()] * len(states), explained=False)
        return [
            CustomerRow(
                customer_id=str(state.party.customer_id),
                name=state.party.name,
                siren=state.party.siren,
                party=state.party.document(),
                state=state.vector,
                assessment=answer.figures(),
                pd_12m=1.0 if answer.pd_12m is None else answer.pd_12m.value,
                p_late30=answer.p_late30.value,
                grade=answer.grade,
                limit_eur=answer.limit.limit_eur,
                open_eur=state.vector.number("open_eur"),
                overdue_eur=float(self.overdue[owner] / 100),
                proceeding=_open_kind(state.party),
                sector=division_of(state.party.naf),
                review_on=answer.limit.review_on,
                expected_loss_eur=self._expected_loss_eur(answer, state.vector.number("open_eur")),
                in_default=answer.case.is_defaulted or answer.case.open_proceeding,
                dossier=self.past.dossier(int(owner)),
                region=region,
                insurer=self.insurers.get(str(state.party.customer_id)),
            )
            for owner, state, answer, region in zip(owners, states, answers, regions, strict=True)
        ]

    def _expected_loss_eur(self, answer: Assessment, open_eur: float) -> float:
        lgd_share = self.assessor.policy.expected_loss.lgd_share
        return expected_loss_eur(Exposure.of(answer.case, open_eur), lgd_share)

    def invoices(self) -> tuple[list[InvoiceRow], InvoiceWeeks]:
        """Score the open invoices: rows of the store, and their receipts by week, both by customer."""
        book, documents = self.builder.book, self.open
        p_late, days_late, chances = score_documents(self.builder, self.assessor, documents, self.day)
        weeks = invoice_weeks(book, documents, self.left, chances, self.day, self.rhythm, self.insolvent)
        overdue, disputed = past_due(book, documents, self.day)
        columns = (
            book.invoice_ids[documents].tolist(),
            book.customer_ids[book.owner[documents]].tolist(),
            dates(book.issued[documents]),
            dates(book.due[documents]),
            (book.amount[documents] / 100).tolist(),
            (self.left[documents] / 100).tolist(),
            p_late.tolist(),
            *days_late.T.tolist(),
            overdue.tolist(),
            disputed.tolist(),
        )
        return [InvoiceRow(*row) for row in zip(*columns, strict=True)], weeks


def score_documents(
    builder: FeatureBuilder, assessor: Assessor, documents: Ints, day: int
) -> tuple[Floats, Floats, Floats]:
    """Return the probability of late payment, the quantiles of days late and the chances of open documents.

    Documents already past the days are late: their probability is 1, without the model. The chances are of
    `DelayCurve.chances`; for a model of the earlier format, which has no curve, of the habits alone.
    """
    late = assessor.late
    if not len(documents):
        return np.zeros(0), np.zeros((0, len(LEVELS))), np.zeros((0, len(BOUNDS)))
    frame = builder.documents(documents, np.full(len(documents), day, dtype=np.int64))
    p_late = late.probability(frame)
    decided = builder.book.passes(LATE_DAYS)[documents] <= day
    curve = habit_curve() if late.curve is None else late.curve
    columns = NamedColumns.of(frame, curve.read)
    chances = curve.chances(columns, late.calibration, paid_invoices(frame), days_of(late.target))
    days_late = late.days_late(frame) if late.curve is None else curve.quantiles(columns, chances)
    return np.where(decided, 1.0, p_late), days_late, chances


def _regions(customers: pd.DataFrame) -> list[str | None]:
    columns = (customers[name] for name in ("postcode", "country"))
    places = zip(*(column.astype("object").where(column.notna(), None) for column in columns), strict=True)
    return [region_of(postcode, country) for postcode, country in places]


def _open_kind(party: Party) -> str | None:
    """Return the kind of a party's open insolvency proceeding, None if there is none."""
    found = party.insolvency
    return found.kind if found is not None and found.is_open else None
