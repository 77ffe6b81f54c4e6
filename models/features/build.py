"""Feature builder: combines all families for any customers, documents and days of a ledger.

The same code computes three tables: customers (for default), documents (for late payment), and the customer's
state, from which any later request is computed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.errors import LedgerError
from models.features import company, curves, exposure, invoice, payment_history, peers
from models.features import similar_invoices as alike
from models.features.agreed_terms import AgreedTerms
from models.features.batches import compute_rows
from models.features.book import Book, open_book
from models.features.default_events import DefaultEvents
from models.features.movements import issued_stream
from models.features.open_invoices import OPEN, OPEN_FIELD
from models.features.portfolio_counts import PortfolioCounts
from models.features.running import DAY_BITS, NEVER, day_numbers
from models.features.similar_invoices import SettledInvoices
from models.features.state_schema import StateField, StateSchema, StateVector
from models.features.subjects import Subjects
from models.features.table import names
from models.ledger.id_positions import position
from models.ledger.tables import SIGNAL_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats, Ints
    from models.features.table import Feature
    from models.ledger.ledger import Ledger

CUSTOMER_FEATURES: tuple[Feature, ...] = (
    *payment_history.FEATURES,
    *exposure.FEATURES,
    *company.FEATURES,
    *peers.FEATURES,
)
"""Features of the default model."""

INVOICE_FEATURES: tuple[Feature, ...] = (*CUSTOMER_FEATURES, *invoice.FEATURES)
"""Features of the late-payment model."""

STANDING = (
    "agreed_terms_days",
    "limit_in_force_eur",
    "insured_limit_eur",
    "covered_share",
    "peak_exposure_eur",
    "in_default",
)
"""Customer values that the policy reads besides features; `in_default` is `DefaultEvents.in_default_as`."""

_STATE: tuple[tuple[StateField, Sequence[str]], ...] = (
    *((StateField(feature.name), (feature.name,)) for feature in CUSTOMER_FEATURES),
    (alike.PAST_FIELD, alike.PAST),
    (StateField("usual_eur"), ("usual_eur",)),
    *((StateField(name), (name,)) for name in STANDING),
    (OPEN_FIELD, OPEN),
    (curves.PARENT_FIELD, curves.PARENT),
)
STATE_SCHEMA = StateSchema(tuple(one for one, _ in _STATE))
"""Schema of the stored state, from which any later request is computed without the ledger."""
STATE_COLUMNS: tuple[str, ...] = tuple(name for _, columns in _STATE for name in columns)
"""The state's fields as columns of a frame, one per number."""

HISTORY_FAMILIES = ("payment_history", "exposure")


@dataclass(frozen=True, slots=True)
class FeatureBuilder:
    """A ledger prepared for feature computation.

    Examples
    --------
    `FeatureBuilder.of(ledger).customers(owner, day)` gives one row per customer and day.
    """

    book: Book
    events: DefaultEvents
    first_seen: Ints
    history: payment_history.PaymentHistory
    exposure: exposure.ExposureStreams
    company: company.CompanyStreams
    peers: peers.Peers
    habit: invoice.Habit
    standing: AgreedTerms

    @classmethod
    def of(cls, ledger: Ledger) -> FeatureBuilder:
        """Prepare a ledger: sort each kind of event once.

        Raises
        ------
        LedgerError
            The ledger has several currencies, which cannot be summed.
        """
        import pandas as pd  # noqa: PLC0415  # answering needs no pandas

        from models.ledger.conversion import require_one_currency  # noqa: PLC0415  # as above

        require_one_currency(ledger)
        book, registers = open_book(ledger), company.CompanyStreams.of(ledger)
        signals = ledger.signals
        kinds = position(pd.Series(SIGNAL_KINDS, dtype="str"), signals["kind"])
        signal_events = (book.codes(signals["customer_id"]), day_numbers(signals["seen_on"]), kinds)
        limit = ledger.customers["credit_limit_eur"].to_numpy(np.float64)
        issued = issued_stream(book)
        with ThreadPoolExecutor(2) as threads:
            history = threads.submit(payment_history.PaymentHistory.of, book, issued)
            like = threads.submit(SettledInvoices.of, book)
            owed = exposure.ExposureStreams.of(book, issued, signal_events, limit)
            events = DefaultEvents.of(ledger, book, owed)
            seen = _first_seen(book, registers)
            group = peers.peer_group(registers.static["division"], registers.static["headcount"])
            outcomes = peers.PeerOutcomes.of(book, group, seen, events.first_known)
            rates = peers.Peers(group, outcomes)
            standing = AgreedTerms.of(ledger, owed.open)
            curved = curves.Curves.of(book, like.result(), ledger.customers)
            habit = invoice.Habit(like.result(), curved, issued)
            return cls(book, events, seen, history.result(), owed, registers, rates, habit, standing)

    def counts(self, day: int) -> PortfolioCounts:
        """Count what features of any customer need of all others, as of the end of a day.

        Raises
        ------
        LedgerError
            This builder answers for a part of a portfolio already.
        """
        curved = self._countable().habit.curves
        counted = curved.counted_on(day)
        return PortfolioCounts(day, self.peers.outcomes.on(day), {counted: curved.counts(counted)})

    def counts_until(self, day: int, *, payments: bool) -> PortfolioCounts:
        """Count what features of any customer need of all others, as of the end of every day until one.

        Parameters
        ----------
        payments
            Whether features of invoices are computed, which need them.

        Raises
        ------
        LedgerError
            This builder answers for a part of a portfolio already.
        """
        paid = self._countable().habit.curves.counts_until(day) if payments else {}
        return PortfolioCounts(day, self.peers.outcomes, paid)

    def _countable(self) -> FeatureBuilder:
        if self.habit.curves.whole is not None:
            raise LedgerError("a part of a portfolio has the counts of the whole; count before `within`")
        return self

    def within(self, counts: PortfolioCounts) -> FeatureBuilder:
        """Return a builder for these customers as a part of a portfolio, on the days of its counts only."""
        habit = replace(self.habit, curves=replace(self.habit.curves, whole=counts.payments))
        return replace(self, peers=replace(self.peers, outcomes=counts.peers), habit=habit)

    def asked_from(self) -> Ints:
        """Return the first day of each customer's training rows, shape `(n_customers,)`.

        This is its first invoice: earlier data exist only for companies that survived to become customers. In
        a ledger without invoices, it is the day the customer was first seen.
        """
        return (
            _first_issued(self.book, self.book.is_invoice) if self.book.is_invoice.any() else self.first_seen
        )

    def customers(self, owner: Ints, day: Ints) -> pd.DataFrame:
        """Return `CUSTOMER_FEATURES` of customers as of the end of days, shape `(n, n_features)`."""

        def compute(rows: Ints) -> dict[str, Floats]:
            return self._customer_columns(Subjects.customers(owner[rows], day[rows]))

        return compute_rows(compute, owner, day, names(CUSTOMER_FEATURES))

    def documents(self, document: Ints, day: Ints) -> pd.DataFrame:
        """Return `INVOICE_FEATURES` of documents as of the end of days, shape `(n, n_features)`."""

        def compute(rows: Ints) -> dict[str, Floats]:
            return self._document_columns(Subjects.documents(self.book, document[rows], day[rows]))

        return compute_rows(compute, self.book.owner[document], day, names(INVOICE_FEATURES))

    def states(self, owner: Ints, day: Ints) -> pd.DataFrame:
        """Return `STATE_COLUMNS` of customers as of the end of days, shape `(n, n_columns)`."""

        def compute(rows: Ints) -> dict[str, Floats]:
            return self._state_columns(Subjects.customers(owner[rows], day[rows]))

        return compute_rows(compute, owner, day, STATE_COLUMNS)

    def state_vectors(self, owner: Ints, day: Ints) -> list[StateVector]:
        """Return the states as vectors of `STATE_SCHEMA`, one per customer."""
        rows = self.states(owner, day).to_numpy(np.float64)
        return [StateVector(STATE_SCHEMA, row) for row in rows]

    def _document_columns(self, subjects: Subjects) -> dict[str, Floats]:
        book, document, owner, day = self.book, subjects.document, subjects.owner, subjects.day
        asked = invoice.InvoiceQueries(book.issued[document], book.due[document], book.amount[document] / 100)
        like = self.habit.alike.columns(owner, day, asked.due, book.amount[document])
        at = curves.QueriedDocuments.at(document, asked.issued, asked.due, day)
        like |= self.habit.curves.columns(owner, day, asked.due, book.amount[document], at)
        usual = self.habit.usual_eur(owner, day)
        return self._customer_columns(subjects) | invoice.describe(asked, day, usual, like)

    def _state_columns(self, subjects: Subjects) -> dict[str, Floats]:
        owner, day = subjects.owner, subjects.day
        columns = self._customer_columns(subjects) | self.habit.kept(owner, day)
        columns |= self.standing.columns(owner, day)
        columns["in_default"] = self.events.in_default_as(owner, day)
        return columns

    def _customer_columns(self, subjects: Subjects) -> dict[str, Floats]:
        columns = self.history.columns(subjects)
        columns |= self.exposure.columns(subjects, columns)
        columns |= self.company.columns(subjects)
        columns |= self.peers.columns(subjects.owner, subjects.day)
        return columns


def mask_history(frame: pd.DataFrame, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.DataFrame:
    """Return a copy in which some rows have no payment history, as for a prospect.

    Used to train models for prospects. Invoice features that depend on the customer's habits are masked too;
    register data and peers remain.

    Parameters
    ----------
    rows
        True for the rows to mask, shape `(n,)`.
    """
    masked = frame.copy()
    blank: dict[str, float | Floats] = {
        f.name: f.without_history for f in CUSTOMER_FEATURES if f.family in HISTORY_FAMILIES
    }
    blank |= dict.fromkeys(("amount_to_usual", *alike.COLUMNS), np.nan) | {"alike_weight": 0.0}
    if set(curves.COLUMNS) <= set(masked):
        blank |= curves.without_history({name: masked[name].to_numpy() for name in curves.COLUMNS})
    for name, value in blank.items():
        if name in masked:
            masked[name] = np.where(rows, value, masked[name])
    return masked


def _first_seen(book: Book, registers: company.CompanyStreams) -> Ints:
    seen = _first_issued(book, np.ones(len(book.owner), dtype=bool))
    accounts = registers.accounts
    np.minimum.at(seen, accounts.keys >> DAY_BITS, accounts.days())
    return seen


def _first_issued(book: Book, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Return the day of each customer's first document within a mask, `NEVER` where none."""
    first = np.full(len(book.customer_ids), NEVER, dtype=np.int64)
    known = which & (book.owner >= 0)
    np.minimum.at(first, book.owner[known], book.issued[known])
    return first
