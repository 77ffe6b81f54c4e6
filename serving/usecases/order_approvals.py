"""Approvals of orders that a decision on the same order shows.

Owns which approval covers an order: one of the same customer, still valid, on terms that are no better for
the customer, and after which no more is owed than the approver saw. An order that was delivered in the
meantime raises what is owed, so an approval does not serve twice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.decision.order import Order
    from serving.store import ApprovalCase

_CENT = 0.005


def approval_of(
    order: Order, exposure_after_eur: float, approved: Sequence[ApprovalCase], today: dt.date
) -> dict[str, Any] | None:
    """Return the newest approval that covers an order, as JSON values; None without one.

    Parameters
    ----------
    exposure_after_eur
        What is owed after the order.
    approved
        Cases of approved orders of the customer, the newest first.
    """
    for case in approved:
        event = case.closed
        if event is not None and _covers(event.terms, order, exposure_after_eur, today):
            return {
                "case_id": case.case_id,
                "who": event.who,
                "at": None if event.at is None else event.at.isoformat(),
                "reason": event.reason,
                "valid_until": event.terms["valid_until"],
                "amount_eur": event.terms["amount_eur"],
                "terms_days": event.terms["terms_days"],
                "deposit_share": event.terms["deposit_share"],
            }
    return None


def _covers(terms: Mapping[str, Any], order: Order, after_eur: float, today: dt.date) -> bool:
    return (
        dt.date.fromisoformat(terms["valid_until"]) >= today
        and order.amount_eur <= terms["amount_eur"] + _CENT
        and order.terms_days <= terms["terms_days"]
        and order.invoice_basis == terms["invoice_basis"]
        and order.deposit_share >= terms["deposit_share"]
        and order.prepaid >= terms["prepaid"]
        and order.means_of_payment == terms["means_of_payment"]
        and after_eur <= terms["exposure_after_eur"] + _CENT
    )
