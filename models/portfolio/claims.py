"""Open claims of a ledger on a day: what each invoice still owes, what is insured, and why it is doubtful.

Owns the reading of a ledger, or of a part of whole legal entities. A customer's credits, such as money on
account, are set against its oldest invoices. What is provided for is `models.portfolio.provisions`'.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.features.agreed_terms import AgreedTerms
from models.features.book import open_book
from models.features.company import concerned
from models.features.default_events import DefaultEvents
from models.features.insolvencies import insolvencies
from models.features.movements import open_stream
from models.features.running import NEVER
from models.portfolio.flow_history import EPOCH, FlowHistory, flow_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book
    from models.ledger.ledger import Ledger
    from models.policy.sections.provisions import ProvisionRules

_SIZES = ((10, "micro"), (250, "pme"), (5000, "eti"), (np.inf, "ge"))
"""Staff below which a company is of a size: décret 2008-1354, by headcount alone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One open invoice.

    Parameters
    ----------
    open_cents
        Amount incl. VAT still owed, above 0, less the customer's credits.
    insured_cents
        The part that an insurer would pay.
    segment
        Segment of its customer, empty where there is none.
    reason
        Why it is doubtful, of `models.policy.sections.provisions.DOUBTFUL_REASONS`; None where it is not.
    lost_on
        Day of its customer's write-off; None where it is not lost.
    booked
        Whether the books closed the lost claim already.
    """

    invoice_id: str
    customer_id: str
    name: str | None
    issued_on: dt.date
    due_on: dt.date
    open_cents: int
    insured_cents: int = 0
    segment: str = ""
    reason: str | None = None
    lost_on: dt.date | None = None
    booked: bool = False


@dataclass(frozen=True, slots=True)
class ClaimBook:
    """Claims of customers on a day with their flow history.

    Parameters
    ----------
    unused_credit_cents
        Credits that exceed their customer's debts, from 0.
    """

    claims: tuple[Claim, ...]
    flows: FlowHistory
    unused_credit_cents: int = 0

    @classmethod
    def summed(cls, parts: Sequence[ClaimBook]) -> ClaimBook:
        """Join the books of disjoint sets of customers, the claims by customer, due date and number."""
        claims = sorted(
            (claim for part in parts for claim in part.claims),
            key=lambda one: (one.customer_id, one.due_on, one.invoice_id),
        )
        credit = sum(part.unused_credit_cents for part in parts)
        return cls(tuple(claims), FlowHistory.summed([part.flows for part in parts]), credit)


def claim_book(ledger: Ledger, as_of: dt.date, rules: ProvisionRules) -> ClaimBook:
    """Read the claims and the flow history of a ledger, or of a part of it.

    Parameters
    ----------
    ledger
        Restricted to what was known at the end of `as_of`, by `models.ledger.ledger.as_known_on`.
    """
    book, day = open_book(ledger), (as_of - EPOCH).days
    events, opened = DefaultEvents.of(ledger, book), open_stream(book)
    everybody = np.arange(len(book.customer_ids), dtype=np.int64)
    today = np.full(len(everybody), day, dtype=np.int64)
    segments = segments_of(ledger.customers, rules.segment_by)
    flows = flow_history(book, events, segments, as_of, rules.history_months, rules.lost_after_days)
    cover = AgreedTerms.of(ledger, opened).columns(everybody, today)
    owed = opened.total("amount", opened.start(everybody), opened.upto(everybody, today))
    reasons = _reasons(ledger, as_of, events.in_default(everybody, today))
    open_, booked = _open(ledger, book, day, segments), _booked(ledger, book, events.final, day, segments)
    found: list[Claim] = []
    unused_cents = 0
    for owner in sorted({*open_, *booked}):
        netted, left_cents = _without_credits(open_.get(owner, []), int(owed[owner]))
        unused_cents += left_cents
        covered = float(cover["insured_limit_eur"][owner]), float(cover["covered_share"][owner])
        insured = _insured(netted, *covered)
        lost_on = _day(int(events.final[owner])) if events.final[owner] <= day else None
        own = [*insured, *booked.get(owner, [])]
        found += [_judged(one, reasons.get(owner), lost_on, as_of, rules) for one in own]
    return ClaimBook.summed([ClaimBook(tuple(found), flows, unused_cents)])


def segments_of(customers: pd.DataFrame, by: str) -> list[str]:
    """Return the segment of each customer: its NAF division, its size, or none."""
    if by == "sector":
        return customers["naf"].fillna("").astype("str").str[:2].tolist()
    if by == "size":
        staff = customers["headcount"].to_numpy(np.float64)
        return ["" if np.isnan(one) else next(name for top, name in _SIZES if one < top) for one in staff]
    return [""] * len(customers)


def _open(ledger: Ledger, book: Book, day: int, segments: Sequence[str]) -> dict[int, list[Claim]]:
    """Return the open claims by customer position, the oldest first."""
    left = book.left_on(day)
    return _claims(ledger, book, np.flatnonzero(book.open_on(day) & (left > 0)), left, segments)


def _booked(
    ledger: Ledger, book: Book, final: Ints, day: int, segments: Sequence[str]
) -> dict[int, list[Claim]]:
    """Return the claims that the books closed on the day of a write-off, with what was open before it."""
    gone = np.full(len(book.owner), NEVER, dtype=np.int64)
    known = np.flatnonzero(book.owner >= 0)
    gone[known] = final[book.owner[known]]
    paid = np.flatnonzero(book.pay_document >= 0)
    document = book.pay_document[paid]
    closed = (book.pay_day[paid] == gone[document]) & (gone[document] <= day)
    cents = np.zeros(len(book.owner), dtype=np.int64)
    np.add.at(cents, document[closed], book.pay_applied[paid][closed])
    rows = np.flatnonzero((cents > 0) & book.is_invoice & ~book.open_on(day))
    found = _claims(ledger, book, rows, cents, segments)
    return {owner: [replace(one, booked=True) for one in own] for owner, own in found.items()}


def _claims(
    ledger: Ledger, book: Book, rows: Ints, cents: Ints, segments: Sequence[str]
) -> dict[int, list[Claim]]:
    names = ledger.customers["name"].tolist()
    found: dict[int, list[Claim]] = {}
    for row in sorted(rows.tolist(), key=lambda row: (book.due[row], book.invoice_ids[row])):
        owner = int(book.owner[row])
        claim = Claim(
            str(book.invoice_ids[row]),
            str(book.customer_ids[owner]),
            names[owner] if isinstance(names[owner], str) else None,
            _day(int(book.issued[row])),
            _day(int(book.due[row])),
            int(cents[row]),
            segment=segments[owner],
        )
        found.setdefault(owner, []).append(claim)
    return found


def _day(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


def _without_credits(claims: list[Claim], owed_cents: int) -> tuple[list[Claim], int]:
    """Set a customer's credits against its oldest claims; return what is left of both."""
    credit = sum(one.open_cents for one in claims) - owed_cents
    found = []
    for one in claims:
        used = min(max(credit, 0), one.open_cents)
        credit -= used
        if one.open_cents > used:
            found.append(replace(one, open_cents=one.open_cents - used))
    return found, max(credit, 0)


def _insured(claims: list[Claim], limit_eur: float, covered_share: float) -> list[Claim]:
    """Spread what an insurer would pay of a customer's debt over its claims, to the cent."""
    total = sum(one.open_cents for one in claims)
    covered = round(min(total, round(limit_eur * 100)) * covered_share)
    found, before, running = [], 0, 0
    for one in claims:
        running += one.open_cents
        upto = covered * running // total
        found.append(replace(one, insured_cents=upto - before))
        before = upto
    return found


def _judged(
    claim: Claim, reason: str | None, lost_on: dt.date | None, as_of: dt.date, rules: ProvisionRules
) -> Claim:
    overdue = (as_of - claim.due_on).days > rules.doubtful_after_days
    if lost_on is not None and claim.issued_on <= lost_on:
        # What the insurer owes of a loss is a claim on the insurer.
        return replace(claim, lost_on=lost_on, insured_cents=0)
    return replace(claim, reason=reason or ("arrears" if overdue else None))


def _reasons(ledger: Ledger, as_of: dt.date, in_default: NDArray[np.bool_]) -> dict[int, str]:
    """Return why all claims on a customer are doubtful, by position; an entity's numbers share the reason."""
    siren = ledger.customers["siren"].tolist()
    found: dict[int, str] = dict.fromkeys(np.flatnonzero(in_default).tolist(), "default")
    entities = {siren[who] for who in found if isinstance(siren[who], str)}
    found |= {who: "default" for who, key in enumerate(siren) if isinstance(key, str) and key in entities}
    closures = ledger.filings
    closures = closures[(closures["kind"] == "closure") & closures["withdrawn_on"].isna()]
    found |= {who: "closed" for who in concerned(ledger, closures)[1].tolist() if who >= 0}
    for who, one in insolvencies(ledger, as_of).items():
        if one.is_open and one.kind is not None:
            found[who] = one.kind
        elif one.has_plan and who not in found:
            found[who] = "plan"
    return found
