"""A customer's history for its page: paid invoices, filings, signals and external scores.

Owns the rows and their JSON form, without SQL.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from models.portfolio.debtors import PaymentContact

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """A paid invoice; days late exclude days in dispute and are negative when early."""

    invoice_id: str
    due_on: date
    paid_on: date
    days_late: int
    amount_eur: float


@dataclass(frozen=True, slots=True)
class Event:
    """A filing in a register or a signal of our own, with the day it became known.

    Parameters
    ----------
    happened_on
        Such as a judgment's day or the end of a financial year.
    source
        Where it was read; None where that is unknown.
    amount_eur
        Amount of the event, such as an insurer's limit.
    """

    kind: str
    known_on: date
    happened_on: date | None = None
    source: str | None = None
    amount_eur: float | None = None


@dataclass(frozen=True, slots=True)
class OutsideScore:
    """An external score of a customer as received; `models.ledger.outside_scores` knows the scale."""

    scale: str
    score: str
    scored_on: date
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A customer's history for its page: paid invoices, filings and signals, the latest first.

    Parameters
    ----------
    outside
        The latest score of each scale, the latest first.
    contact
        Whom to call about payments; None where the ledger names nobody.
    """

    paid: tuple[PaidInvoice, ...] = ()
    filings: tuple[Event, ...] = ()
    signals: tuple[Event, ...] = ()
    outside: tuple[OutsideScore, ...] = ()
    contact: PaymentContact | None = None

    def document(self) -> dict[str, Any]:
        """Return the dossier as JSON values, column by column: this compresses better."""
        paid = [
            [row.invoice_id for row in self.paid],
            [row.due_on.toordinal() for row in self.paid],
            [row.paid_on.toordinal() for row in self.paid],
            [row.days_late for row in self.paid],
            [round(row.amount_eur * 100) for row in self.paid],
        ]
        outside = [[one.scale, one.score, one.scored_on.isoformat(), one.source] for one in self.outside]
        told: dict[str, Any] = {"outside": outside} if outside else {}
        if self.contact is not None:
            told["contact"] = asdict(self.contact)
        return {"paid": paid, "filings": _events(self.filings), "signals": _events(self.signals), **told}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Parse a dossier written by `document`."""
        ids, due, paid, late, cents = document["paid"]
        return cls(
            tuple(
                PaidInvoice(who, date.fromordinal(d), date.fromordinal(p), days, amount / 100)
                for who, d, p, days, amount in zip(ids, due, paid, late, cents, strict=True)
            ),
            _read_events(document["filings"]),
            _read_events(document["signals"]),
            tuple(
                OutsideScore(scale, score, date.fromisoformat(day), source)
                for scale, score, day, source in document.get("outside", ())
            ),
            PaymentContact(**contact) if (contact := document.get("contact")) else None,
        )


def _events(events: tuple[Event, ...]) -> list[list[Any]]:
    return [
        [e.kind, e.known_on.isoformat(), e.happened_on and e.happened_on.isoformat(), e.source, e.amount_eur]
        for e in events
    ]


def _read_events(rows: list[list[Any]]) -> tuple[Event, ...]:
    """Parse events; those of older runs end with the date of the event."""
    return tuple(
        Event(kind, date.fromisoformat(known), None if day is None else date.fromisoformat(day), *rest)
        for kind, known, day, *rest in rows
    )
