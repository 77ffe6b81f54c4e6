"""Exposure of a customer on a day: open, overdue by age, disputed, relative to its limit and its habits.

Amounts are in euros; the queried document's open amount is excluded (see `Subjects`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.movements import disputed_stream, open_stream, overdue_stream
from models.features.running import DAY_BITS, NEVER, Stream, ordered, pack, ratio
from models.features.table import Feature
from models.ledger.tables import SIGNAL_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.subjects import Subjects

AGES = (0, 30, 60, 90)
_NAN, _INF = np.nan, np.inf


def _exposure(
    name: str, unit: str, sign: int, group: str, fr: str, en: str, without: float = 0.0, high: float = _INF
) -> Feature:
    # A credit balance may exceed the open invoices.
    low = -_INF if name in ("open_eur", "open_to_month", "limit_use", "sales_growth") else 0.0
    return Feature(name, unit, low, high, sign, "exposure", group, fr, en, without)


FEATURES: list[Feature] = [
    _exposure("open_eur", "eur", 0, "exposure", "encours", "exposure"),
    _exposure("open_count", "count", 0, "exposure", "factures ouvertes", "open invoices"),
    _exposure("overdue_eur", "eur", 1, "overdue", "montant échu", "overdue amount"),
    _exposure("overdue_count", "count", 1, "overdue", "factures échues", "overdue invoices"),
    _exposure("overdue30_eur", "eur", 1, "overdue",
              "montant échu depuis plus de 30 jours", "amount overdue for more than 30 days"),
    _exposure("overdue60_eur", "eur", 1, "overdue",
              "montant échu depuis plus de 60 jours", "amount overdue for more than 60 days"),
    _exposure("overdue90_eur", "eur", 1, "overdue",
              "montant échu depuis plus de 90 jours", "amount overdue for more than 90 days"),
    _exposure("overdue_share", "ratio", 1, "overdue",
              "part échue de l'encours", "overdue share of the exposure", _NAN),
    _exposure("overdue30_share", "ratio", 1, "overdue",
              "part de l'encours échue depuis plus de 30 jours",
              "share of the exposure overdue for more than 30 days", _NAN),
    _exposure("oldest_overdue_days", "days", 1, "overdue",
              "âge de la plus ancienne facture échue", "age of the oldest overdue invoice"),
    _exposure("overdue_surprise", "ratio", 1, "trend",
              "retard en cours rapporté à ses écarts habituels",
              "present lateness against its usual variation", _NAN),
    _exposure("overdue_to_month", "ratio", 1, "overdue",
              "échu en mois d'achats", "overdue amount in months of purchases", _NAN),
    _exposure("open_to_month", "ratio", 0, "exposure",
              "encours en mois d'achats", "exposure in months of purchases", _NAN),
    _exposure("limit_use", "ratio", 0, "exposure",
              "utilisation du plafond", "use of the limit", _NAN),
    _exposure("disputed_eur", "eur", 0, "disputes", "montant en litige", "amount in dispute"),
    _exposure("invoiced_365d_eur", "eur", 0, "volume",
              "montant facturé sur 12 mois", "amount invoiced over 12 months"),
    _exposure("invoiced_90d_eur", "eur", 0, "volume",
              "montant facturé sur 90 jours", "amount invoiced over 90 days"),
    _exposure("invoices_365d", "count", 0, "volume", "factures sur 12 mois", "invoices over 12 months"),
    _exposure("sales_growth", "ratio", 0, "volume", "évolution des achats sur 90 jours",
              "change of purchases over 90 days", _NAN),
    _exposure("days_since_last_invoice", "days", 0, "volume",
              "temps écoulé depuis la dernière facture", "time since the last invoice", _NAN),
    *(
        _exposure(f"signal_{kind}_365d", "count", sign, "signals", fr, en)
        for kind, sign, fr, en in (
            ("dispute", 0, "litiges sur 12 mois", "disputes over 12 months"),
            ("more_time", 1, "demandes de délai sur 12 mois", "requests for more time over 12 months"),
            ("returned_debit", 1, "prélèvements ou effets rejetés sur 12 mois",
             "returned payments over 12 months"),
            ("change_of_activity", 0, "changements d'activité sur 12 mois",
             "changes of activity over 12 months"),
            ("doubtful", 1, "classements en créance douteuse sur 12 mois",
             "times classed as doubtful over 12 months"),
        )
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExposureStreams:
    """Streams that exposure features are read from."""

    book: Book
    open: Stream
    overdue: dict[int, Stream]
    disputed: Stream
    issued: Stream
    oldest_key: Ints
    oldest_day: Ints
    own_paid: Stream
    first_paid: Ints
    signals: dict[str, Stream]
    limit_eur: Floats

    @classmethod
    def of(
        cls, book: Book, issued: Stream, signals: tuple[Ints, Ints, Ints], limit: Floats
    ) -> ExposureStreams:
        """Sort the book's movements into streams.

        Parameters
        ----------
        issued
            Invoice amounts by customer and day of issue.
        signals
            Owner, day and kind of each signal; kinds index `SIGNAL_KINDS`.
        limit
            Each customer's limit in force in euros, NaN where none, shape `(n_customers,)`.
        """
        overdue = {age: overdue_stream(book, age) for age in AGES}
        oldest_key, oldest_day = _oldest(book)
        applied = np.flatnonzero(book.pay_document >= 0)
        target, paid_on = book.pay_document[applied], book.pay_day[applied]
        own_paid = Stream.of(target, paid_on, {"amount": book.pay_applied[applied]})
        first_paid = np.full(len(book.owner), NEVER, dtype=np.int64)
        np.minimum.at(first_paid, target, paid_on)
        owner, day, kind = signals
        by_kind = {
            name: Stream.of(owner[kind == k], day[kind == k], {}) for k, name in enumerate(SIGNAL_KINDS)
        }
        opened, disputed = open_stream(book), disputed_stream(book)
        return cls(
            book,
            opened,
            overdue,
            disputed,
            issued,
            oldest_key,
            oldest_day,
            own_paid,
            first_paid,
            by_kind,
            limit,
        )

    def owed_eur(self, owner: Ints, day: Ints) -> Floats:
        """Return customers' exposure at the end of days, less money on account, shape `(n,)`."""
        return self.open.total("amount", self.open.start(owner), self.open.upto(owner, day)) / 100

    def columns(self, subjects: Subjects, history: dict[str, Floats]) -> dict[str, Floats]:
        """Compute the family's features, each of shape `(n_subjects,)`, from streams and payment history."""
        columns = self._owed(subjects)
        columns |= self._volume(subjects)
        month = columns["invoiced_365d_eur"] / np.clip(history["days_since_first_invoice"] / 30.4, 1.0, 12.0)
        columns["overdue_share"] = ratio(columns["overdue_eur"], columns["open_eur"])
        columns["overdue30_share"] = ratio(columns["overdue30_eur"], columns["open_eur"])
        columns["overdue_to_month"] = ratio(columns["overdue_eur"], month)
        columns["open_to_month"] = ratio(columns["open_eur"], month)
        spread = np.maximum(history["days_late_spread_all"], 1.0)
        surprise = (columns["oldest_overdue_days"] - history["days_late_mean_all"]) / spread
        columns["overdue_surprise"] = np.maximum(surprise, 0.0)
        columns["limit_use"] = ratio(columns["open_eur"], self.limit_eur[subjects.owner])
        for kind in SIGNAL_KINDS:
            stream = self.signals[kind]
            last, first = stream.upto(subjects.owner, subjects.day), subjects.day - 365
            columns[f"signal_{kind}_365d"] = (last - stream.upto(subjects.owner, first)).astype(np.float64)
        return columns

    def _owed(self, subjects: Subjects) -> dict[str, Floats]:
        own, own_left = self._own(subjects)
        start, stop = self.open.start(subjects.owner), self.open.upto(subjects.owner, subjects.day)
        columns = {
            "open_eur": (self.open.total("amount", start, stop) - own_left) / 100,
            "open_count": (self.open.total("n", start, stop) - own).astype(np.float64),
        }
        for age, stream in self.overdue.items():
            start, stop = stream.start(subjects.owner), stream.upto(subjects.owner, subjects.day)
            passed = own & (self.book.passes(age, subjects.document) <= subjects.day) if own.any() else own
            left = stream.total("amount", start, stop) - np.where(passed, own_left, 0)
            columns[f"overdue{age or ''}_eur"] = np.maximum(left, 0) / 100
            if age == 0:
                columns["overdue_count"] = (stream.total("n", start, stop) - passed).astype(np.float64)
        start, stop = self.disputed.start(subjects.owner), self.disputed.upto(subjects.owner, subjects.day)
        columns["disputed_eur"] = self.disputed.total("amount", start, stop) / 100
        where = np.searchsorted(self.oldest_key, (subjects.owner << DAY_BITS) | (subjects.day + 1))
        columns["oldest_overdue_days"] = self._age(subjects, where)
        return columns

    def _own(self, subjects: Subjects) -> tuple[NDArray[np.bool_], Ints]:
        """Return whether the queried document is open, and its open amount in cents."""
        document, book = subjects.document, self.book
        if not len(book.owner):
            nothing = np.zeros(len(document), dtype=np.int64)
            return nothing.astype(bool), nothing
        standing = (document >= 0) & (book.issued[document] <= subjects.day)
        standing &= book.settled[document] > subjects.day
        left = np.where(standing, book.amount[document], 0)
        begun = np.flatnonzero(standing & (self.first_paid[document] <= subjects.day))
        asked, day = document[begun], subjects.day[begun]
        left[begun] -= self.own_paid.total(
            "amount", self.own_paid.start(asked), self.own_paid.upto(asked, day)
        )
        return standing, left

    def _age(self, subjects: Subjects, where: Ints) -> Floats:
        if not len(self.oldest_key):
            return np.zeros(len(subjects))
        there = np.minimum(where, len(self.oldest_key) - 1)
        same = (where < len(self.oldest_key)) & (self.oldest_key[there] >> DAY_BITS == subjects.owner)
        age = np.where(same, subjects.day - self.oldest_day[there] + 1, 0)
        return np.maximum(age, 0).astype(np.float64)

    def _volume(self, subjects: Subjects) -> dict[str, Floats]:
        stream, own = self.issued, subjects.document
        stop, start = stream.upto(subjects.owner, subjects.day), stream.start(subjects.owner)
        asked = own >= 0
        issued = self.book.issued[own] if len(self.book.issued) else np.full(len(own), NEVER)
        amount = np.where(asked, self.book.amount[own], 0) if len(self.book.amount) else np.zeros(len(own))
        totals = {}
        for days in (90, 180, 365):
            begin = stream.upto(subjects.owner, subjects.day - days)
            inside = asked & (issued <= subjects.day) & (issued > subjects.day - days)
            totals[days] = (stream.total("amount", begin, stop) - np.where(inside, amount, 0)) / 100
            count = stop - begin - inside
        before = totals[180] - totals[90]
        return {
            "invoiced_90d_eur": totals[90],
            "invoiced_365d_eur": totals[365],
            "invoices_365d": count.astype(np.float64),
            "sales_growth": np.clip(ratio(totals[90] - before, np.maximum(before, 0)), -1, 10),
            "days_since_last_invoice": subjects.day - stream.day_before(start, stop),
        }


def _oldest(book: Book) -> tuple[Ints, Ints]:
    """Sort invoices so that the oldest overdue one on a day is found by binary search.

    Invoices are sorted by the day they fell overdue. The running maximum of settlement days is non-decreasing
    along that order, so the first position where it exceeds a day is the first open invoice.
    """
    fell = book.passes(0)
    invoices = np.flatnonzero(book.is_invoice & (fell < NEVER))
    fell = fell[invoices]
    order, _ = ordered(pack(book.owner[invoices], fell))
    keys = pack(book.owner[invoices], book.settled[invoices])[order]
    return np.maximum.accumulate(keys) if len(keys) else keys, fell[order]
