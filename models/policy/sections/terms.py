"""The section `[terms]` of the policy: days, deposit and means of payment by grade, and the sectors' caps.

Owns which keys the section has and what they may hold. The calendar is `models.law.legal_terms`'; what is
recommended of it is `models.policy.terms`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.law.legal_terms import NET_CAP_DAYS, SIDES, START_POINTS, SectorCap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.reading import PolicyReader


@dataclass(frozen=True, slots=True)
class TermsRules:
    """On which terms the house sells.

    Parameters
    ----------
    legal_cap_days
        The longest terms in days, whatever they count from; the law's 60 or fewer.
    default_days
        The days where nobody asked for any.
    seller_naf
        The seller's own activities; the caps of art. L441-11 C. com. follow what it sells.
    sector_caps
        What the law allows in some activities.
    max_days, deposit_share, means_of_payment
        By grade.
    """

    legal_cap_days: int
    default_days: int
    seller_naf: tuple[str, ...]
    sector_caps: tuple[SectorCap, ...]
    max_days: Mapping[str, float]
    deposit_share: Mapping[str, float]
    means_of_payment: Mapping[str, str]

    def caps_for(self, customer_naf: str | None) -> tuple[SectorCap, ...]:
        """Return the caps that hold for what the seller sells to such a customer.

        A seller of several activities falls under the caps of each: which of them an order belongs to is not
        known here, and shorter terms break no law.
        """
        sellers = self.seller_naf or (None,)
        return tuple(c for c in self.sector_caps if any(c.holds(own, customer_naf) for own in sellers))


def read_terms(reader: PolicyReader, grades: Sequence[str], means: Sequence[str]) -> TermsRules:
    """Read the section `[terms]`."""
    return TermsRules(
        legal_cap_days=reader.whole("terms.legal_cap_days", 0, NET_CAP_DAYS),
        default_days=reader.whole("terms.default_days", 0, NET_CAP_DAYS),
        seller_naf=reader.list_of_texts("terms.seller_naf"),
        sector_caps=tuple(_read_cap(reader, row) for row in reader.rows("terms.sector_caps")),
        max_days=reader.whole_numbers("terms.max_days", grades, 0, NET_CAP_DAYS, "falling"),
        deposit_share=reader.numbers("terms.deposit_share", grades, 0.0, 1.0, "rising"),
        means_of_payment=reader.texts("terms.means_of_payment", grades, means),
    )


def _read_cap(reader: PolicyReader, row: str) -> SectorCap:
    return SectorCap(
        naf=reader.list_of_texts(f"{row}.naf"),
        side=reader.text(f"{row}.side", SIDES),
        days=reader.whole(f"{row}.days", 0, NET_CAP_DAYS),
        start=reader.text(f"{row}.start", START_POINTS),
        law=reader.text(f"{row}.law"),
    )
