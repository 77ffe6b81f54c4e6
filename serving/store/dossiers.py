"""A customer's history for its page: paid invoices, filings, signals and external scores.

Owns the rows and their JSON form, without SQL.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate, pairwise
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
        """Return the dossier as JSON values, column by column and in differences: this compresses better."""
        due = [row.due_on.toordinal() for row in self.paid]
        after = [(row.paid_on - row.due_on).days for row in self.paid]
        settled = [
            [row.invoice_id for row in self.paid],
            [later - earlier for earlier, later in pairwise([0, *due])],
            after,
            [days - row.days_late for days, row in zip(after, self.paid, strict=True)],
            [round(row.amount_eur * 100) for row in self.paid],
        ]
        outside = [[one.scale, one.score, one.scored_on.isoformat(), one.source] for one in self.outside]
        told: dict[str, Any] = {"outside": outside} if outside else {}
        if self.contact is not None:
            told["contact"] = asdict(self.contact)
        events = {"filings": _events(self.filings), "signals": _events(self.signals)}
        return {"settled": settled, **events, **told}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Parse a dossier written by `document`."""
        return cls(
            _settled(*document["settled"]) if "settled" in document else _paid(*document["paid"]),
            _read_events(document["filings"]),
            _read_events(document["signals"]),
            tuple(
                OutsideScore(scale, score, date.fromisoformat(day), source)
                for scale, score, day, source in document.get("outside", ())
            ),
            PaymentContact(**contact) if (contact := document.get("contact")) else None,
        )


def _settled(
    ids: list[str], steps: list[int], after: list[int], disputed: list[int], cents: list[int]
) -> tuple[PaidInvoice, ...]:
    due = list(accumulate(steps))
    paid = [day + days for day, days in zip(due, after, strict=True)]
    return _paid(ids, due, paid, [days - held for days, held in zip(after, disputed, strict=True)], cents)


def _paid(
    ids: list[str], due: list[int], paid: list[int], late: list[int], cents: list[int]
) -> tuple[PaidInvoice, ...]:
    """Build paid invoices from columns, as nights of an earlier version stored them."""
    return tuple(
        PaidInvoice(who, date.fromordinal(d), date.fromordinal(p), days, amount / 100)
        for who, d, p, days, amount in zip(ids, due, paid, late, cents, strict=True)
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
