"""Features computed by plain loops over a small ledger, one customer and day at a time.

Shares no code with `models.features`: days are counted one by one and payments summed one by one.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.ledger.ledger import Ledger
from tests.builders import START

FAR = 10**6


@dataclass
class Bill:
    """A document with the payments made on it, days from `START`; `disputed_*` as known in the end."""

    name: str
    owner: str
    note: bool
    issued: int
    due: int
    cents: int
    disputed_from: int
    disputed_to: int
    lines: list[tuple[int, int]] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)

    def late_at(self, day: int) -> int:
        """Count the days past due at the end of a day that lie outside the dispute."""
        begins = max(self.disputed_from, self.due)
        return sum(not begins < one <= self.disputed_to for one in range(self.due + 1, day + 1))

    def passes(self, age: int) -> int:
        """Return the first day on which it is more than `age` days late."""
        begins, late = max(self.disputed_from, self.due), 0
        for day in range(self.due + 1, self.due + age + 200):
            late += not begins < day <= self.disputed_to
            if late > age:
                return day
        return FAR

    def standing(self, day: int) -> tuple[int, int]:
        """Return what is left at the end of a day, in cents, and the day of its first settlement."""
        owed = -self.cents if self.note else self.cents
        sign = -1 if self.note else 1
        slack = min(100, self.cents // 100)
        received, settled = 0, FAR
        for paid, cents in self.lines:
            if paid <= day:
                received += cents
                if settled == FAR and received * sign >= self.cents - slack:
                    settled = max(paid, self.issued)
        left = 0 if received * sign >= self.cents - slack else owed - received
        return left, FAR if self.note else settled

    def excess(self, who: str, day: int) -> int:
        """Return what a payer paid by the end of a day beyond what was owed, in cents."""
        owed, sign = self.cents, -1 if self.note else 1
        received = found = 0
        for (paid, cents), payer in zip(self.lines, self.payers, strict=True):
            if paid <= day:
                before, received = max(received * sign - owed, 0), received + cents
                found += (max(received * sign - owed, 0) - before) * sign * (payer == who)
        return found

    def days_late(self, settled: int) -> int:
        return settled - self.due if settled <= self.due else self.late_at(settled)


@dataclass
class Shelf:
    """One ledger's documents, and the payments of everybody that settle none."""

    bills: list[Bill]
    loose: list[tuple[str, int, int, str | None]]

    def mine(self, who: str, day: int) -> list[Bill]:
        """Return a customer's invoices issued by the end of a day, by number."""
        return [b for b in self.bills if b.owner == who and not b.note and b.issued <= day]

    def settled(self, who: str, day: int) -> list[tuple[int, Bill]]:
        """Return its settled invoices with their day, in order of it, then of their number."""
        done = [(bill.standing(day)[1], bill) for bill in self.mine(who, day)]
        return sorted(
            ((on, bill) for on, bill in done if on <= day), key=lambda pair: (pair[0], pair[1].name)
        )

    def owed(self, who: str, day: int) -> int:
        """Return its exposure at the end of a day, in cents: documents less payments, on account too."""
        known = {bill.name for bill in self.bills if bill.issued <= day}
        papers = sum(b.standing(day)[0] for b in self.bills if b.owner == who and b.issued <= day)
        papers -= sum(b.excess(who, day) for b in self.bills if b.issued <= day)
        return papers - sum(
            cents
            for payer, paid, cents, name in self.loose
            if payer == who and paid <= day and name not in known
        )


def shelve(ledger: Ledger) -> Shelf:
    """Take a ledger apart into plain objects."""

    def since(date: object) -> int:
        return FAR if pd.isna(date) else (pd.Timestamp(date) - pd.Timestamp(START)).days

    bills = {
        row.invoice_id: Bill(
            row.invoice_id, row.customer_id, row.kind == "credit_note", since(row.issued_on),
            since(row.due_on), row.amount_cents, since(row.disputed_from), since(row.disputed_to),
        )
        for row in ledger.invoices.itertuples()
    }  # fmt: skip
    loose: list[tuple[str, int, int, str | None]] = []
    for row in ledger.payments.sort_values(["paid_on", "payment_id"]).itertuples():
        name = None if pd.isna(row.invoice_id) else row.invoice_id
        loose.append((row.customer_id, since(row.paid_on), row.amount_cents, name))
        if name in bills:
            bills[name].lines.append((since(row.paid_on), row.amount_cents))
            bills[name].payers.append(row.customer_id)
    return Shelf(list(bills.values()), loose)


def payment_window(paid: Sequence[tuple[int, Bill]]) -> dict[str, float]:
    """Describe some settled invoices, each with its day."""
    late = [bill.days_late(settled) for settled, bill in paid]
    if not late:
        return {"n_paid": 0.0, "days_late_mean": math.nan, "late30_share": math.nan}
    cents = [bill.cents for _, bill in paid]
    return {
        "n_paid": float(len(late)),
        "days_late_mean": statistics.fmean(late),
        "days_late_by_amount": sum(a * b for a, b in zip(late, cents, strict=True)) / sum(cents),
        "days_late_spread": statistics.pstdev(late),
        **{f"late{days}_share": statistics.fmean(one > days for one in late) for days in (0, 15, 30, 60)},
    }


def payment_features(shelf: Shelf, who: str, day: int) -> dict[str, float]:
    """Compute windows, last invoices, shares gone past, and days since."""
    paid = shelf.settled(who, day)
    chosen = {"last10": paid[-10:], "last3": paid[-3:]}
    for name, width in (("all", FAR), ("365d", 365), ("90d", 90), ("30d", 30)):
        chosen[name] = [pair for pair in paid if pair[0] > day - width]
    found = {
        f"{name}_{window}": value
        for window, some in chosen.items()
        for name, value in payment_window(some).items()
    }
    for age in (0, 15, 30):
        for window, width in (("all", FAR), ("365d", 365), ("90d", 90)):
            told = [b for b in shelf.mine(who, day) if day - width < b.passes(age) <= day]
            gone = [b.standing(day)[1] >= b.passes(age) for b in told]
            found[f"past{age}_share_{window}"] = statistics.fmean(gone) if gone else math.nan
    last = [bill.days_late(settled) for settled, bill in paid[-10:]]
    found["days_late_median_last10"] = statistics.median(last) if last else math.nan
    found["days_late_p90_last10"] = float(np.quantile(last, 0.9)) if last else math.nan
    found["days_since_last_payment"] = float(day - paid[-1][0]) if paid else math.nan
    issued = [bill.issued for bill in shelf.mine(who, day)]
    found["days_since_first_invoice"] = float(day - min(issued)) if issued else 0.0
    return found


def exposure_features(shelf: Shelf, who: str, day: int, without: str = "") -> dict[str, float]:
    """Compute what is owed by age; what is owed on the invoice `without` is kept out."""
    bills = shelf.mine(who, day)
    own = [bill for bill in bills if bill.name == without and bill.standing(day)[1] > day]
    found = {"open_eur": (shelf.owed(who, day) - sum(b.standing(day)[0] for b in own)) / 100}
    others = [bill for bill in bills if bill.name != without]
    found["open_count"] = float(sum(bill.standing(day)[1] > day for bill in others))
    for age in (0, 30, 60, 90):
        late = [bill for bill in bills if bill not in own and bill.passes(age) <= day]
        found[f"overdue{age or ''}_eur"] = max(sum(bill.standing(day)[0] for bill in late), 0) / 100
    late = [bill for bill in bills if bill.passes(0) <= day < bill.standing(day)[1]]
    found["overdue_count"] = float(sum(bill.name != without for bill in late))
    found["oldest_overdue_days"] = float(max((day - bill.passes(0) + 1 for bill in late), default=0))
    held = [b for b in bills if b.disputed_from <= day < min(b.disputed_to, b.standing(day)[1])]
    found["disputed_eur"] = sum(bill.cents for bill in held) / 100
    for width in (90, 365):
        recent = [bill for bill in others if bill.issued > day - width]
        found[f"invoiced_{width}d_eur"] = sum(bill.cents for bill in recent) / 100
    found["invoices_365d"] = float(len(recent))
    return found


def peak_eur(shelf: Shelf, who: str, day: int) -> float:
    """Return the highest exposure at the end of any of the last 365 days and of the day before them."""
    return max(0, *(shelf.owed(who, one) for one in range(day - 365, day + 1))) / 100


def late30_rate(shelf: Shelf, members: Sequence[str], day: int) -> tuple[int, int]:
    """Count the invoices of some customers that went past 30 days within 365 days, and those that could."""
    told = [b for b in shelf.bills if b.owner in members and not b.note and day - 365 < b.passes(30) <= day]
    return sum(bill.standing(day)[1] >= bill.passes(30) for bill in told), len(told)
