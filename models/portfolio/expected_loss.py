"""Expected loss from defaults within a year: PD x LGD x exposure at default.

Owns the formula. The exposure is the current one, less what an insurer would pay. A customer in default
counts with a probability of 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from models.errors import CreditError

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure and default risk of one customer.

    Parameters
    ----------
    open_eur
        Its exposure; a credit balance, below 0, counts as 0.
    pd_12m
        Probability of default within 12 months, in [0, 1].
    insured_limit_eur, covered_share
        The insurer's limit, and the share of a loss that it pays, in [0, 1].
    """

    open_eur: float
    pd_12m: float
    in_default: bool = False
    insured_limit_eur: float = 0.0
    covered_share: float = 0.0

    @classmethod
    def of(cls, case: CreditCase, open_eur: float) -> Self:
        """Return the exposure of a customer whose legal entity is `case`: its probability is the entity's."""
        return cls(open_eur, case.pd_12m, case.is_defaulted, case.insured_limit_eur, case.covered_share)


def own_risk_eur(exposure: Exposure) -> float:
    """Return the exposure at our own risk: exposure less the insurer's share of the covered part.

    Examples
    --------
    Of 10 000 owed, 8 000 are within the cover, of which the insurer bears 90 %.

    >>> own_risk_eur(Exposure(10_000, 0.02, insured_limit_eur=8_000, covered_share=0.9))
    2800.0
    """
    return borne_eur(exposure.open_eur, exposure.insured_limit_eur, exposure.covered_share)


def borne_eur(open_eur: float, insured_limit_eur: float, covered_share: float) -> float:
    """Return `own_risk_eur` of the figures alone: for whole portfolios."""
    owed = max(open_eur, 0.0)
    return owed - min(owed, insured_limit_eur) * covered_share


def expected_loss_eur(exposure: Exposure, lgd_share: float) -> float:
    """Return PD x LGD x exposure at our own risk, in euros (Basel's EL = PD x LGD x EAD, CRE35).

    Raises
    ------
    CreditError
        A probability or a share is outside [0, 1].

    Examples
    --------
    >>> expected_loss_eur(Exposure(10_000, 0.02), 0.60)
    120.0
    """
    shares = {
        "pd_12m": exposure.pd_12m,
        "covered_share": exposure.covered_share,
        "lgd_share": lgd_share,
    }
    wrong = [f"{name} is {value!r}" for name, value in shares.items() if not 0.0 <= value <= 1.0]
    if wrong:
        raise CreditError(f"{', '.join(wrong)}; a probability or a share lies in [0, 1]")
    probability = 1.0 if exposure.in_default else exposure.pd_12m
    return probability * lgd_share * own_risk_eur(exposure)
