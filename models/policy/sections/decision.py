"""The section `[decision]`: what an order may be accepted on without a person."""

from typing import Annotated, Final

from pydantic import Field

from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.policy.sections.fields import OneOf, PolicySection, PositiveShare, Share

CONFIDENCES: Final = ("none", "low", "medium", "high")
"""How sure a probability is, rising."""
WITHIN_TOLERANCE: Final = ("accept", "refer")
"""What may happen to an order that exceeds the limit by no more than the tolerance."""


class DecisionRules(PolicySection):
    """When an order may be accepted without a person.

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
        One of `WITHIN_TOLERANCE`: the order is accepted, which policies of an earlier version meant, or a
        person decides.
    de_minimis_eur
        An excess over the limit of at most so many euros is none; a limit of 0 allows no excess.
    valid_days
        For how many days a decision is valid, at most as long as its limit.
    cover_share
        The share of a loss that an insurer is taken to pay where none covers the customer yet.
    """

    minimum_confidence: Annotated[str, OneOf(CONFIDENCES)]
    max_p_late30: Share
    late_means_of_payment: Annotated[str, OneOf(MEANS_OF_PAYMENT)]
    tolerance_share: Share
    within_tolerance: Annotated[str, OneOf(WITHIN_TOLERANCE)] = "accept"
    de_minimis_eur: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    valid_days: Annotated[int, Field(ge=1, le=365)]
    cover_share: PositiveShare
