"""The section `[provisions]`: how expected losses on receivables and doubtful claims are provided for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from models.policy.sections.fields import OneForEach, PolicySection, Share

AGE_BANDS = ("not_due", "d1_30", "d31_60", "d61_90", "over_90")
"""Bands of days past due, as in the aged balance."""
DoubtfulReason = Literal[
    "liquidation", "receivership", "safeguard", "plan", "closed", "default", "arrears"
]  # fmt: skip
DOUBTFUL_REASONS: tuple[DoubtfulReason, ...] = get_args(DoubtfulReason)
"""Why a claim is doubtful, the gravest first."""


class ProvisionRules(PolicySection):
    """Parameters of the provisions by IFRS 9 and by French accounts.

    Parameters
    ----------
    vat_share
        VAT as a share of the amount before tax. Losses are provided for excl. VAT, which is recovered.
    history_months
        Months over which own flow rates are measured.
    lost_after_days
        An amount still open so many days past its due date counts as lost in the flow rates.
    fewest_invoices
        Fewer invoices in a band give no flow rate of their own.
    segment_by
        Whose flow rates are measured apart: `none`, `sector` (NAF division) or `size` (headcount).
    forward_factor
        What each historical loss rate is multiplied by.
    macro_shift
        By how many standard deviations the economy is expected to be worse than over the history; the asset
        correlation of `[portfolio_risk]` scales it.
    doubtful_after_days
        A claim is doubtful once overdue for longer.
    default_rates
        Loss rates by band where the history is too thin for own ones.
    doubtful_rates
        Share of a doubtful claim that is provided for, by reason.
    """

    vat_share: Annotated[float, Field(ge=0, le=0.5)]
    history_months: Annotated[int, Field(ge=3, le=120)]
    lost_after_days: Annotated[int, Field(ge=120, le=1095)]
    fewest_invoices: Annotated[int, Field(ge=1, le=100_000)]
    segment_by: Literal["none", "sector", "size"]
    forward_factor: Annotated[float, Field(ge=0, le=10)]
    macro_shift: Annotated[float, Field(ge=-5, le=5)]
    doubtful_after_days: Annotated[int, Field(ge=1, le=1095)]
    default_rates: Annotated[Mapping[str, Share], OneForEach(AGE_BANDS, "rising")]
    doubtful_rates: Annotated[Mapping[str, Share], OneForEach(DOUBTFUL_REASONS)]


EARLIER_PROVISIONS: Final = ProvisionRules.model_construct(
    vat_share=0.20,
    history_months=24,
    lost_after_days=365,
    fewest_invoices=30,
    segment_by="none",
    forward_factor=1.0,
    macro_shift=0.0,
    doubtful_after_days=180,
    default_rates=MappingProxyType(
        {"not_due": 0.003, "d1_30": 0.016, "d31_60": 0.036, "d61_90": 0.066, "over_90": 0.106}
    ),
    doubtful_rates=MappingProxyType(
        {
            "liquidation": 0.95,
            "receivership": 0.70,
            "safeguard": 0.50,
            "plan": 0.50,
            "closed": 0.95,
            "default": 0.50,
            "arrears": 0.50,
        }
    ),
)
"""What a policy of an earlier version means, which has no such section."""
