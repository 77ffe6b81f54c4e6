"""Provisions on receivables: compute a closing, keep it, and read kept ones with their movement.

Owns where each figure comes from: claims and flows from the ledger, default probabilities from the newest
night on or before the day, rules from the policy.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import AccessError, CreditError, UnknownClosingError
from models.portfolio.closing import Closing, NightUsed
from models.portfolio.provision_entries import entry_lines
from models.portfolio.provision_matrix import Outlook, own_rates
from models.portfolio.provision_movement import STANDARDS, by_customer, movement, total
from models.portfolio.provisions import ClaimRisk, mean_days_late, provision_lines
from serving.audit.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from models.policy.document import Policy
    from models.portfolio.claims import ClaimBook
    from models.portfolio.provision_entries import JournalLine
    from models.portfolio.provision_movement import ClaimMovement, Movement, Standard
    from serving.callers import Caller
    from serving.store import ClosingRecord, Run, Store


@dataclass(frozen=True, slots=True)
class ClosingView:
    """A closing with the one before it.

    Parameters
    ----------
    record, before_record
        Who kept it and when; None for a closing that is not kept, and where none was kept before.
    """

    closing: Closing
    record: ClosingRecord | None = None
    before: Closing | None = None
    before_record: ClosingRecord | None = None

    def movement(self, standard: Standard) -> list[ClaimMovement]:
        """Return the movement since the closing before, or from nothing without one."""
        return movement(self.before.lines if self.before else (), self.closing.lines, standard)

    def entries(self) -> list[JournalLine]:
        """Return the entries in French accounts since the closing before."""
        return entry_lines(self.movement("french"), self.closing.vat_share)

    def document(self) -> dict[str, Any]:
        """Return the closing with its movement as plain JSON values, without the lines."""
        kept = self.record
        since = None if self.before is None else self.before.as_of.isoformat()
        moved = {name: total(self.movement(name)).document() for name in STANDARDS}
        return {
            **self.closing.document(),
            "kept": None if kept is None else record_document(kept),
            "movement": {"since": since, **moved},
        }

    def lines_document(self) -> list[dict[str, Any]]:
        """Return the provisions of each invoice as plain JSON values."""
        return [line.document() for line in self.closing.lines]

    def customers(self) -> list[CustomerProvision]:
        """Return the provisions by customer, the largest by the matrix first."""
        found: dict[str, CustomerProvision] = {}
        moved = {name: by_customer(self.movement(name)) for name in STANDARDS}
        for line in self.closing.lines:
            who = line.customer_id
            ifrs, french = (moved[name][who] for name in STANDARDS)
            known = found.get(who, CustomerProvision(who, line.name, 0, 0, ifrs, french))
            found[who] = CustomerProvision(
                who,
                line.name,
                known.open_cents + (0 if line.is_lost else line.open_cents),
                known.doubtful_cents + (line.open_cents if line.is_doubtful else 0),
                ifrs,
                french,
            )
        return sorted(found.values(), key=lambda one: (-one.ifrs.closing_cents, one.customer_id))


@dataclass(frozen=True, slots=True)
class CustomerProvision:
    """What a customer owes and what is provided for, in cents, with the movements by both standards."""

    customer_id: str
    name: str | None
    open_cents: int
    doubtful_cents: int
    ifrs: Movement
    french: Movement


@dataclass(frozen=True, slots=True)
class Provisions:
    """Compute, keep and read closings.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]

    def compute(self, book: ClaimBook, as_of: dt.date, policy: Policy) -> ClosingView:
        """Compute a closing from the claims of a ledger, with the last kept one before it.

        Raises
        ------
        CreditError
            No invoice was issued on or before the day.
        """
        if book.flows.first_due is None:
            raise CreditError(f"no invoice was issued on or before {as_of}; choose a later day")
        rules = policy.provisions
        outlook = Outlook(rules.forward_factor, rules.macro_shift, policy.portfolio_risk)
        default = tuple(rules.default_rates.values())
        rates = own_rates(book.flows.totals(), default, rules.fewest_invoices, outlook)
        night = self._night(as_of)
        risks = None if night is None else self._risks(night)
        lgd_share = policy.expected_loss.lgd_share
        closing = Closing(
            as_of,
            policy.currency,
            policy.version,
            policy.hash,
            rules.vat_share,
            lgd_share,
            tuple(rates.values()),
            tuple(book.flows.monthly()),
            book.flows.known_from(rules.lost_after_days),
            None if night is None else NightUsed(night.run_id, night.key.as_of),
            provision_lines(book.claims, as_of, rates, rules, lgd_share, risks),
            book.unused_credit_cents,
        )
        return self._with_before(closing, None)

    def keep(self, closing: Closing, caller: Caller) -> ClosingRecord:
        """Keep a closing for pages and later movements; it takes the right to inspect.

        Raises
        ------
        AccessError
            The caller may not keep closings.
        """
        if not caller.may("inspect"):
            raise AccessError("your role does not keep closings")
        question = {"as_of": closing.as_of.isoformat(), "policy_hash": closing.policy_hash}
        entry = entry_of(caller, "closing", question, closing.document()["totals"])
        return self.store().keep_closing(closing, caller.name, entry)

    def kept(self) -> tuple[ClosingRecord, ...]:
        """Return who kept which closing, the latest day first."""
        return self.store().closings()

    def find(self, as_of: dt.date | None = None) -> ClosingView:
        """Return the kept closing of a day, the latest one where None.

        Raises
        ------
        UnknownClosingError
            None is kept for that day.
        """
        kept = self.kept()
        record = next((one for one in kept if as_of is None or one.as_of == as_of), None)
        if record is None:
            days = ", ".join(one.as_of.isoformat() for one in kept[:12])
            raise UnknownClosingError(
                f"no closing of {as_of} is kept; there are {days}"
                if days
                else "no closing is kept; `encours provisions --keep` keeps one"
            )
        closing = self.store().closing(record.closing_id)
        if closing is None:
            raise UnknownClosingError(f"closing {record.closing_id} is gone")
        return self._with_before(closing, record)

    def _with_before(self, closing: Closing, record: ClosingRecord | None) -> ClosingView:
        last = next((one for one in self.kept() if one.as_of < closing.as_of), None)
        before = None if last is None else self.store().closing(last.closing_id)
        return ClosingView(closing, record, before, last)

    def _night(self, as_of: dt.date) -> Run | None:
        """Return the newest complete night on or before a day."""
        return self.store().run_before(as_of + dt.timedelta(days=1))

    def _risks(self, night: Run) -> Mapping[str, ClaimRisk]:
        """Return what a night estimated of each invoice that was open on it."""
        store = self.store()
        pd_12m = {one.customer_id: one.case.pd_12m for one in store.positions(night).items}
        found = {}
        for row in store.open_invoices(night.run_id):
            if row.customer_id in pd_12m:
                late = mean_days_late(row.days_late_p10, row.days_late_p50, row.days_late_p90)
                paid_on = row.due_on + dt.timedelta(days=round(late))
                found[row.invoice_id] = ClaimRisk(pd_12m[row.customer_id], paid_on)
        return found


def record_document(record: ClosingRecord) -> dict[str, Any]:
    """Return who kept a closing and when as plain JSON values."""
    return {
        "as_of": record.as_of.isoformat(),
        "who": record.who,
        "at": record.at.isoformat(),
        "policy_hash": record.policy_hash,
    }
