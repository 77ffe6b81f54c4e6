"""The nightly run: check the ledger, score every customer and open invoice, publish atomically.

A run is identified by its day, both models, the policy, the data and the state schema: running the same again
changes nothing. Each partition is one transaction, so that an interrupted run resumes where it stopped, and
readers see the previous scores until the new ones are complete. Of two concurrent runs the second waits, and
then finds the run published, or scores its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.assessor import EPOCH
from models.assessment.party import Party
from models.assessment.related_exposure import (
    CONTEXT_KEY,
    EntityNumber,
    related_exposure_of,
    shared_entities,
    sums_of,
)
from models.errors import LedgerError
from models.features.build import STATE_SCHEMA, FeatureBuilder
from models.features.curves import POPULATION
from models.features.insolvencies import insolvencies
from models.ledger.conversion import require_one_currency
from models.ledger.entities import entity_codes, entity_keys
from models.ledger.files import fingerprint
from models.ledger.ledger import as_known_on
from models.ledger.tables import CUSTOMERS
from pipelines.nightly.customer_history import Past, dates, past_due
from pipelines.nightly.findings import publish_findings, sales_by_month
from serving.store import CustomerRow, InvoiceRow, RunKey

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from models.arrays import Floats, Ints
    from models.assessment.assessor import Assessor
    from models.law.insolvency import Insolvency
    from models.ledger.ledger import Ledger
    from pipelines.validation.results import CheckReport
    from serving.store import Store

PARTITION = 500
LATE_DAYS = 30


@dataclass(frozen=True, slots=True)
class NightReport:
    """Outcome of a nightly run; `computed` is False where the same run was already published."""

    run_id: int
    as_of: dt.date
    customers: int
    open_invoices: int
    computed: bool
    warnings: tuple[str, ...] = ()


def run_night(
    ledger: Ledger,
    as_of: dt.date,
    assessor: Assessor,
    store: Store,
    check: Callable[[Ledger], CheckReport | tuple[str, ...]],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    notes: Mapping[str, Any] | None = None,
    waits: Callable[[str], None] = lambda _who: None,
) -> NightReport:
    """Score the portfolio as of the end of a day and publish the scores.

    Parameters
    ----------
    check
        Returns a report, of which a summary is stored with the run, or warnings alone; raises `LedgerError`
        where the ledger cannot be scored.
    progress
        Called with the number of customers done and of all customers.
    notes
        Published with the run, as JSON values.
    waits
        Called once with the current holder's name before waiting for a concurrent run.

    Raises
    ------
    LedgerError
        The ledger is empty on that day, fails the check, or has another currency than the policy; the scores
        of the previous run remain.
    """
    known = as_known_on(ledger, as_of)
    if known.customers.empty:
        raise LedgerError("the ledger holds no customer; import one first")
    require_one_currency(known, assessor.policy.currency)
    key = RunKey(
        as_of,
        assessor.late.version,
        assessor.default.version,
        assessor.policy.hash,
        fingerprint(known),
        STATE_SCHEMA.hash,
    )
    with store.one_night(waits):
        return _score(known, key, assessor, store, check, progress, notes)


def _score(
    known: Ledger,
    key: RunKey,
    assessor: Assessor,
    store: Store,
    check: Callable[[Ledger], CheckReport | tuple[str, ...]],
    progress: Callable[[int, int], None],
    notes: Mapping[str, Any] | None,
) -> NightReport:
    """Score and publish a run, under the lock; a complete one is only published."""
    as_of, run = key.as_of, store.begin_run(key)
    if run.complete:
        published = store.publish(run.run_id, {})
        counts = published.context or {}
        return NightReport(
            run.run_id, as_of, counts.get("customers", 0), counts.get("open_invoices", 0), computed=False
        )
    found = check(known)
    warnings, checks = (found, None) if isinstance(found, tuple) else (found.sentences, found.summary())
    builder = FeatureBuilder.of(known)
    scoring = Scoring.of(builder, known, assessor, as_of)
    done = store.done_partitions(run.run_id)
    count = len(known.customers)
    for partition, first in enumerate(range(0, count, PARTITION)):
        owners = np.arange(first, min(first + PARTITION, count), dtype=np.int64)
        if partition not in done:
            store.write_partition(run.run_id, partition, scoring.customers(owners), scoring.invoices(owners))
        progress(int(owners[-1]) + 1, count)
    open_invoices = len(scoring.open)
    context = {
        "customers": count,
        "open_invoices": open_invoices,
        "peers": peer_rates(builder, as_of),
        CONTEXT_KEY: scoring.sums,
        **({"checks": checks} if checks else {}),
        **(notes or {}),
    }
    sales = sales_by_month(builder.book, as_of, scoring.day)
    publish_findings(store, run, assessor, sales, scoring.sums.get("entity_of", {}))
    store.publish(run.run_id, context)
    return NightReport(run.run_id, as_of, count, open_invoices, computed=True, warnings=warnings)


@dataclass(frozen=True, slots=True)
class Scoring:
    """A prepared ledger with the models and the policy, as of a day.

    Parameters
    ----------
    open
        Documents that are open invoices at the end of the day, shape `(n_open,)`.
    left
        Open amount of every document of the ledger, in cents, shape `(n_documents,)`.
    overdue
        Overdue amount of each customer, disputed or not, in cents, shape `(n_customers,)`.
    sums
        Exposure by legal entity, by group, by sector and in total, of `models.assessment.related_exposure`.
    past
        Payments, filings and signals, of `pipelines.nightly.customer_history`.
    insolvent
        Insolvency status by customer code; customers without a judgment are absent.
    """

    builder: FeatureBuilder
    ledger: Ledger
    assessor: Assessor
    as_of: dt.date
    open: Ints
    left: Ints
    overdue: Ints
    sums: dict[str, Any]
    past: Past
    insolvent: Mapping[int, Insolvency]

    @classmethod
    def of(cls, builder: FeatureBuilder, ledger: Ledger, assessor: Assessor, as_of: dt.date) -> Scoring:
        """Find the open invoices, once for all partitions; the ledger is already restricted to the day."""
        book, day = builder.book, (as_of - EPOCH).days
        is_open = book.is_invoice & (book.owner >= 0) & (book.issued <= day) & (book.settled > day)
        left, paid = book.amount.copy(), book.pay_document >= 0
        np.subtract.at(left, book.pay_document[paid], book.pay_applied[paid])
        everybody = np.arange(len(ledger.customers), dtype=np.int64)
        owed = builder.exposure.owed_eur(everybody, np.full(len(everybody), day, dtype=np.int64))
        sums = sums_of(zip(parties_of(ledger.customers), owed.tolist(), strict=True))
        past = Past.of(book, ledger, day)
        late, overdue = is_open & (book.due < day), np.zeros(len(everybody), dtype=np.int64)
        np.add.at(overdue, book.owner[late], left[late])
        opened, insolvent = np.flatnonzero(is_open), insolvencies(ledger, as_of)
        made = cls(builder, ledger, assessor, as_of, opened, left, overdue, sums, past, insolvent)
        return replace(made, sums={**sums, **shared_entities(made.entity_numbers())})

    @property
    def day(self) -> int:
        """The as-of day as a number."""
        return (self.as_of - EPOCH).days

    def states(self, owners: Ints) -> list[CustomerState]:
        """Return the states of customers by their codes."""
        vectors = self.builder.state_vectors(owners, np.full(len(owners), self.day, dtype=np.int64))
        parties = [
            replace(party, insolvency=self.insolvent.get(int(owner)))
            for owner, party in zip(owners, parties_of(self.ledger.customers.iloc[owners]), strict=True)
        ]
        context = {CONTEXT_KEY: self.sums}
        return [
            CustomerState(
                party, self.as_of, vector, related_exposure_of(party, context, vector.number("open_eur"))
            )
            for party, vector in zip(parties, vectors, strict=True)
        ]

    def entity_numbers(self) -> list[tuple[str, EntityNumber]]:
        """Return the customer numbers that share a legal entity, with its key, in the order of customers."""
        codes, keys = entity_codes(self.ledger.customers), entity_keys(self.ledger.customers)
        shared = np.flatnonzero(np.bincount(codes, minlength=1)[codes] > 1)
        found = []
        for code, known in zip(shared, self.assessor.know(self.states(shared)), strict=True):
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
        answers = self.assessor.assess_many(states, [CreditRequest()] * len(states))
        return [
            CustomerRow(
                customer_id=str(state.party.customer_id),
                name=state.party.name,
                siren=state.party.siren,
                party=state.party.document(),
                state=state.vector,
                assessment=answer.document(),
                pd_12m=1.0 if answer.pd_12m is None else answer.pd_12m.value,
                p_late30=answer.p_late30.value,
                grade=answer.grade,
                limit_eur=answer.limit.limit_eur,
                open_eur=state.vector.number("open_eur"),
                overdue_eur=float(self.overdue[owner] / 100),
                proceeding=_open_kind(state.party),
                dossier=self.past.dossier(int(owner)),
            )
            for owner, state, answer in zip(owners, states, answers, strict=True)
        ]

    def invoices(self, owners: Ints) -> list[InvoiceRow]:
        """Score the open invoices of customers, as rows of the store."""
        book = self.builder.book
        owner = book.owner[self.open]
        documents = self.open[(owner >= owners[0]) & (owner <= owners[-1])]
        if not len(documents):
            return []
        p_late, days_late = score_documents(self.builder, self.assessor, documents, self.day)
        issued, due = dates(book.issued[documents]), dates(book.due[documents])
        overdue, disputed = past_due(book, documents, self.day)
        return [
            InvoiceRow(
                invoice_id=str(book.invoice_ids[document]),
                customer_id=str(book.customer_ids[book.owner[document]]),
                issued_on=issued[row],
                due_on=due[row],
                amount_eur=float(book.amount[document] / 100),
                open_eur=float(self.left[document] / 100),
                p_late30=float(p_late[row]),
                days_late_p10=float(days_late[row, 0]),
                days_late_p50=float(days_late[row, 1]),
                days_late_p90=float(days_late[row, 2]),
                days_overdue=int(overdue[row]),
                disputed=bool(disputed[row]),
            )
            for row, document in enumerate(documents)
        ]


def score_documents(
    builder: FeatureBuilder, assessor: Assessor, documents: Ints, day: int
) -> tuple[Floats, Floats]:
    """Return the probability of late payment and the quantiles of days late of open documents.

    Documents already past the days are late: their probability is 1, without the model.
    """
    frame = builder.documents(documents, np.full(len(documents), day, dtype=np.int64))
    p_late = assessor.late.probability(frame)
    decided = builder.book.passes(LATE_DAYS)[documents] <= day
    return np.where(decided, 1.0, p_late), assessor.late.days_late(frame)


def peer_rates(builder: FeatureBuilder, as_of: dt.date) -> dict[str, list[float | None]]:
    """Return peer rates and the portfolio's payment hazards as of a day, for prospects."""
    groups = np.arange(builder.peers.group_count, dtype=np.int64)
    rates = builder.peers.rates(groups, np.full(len(groups), (as_of - EPOCH).days, dtype=np.int64))
    table = np.stack([rates["peer_late30_rate"], rates["peer_default_rate"]], axis=1)
    found = {str(group): [None if np.isnan(v) else float(v) for v in table[group]] for group in groups}
    curves = builder.habit.curves
    return {**found, POPULATION: curves.population(curves.counted_on((as_of - EPOCH).days)).tolist()}


def _open_kind(party: Party) -> str | None:
    """Return the kind of a party's open insolvency proceeding, None if there is none."""
    found = party.insolvency
    return found.kind if found is not None and found.is_open else None


def parties_of(customers: pd.DataFrame) -> list[Party]:
    """Convert rows of the `customers` table to parties."""
    return [_party(row) for row in customers.to_dict("records")]


def _party(row: dict[Any, Any]) -> Party:
    known: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in _PARTY_FIELDS}
    created = known.pop("created_on")
    return Party(**known, created_on=None if created is None else created.date())


_PARTY_FIELDS = tuple(field.name for field in fields(Party) if field.name in CUSTOMERS.column_names)
"""Fields of a party that the ledger provides; `unlisted` is only determined for prospects."""
