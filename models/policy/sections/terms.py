"""The section `[terms]`: the seller's terms of sale and the legal caps by activity.

Owns what is needed of the law's caps; what is recommended is `models.policy.terms`'.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from models.law.legal_terms import NET_CAP_DAYS, SIDES, START_POINTS, SectorCap
from models.policy.grades import GRADES
from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.policy.sections.fields import (
    FallingByGrade,
    MadeOf,
    OneForEach,
    OneOf,
    PolicySection,
    Rows,
    Share,
    Text,
)

_Days = Annotated[int, Field(ge=0, le=NET_CAP_DAYS)]


class SectorCapRow(PolicySection):
    """A row of `terms.sector_caps`, the fields of `models.law.legal_terms.SectorCap`."""

    naf: Rows[Text]
    side: Annotated[str, OneOf(SIDES)]
    days: _Days
    start: Annotated[str, OneOf(START_POINTS)]
    law: Text


class TermsRules(PolicySection):
    """The seller's terms of sale.

    Parameters
    ----------
    legal_cap_days
        The longest terms in days, whatever they count from; the law's 60 or fewer.
    default_days
        The days where none were requested.
    seller_naf
        The seller's own activities; the caps of art. L441-11 C. com. follow what it sells.
    sector_caps
        What the law allows in some activities.
    max_days, deposit_share, means_of_payment
        By grade.
    """

    legal_cap_days: _Days
    default_days: _Days
    seller_naf: Rows[Text]
    sector_caps: Rows[Annotated[SectorCap, MadeOf(SectorCapRow)]]
    max_days: FallingByGrade[_Days]
    deposit_share: Annotated[Mapping[str, Share], OneForEach(GRADES, "rising")]
    means_of_payment: Annotated[Mapping[str, Annotated[str, OneOf(MEANS_OF_PAYMENT)]], OneForEach(GRADES)]

    def caps_for(self, customer_naf: str | None) -> tuple[SectorCap, ...]:
        """Return the legal caps that apply to sales to a customer of an activity.

        A seller of several activities falls under the caps of each: which of them an order belongs to is not
        known here, and shorter terms break no law.
        """
        sellers = self.seller_naf or (None,)
        return tuple(c for c in self.sector_caps if any(c.holds(own, customer_naf) for own in sellers))
