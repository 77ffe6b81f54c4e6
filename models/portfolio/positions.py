"""Positions: what each customer owes, with its risk and its links, as a nightly run left it.

Owns their shape; scenarios, losses and concentrations are computed from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.portfolio.expected_loss import Exposure

if TYPE_CHECKING:
    import datetime as dt

    from models.policy.credit_case import CreditCase


@dataclass(frozen=True, slots=True)
class Position:
    """One customer number.

    Parameters
    ----------
    entity
        The key of its legal entity: numbers with the same key are one risk.
    sector
        The NAF division, such as `43`; None where it is unknown.
    region
        Of `models.ledger.regions`; None where it is unknown, and in runs of an earlier version.
    insurer
        Of `models.ledger.insurers`; None where nobody insures it, and in runs of an earlier version.
    limit_eur
        The model's; what a person decided is not in it.
    open_eur
        Exposure; negative where more was paid than owed.
    case
        The inputs of its limit: probability of default, cover and the rest.
    """

    customer_id: str
    name: str | None
    entity: str
    group_id: str | None
    sector: str | None
    region: str | None
    insurer: str | None
    grade: str
    limit_eur: float
    open_eur: float
    overdue_eur: float
    expected_loss_eur: float
    case: CreditCase
    siren: str | None = None

    @property
    def exposure(self) -> Exposure:
        """Its exposure with the probability of default of its legal entity."""
        return Exposure.of(self.case, self.open_eur)


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions of a run, sorted by customer number."""

    run_id: int
    as_of: dt.date
    items: tuple[Position, ...]
