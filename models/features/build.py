"""All families together: a ledger prepared once, then rows for any customers, documents and days.

Three tables come out of one code: customers as such (for default), documents (for late payment), and the
customer's state, which holds what any later question about it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.default_events import DefaultEvents
from models.features import company, exposure, invoice, payment_history, peers
from models.features.book import Book, open_book, position
from models.features.running import NEVER, day_numbers
from models.features.standing import Standing
from models.features.subjects import Subjects
from models.ledger import SIGNAL_KINDS

if TYPE_CHECKING:
    from models.features.running import Floats, Ints
    from models.features.table import Feature
    from models.ledger import Ledger

CUSTOMER_FEATURES: tuple[Feature, ...] = (
    *payment_history.FEATURES,
    *exposure.FEATURES,
    *company.FEATURES,
    *peers.FEATURES,
)
"""What the default model reads."""

INVOICE_FEATURES: tuple[Feature, ...] = (*CUSTOMER_FEATURES, *invoice.FEATURES)
"""What the late-payment model reads."""

STANDING = (
    "agreed_terms_days",
    "limit_in_force_eur",
    "insured_limit_eur",
    "covered_share",
    "peak_exposure_eur",
    "in_default",
)
"""What the policy asks about a customer beside its features."""

STATE_COLUMNS: tuple[str, ...] = (
    *(feature.name for feature in CUSTOMER_FEATURES),
    *invoice.HABIT,
    *STANDING,
)
"""What is kept of a customer, in order."""

HISTORY_FAMILIES = ("payment_history", "exposure")


@dataclass(frozen=True, slots=True)
class FeatureBuilder:
    """A ledger prepared for questions.

    Examples
    --------
    `FeatureBuilder.of(ledger).customers(owner, day)` gives one row a customer and day.
    """

    book: Book
    events: DefaultEvents
    first_seen: Ints
    history: payment_history.PaymentHistory
    exposure: exposure.Exposure
    company: company.Company
    peers: peers.Peers
    habit: invoice.Habit
    standing: Standing

    @classmethod
    def of(cls, ledger: Ledger) -> FeatureBuilder:
        """Prepare a ledger: sort every kind of event once."""
        book = open_book(ledger)
        events = DefaultEvents.of(ledger, book)
        registers = company.Company.of(ledger)
        kinds = position(pd.Index(SIGNAL_KINDS), ledger.signals["kind"])
        limit = ledger.customers["credit_limit_eur"].to_numpy(np.float64)
        owed = exposure.Exposure.of(
            book,
            book.codes(ledger.signals["customer_id"]),
            day_numbers(ledger.signals["seen_on"]),
            kinds,
            limit,
        )
        seen = _first_seen(book, registers)
        group = peers.peer_group(registers.static["division"], registers.static["headcount"])
        return cls(
            book,
            events,
            seen,
            payment_history.PaymentHistory.of(book),
            owed,
            registers,
            peers.Peers.of(book, group, seen, events.first_known),
            invoice.Habit.of(book),
            Standing.of(ledger, owed.open),
        )

    def customers(self, owner: Ints, day: Ints) -> pd.DataFrame:
        """Return `CUSTOMER_FEATURES` of customers as of the end of days, shape `(n, n_features)`."""
        return _frame(self._customer_columns(Subjects.customers(owner, day)), CUSTOMER_FEATURES)

    def documents(self, document: Ints, day: Ints) -> pd.DataFrame:
        """Return `INVOICE_FEATURES` of documents as of the end of days, shape `(n, n_features)`."""
        subjects = Subjects.documents(self.book, document, day)
        columns = self._customer_columns(subjects)
        book = self.book
        asked = invoice.Asked(book.issued[document], book.due[document], book.amount[document] / 100)
        median, p90 = self.habit.weekday_columns(subjects.owner, day, invoice.weekday(asked.due))
        usual = self.habit.usual_eur(subjects.owner, day)
        columns |= invoice.describe(asked, day, usual, median, p90)
        return _frame(columns, INVOICE_FEATURES)

    def states(self, owner: Ints, day: Ints) -> pd.DataFrame:
        """Return `STATE_COLUMNS` of customers as of the end of days, shape `(n, n_columns)`."""
        columns = self._customer_columns(Subjects.customers(owner, day)) | self.habit.kept(owner, day)
        columns |= self.standing.columns(owner, day)
        columns["in_default"] = self.events.in_default(owner, day).astype(np.float64)
        return pd.DataFrame({name: columns[name] for name in STATE_COLUMNS}, copy=False)

    def _customer_columns(self, subjects: Subjects) -> dict[str, Floats]:
        columns = self.history.columns(subjects)
        columns |= self.exposure.columns(subjects, columns)
        columns |= self.company.columns(subjects)
        columns |= self.peers.columns(subjects.owner, subjects.day)
        return columns


def mask_history(frame: pd.DataFrame, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.DataFrame:
    """Return a copy in which some rows look as if the customer had never been invoiced.

    This is how a model learns to answer on a prospect. What an invoice says about the customer's habits goes
    as well; registers and peers stay.

    Parameters
    ----------
    rows
        True for the rows to mask, shape `(n,)`.
    """
    masked = frame.copy()
    blank = {f.name: f.without_history for f in CUSTOMER_FEATURES if f.family in HISTORY_FAMILIES}
    blank |= dict.fromkeys(("amount_to_usual", "weekday_median", "weekday_p90"), np.nan)
    for name, value in blank.items():
        if name in masked:
            masked[name] = np.where(rows, value, masked[name])
    return masked


def _frame(columns: dict[str, Floats], features: tuple[Feature, ...]) -> pd.DataFrame:
    return pd.DataFrame({f.name: np.asarray(columns[f.name], dtype=np.float64) for f in features}, copy=False)


def _first_seen(book: Book, registers: company.Company) -> Ints:
    seen = np.full(len(book.customer_ids), NEVER, dtype=np.int64)
    known = book.owner >= 0
    np.minimum.at(seen, book.owner[known], book.issued[known])
    accounts = registers.accounts
    np.minimum.at(seen, accounts.keys >> 20, accounts.days())
    return seen
