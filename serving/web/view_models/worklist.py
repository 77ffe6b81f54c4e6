"""Whom to chase: a line a customer with the tone, what is at risk, and the invoices to name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serving.standings import Standing, standing_of_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.override_rules import InForce
    from serving.store import Chased
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class ChaseView:
    """A customer to chase.

    Parameters
    ----------
    tone
        courteous, firm or formal: a class for the stylesheet, with its words beside it.
    invoices
        The overdue ones to name, as JSON values, the riskiest first.
    standing
        What the customer owes in all against the limit in force.
    on_account_eur
        Paid or credited and taken by no invoice, less than 0.
    """

    place: int
    customer_id: str
    name: str
    tone: str
    tone_words: str
    why: str
    at_risk_eur: float
    overdue_eur: float
    disputed_eur: float
    oldest_days: int
    next_step_on: str
    next_tone: str
    invoices: tuple[Mapping[str, Any], ...]
    standing: Standing
    on_account_eur: float = 0.0


def chase_view(one: Chased, w: Words, made: Mapping[str, InForce]) -> ChaseView:
    """Make the view of a line of the worklist.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    row, line = one.row, one.row.line
    return ChaseView(
        row.place,
        row.customer_id,
        row.name or row.customer_id,
        row.tone,
        w(f"tone.{row.tone}"),
        w.either(line["why_fr"], line["why_en"]),
        row.at_risk_eur,
        row.overdue_eur,
        line["disputed_eur"],
        line["oldest_days"],
        line["next_step_on"],
        w(f"tone.{line['next_tone']}"),
        tuple(line["invoices"]),
        standing_of_line(one.summary, made),
        one.summary.on_account_eur,
    )
