"""The section `[decision]` of the policy: what an order may be accepted on without a person.

Owns which keys the section has and what they may hold; what is decided by them is
`models.policy.decision.decision`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.policy.reading import PolicyReader

CONFIDENCES = ("none", "low", "medium", "high")
"""How sure a probability is, rising."""
WITHIN_TOLERANCE = ("accept", "refer")
"""What may happen to an order that exceeds the limit by no more than the tolerance."""


@dataclass(frozen=True, slots=True)
class DecisionRules:
    """When a machine may accept an order.

    Parameters
    ----------
    minimum_confidence
        Below it a person decides, one of `CONFIDENCES`.
    max_p_late30
        The highest probability of paying more than 30 days late at which any means of payment will do.
    late_means_of_payment
        The means demanded above it, or a safer one.
    tolerance_share
        By how much of the limit an order may exceed it, by `within_tolerance`.
    within_tolerance
        One of `WITHIN_TOLERANCE`: the order is accepted, or a person decides.
    de_minimis_eur
        An excess over the limit of at most so many euros is none; a limit of 0 allows no excess.
    valid_days
        For how many days a decision stands, at most as long as its limit.
    cover_share
        The share of a loss that an insurer is taken to pay where none covers the customer yet.
    """

    minimum_confidence: str
    max_p_late30: float
    late_means_of_payment: str
    tolerance_share: float
    within_tolerance: str
    de_minimis_eur: float
    valid_days: int
    cover_share: float


def read_decision(reader: PolicyReader, means: Sequence[str]) -> DecisionRules:
    """Read the section `[decision]`.

    An earlier version had no `within_tolerance`, and accepted, nor a `de_minimis_eur`.
    """
    within, least = "decision.within_tolerance", "decision.de_minimis_eur"
    return DecisionRules(
        minimum_confidence=reader.text("decision.minimum_confidence", CONFIDENCES),
        max_p_late30=reader.number("decision.max_p_late30", 0.0, 1.0),
        late_means_of_payment=reader.text("decision.late_means_of_payment", means),
        tolerance_share=reader.number("decision.tolerance_share", 0.0, 1.0),
        within_tolerance=reader.text(within, WITHIN_TOLERANCE) if reader.has(within) else "accept",
        de_minimis_eur=reader.number(least, 0.0, 1e6) if reader.has(least) else 0.0,
        valid_days=reader.whole("decision.valid_days", 1, 365),
        cover_share=reader.number("decision.cover_share", 0.0, 1.0, above_low=True),
    )
