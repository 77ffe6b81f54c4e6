"""What credit insurance takes over of a portfolio, and what another cover would.

Owns changes of cover; what a default then costs is `models.portfolio.expected_loss`'. An insurer is taken to
pay: its own failure is seen only as the loss of its cover.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from models.portfolio.concentration import UNKNOWN, concentration, summed_by
from models.portfolio.expected_loss import Exposure, own_risk_eur

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.portfolio.concentration import Concentration
    from models.portfolio.positions import Position

LARGEST = 10


@dataclass(frozen=True, slots=True)
class CoverChange:
    """What another cover to compare with is.

    Parameters
    ----------
    more_eur
        By how much the insured limits of the largest own risks rise.
    covered_share
        The share of a loss that every insurer would pay, in [0, 1].
    """

    more_eur: float = 50_000.0
    covered_share: float = 0.80


def covered_eur(exposure: Exposure) -> float:
    """Return what insurers would pay if the customer defaulted and all were lost."""
    return max(exposure.open_eur, 0.0) - own_risk_eur(exposure)


def insurer_shares(positions: Sequence[Position]) -> Concentration:
    """Return what is ceded to each insurer; cover without a named insurer is `unknown`."""
    return concentration(summed_by((one.insurer, covered_eur(one.exposure)) for one in positions))


def changed_covers(
    positions: Sequence[Position], change: CoverChange, new_share: float
) -> Mapping[str, tuple[Exposure, ...]]:
    """Return the exposures of all positions under each other cover.

    Parameters
    ----------
    new_share
        The share of a loss that is paid where no insurer covers yet.

    Returns
    -------
        By name: `none` without any cover; `insurer_lost` without the insurer that bears most, where one is
        known; `largest` with more cover on the largest own risks; `share` with another covered share.
    """
    now = tuple(one.exposure for one in positions)
    found = {"none": tuple(replace(one, insured_limit_eur=0.0) for one in now)}
    known = [part for part in insurer_shares(positions).top if part.name != UNKNOWN]
    if known:
        found["insurer_lost"] = tuple(
            replace(one, insured_limit_eur=0.0) if position.insurer == known[0].name else one
            for position, one in zip(positions, now, strict=True)
        )
    ranked = nsmallest(
        LARGEST, range(len(now)), key=lambda at: (-own_risk_eur(now[at]), positions[at].customer_id)
    )
    largest = set(ranked)
    found["largest"] = tuple(
        _covered(one, change.more_eur, new_share) if at in largest else one for at, one in enumerate(now)
    )
    found["share"] = tuple(
        replace(one, covered_share=change.covered_share) if one.insured_limit_eur > 0.0 else one
        for one in now
    )
    return found


def _covered(exposure: Exposure, more_eur: float, new_share: float) -> Exposure:
    insured = exposure.insured_limit_eur > 0.0
    share = exposure.covered_share if insured else new_share
    return replace(exposure, insured_limit_eur=exposure.insured_limit_eur + more_eur, covered_share=share)
