"""Reverse stress: the smallest shock of each kind under which a portfolio loses a given amount.

Owns the four searches: a common factor, a common multiplier of probabilities, the failure of customers, the
failure of a sector. What is lost is the expected loss within a year, in all; policies and covers stay.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from models.portfolio.scenario import MOST_DEVIATIONS, MOST_TIMES, MacroFactor
from models.portfolio.stress_shocks import macro_pd
from models.portfolio.stress_summary import exact_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.arrays import Floats, Ints
    from models.portfolio.stress import StressBase

_HALVINGS = 100


@dataclass(frozen=True, slots=True)
class FactorNeeded:
    """The mildest common factor that loses the amount: its severity in deviations and as a quantile."""

    deviations: float
    quantile: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class MultiplierNeeded:
    """The smallest multiplier of everybody's probability of default that loses the amount."""

    multiplier: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class FailuresNeeded:
    """The fewest legal entities whose failure loses the amount, the largest loss first.

    Parameters
    ----------
    customer_ids
        For each, its customer number with the largest exposure.
    """

    customer_ids: tuple[str, ...]
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class SectorNeeded:
    """The NAF division with the least to lose whose failure loses the amount."""

    sector: str
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class ReverseStress:
    """The smallest shock of each kind that loses an amount; None where no scenario of this kind does.

    Parameters
    ----------
    amount_eur
        What is to be lost: expected loss within a year, in all.
    expected_loss_eur
        What is expected without any shock.
    most_eur
        The most there is to lose: everybody fails.
    """

    amount_eur: float
    expected_loss_eur: float
    most_eur: float
    factor: FactorNeeded | None
    multiplier: MultiplierNeeded | None
    failures: FailuresNeeded | None
    sector: SectorNeeded | None

    def document(self) -> dict[str, Any]:
        """Return the findings as plain JSON values."""
        return asdict(self)


def reverse_stress(base: StressBase, amount_eur: float) -> ReverseStress:
    """Find what loses an amount.

    Parameters
    ----------
    amount_eur
        Expected loss within a year, in euros, above 0.
    """
    pd_12m = base.before.pd_12m
    at_stake = base.lgd_share * base.before.own_risk_eur
    added = at_stake * (1.0 - pd_12m)
    now_eur = exact_sum(pd_12m * at_stake)
    return ReverseStress(
        amount_eur=amount_eur,
        expected_loss_eur=now_eur,
        most_eur=exact_sum(at_stake),
        factor=_factor(base, at_stake, amount_eur),
        multiplier=_multiplier(pd_12m, at_stake, amount_eur),
        failures=_failures(base, added, amount_eur, now_eur),
        sector=_sector(base, added, amount_eur, now_eur),
    )


def _factor(base: StressBase, at_stake: Floats, amount_eur: float) -> FactorNeeded | None:
    def loss_eur(deviations: float) -> float:
        macro = MacroFactor(deviations=deviations)
        return exact_sum(macro_pd(base.before.pd_12m, macro, base.policy.portfolio_risk) * at_stake)

    found = _smallest(loss_eur, -MOST_DEVIATIONS, MOST_DEVIATIONS, amount_eur)
    return None if found is None else FactorNeeded(found, NormalDist().cdf(found), loss_eur(found))


def _multiplier(pd_12m: Floats, at_stake: Floats, amount_eur: float) -> MultiplierNeeded | None:
    # Who is in default already is not multiplied; its probability is 1 and stays it.
    certain = pd_12m == 1.0

    def loss_eur(times: float) -> float:
        return exact_sum(np.where(certain, 1.0, np.minimum(times * pd_12m, 1.0)) * at_stake)

    found = _smallest(loss_eur, 0.0, MOST_TIMES, amount_eur)
    return None if found is None else MultiplierNeeded(found, loss_eur(found))


def _failures(base: StressBase, added: Floats, amount_eur: float, now_eur: float) -> FailuresNeeded | None:
    by_entity = np.zeros(int(base.entity.max(initial=-1)) + 1)
    np.add.at(by_entity, base.entity, added)
    ranked = np.argsort(-by_entity, kind="stable")
    enough = _first_reaching(now_eur + np.cumsum(by_entity[ranked]), amount_eur, now_eur)
    if enough is None:
        return None
    chosen = ranked[:enough]
    names = _largest_numbers(base.entity, base.before.open_eur)
    ids = tuple(base.positions.items[names[code]].customer_id for code in chosen.tolist())
    return FailuresNeeded(ids, now_eur + exact_sum(by_entity[chosen]))


def _sector(base: StressBase, added: Floats, amount_eur: float, now_eur: float) -> SectorNeeded | None:
    losses: dict[str, list[float]] = {}
    for one, eur in zip(base.positions.items, added.tolist(), strict=True):
        if one.sector is not None:
            losses.setdefault(one.sector, []).append(eur)
    totals = ((now_eur + math.fsum(found), sector) for sector, found in losses.items())
    least = min((pair for pair in totals if pair[0] >= amount_eur), default=None)
    return None if least is None else SectorNeeded(least[1], least[0])


def _smallest(loss_eur: Callable[[float], float], low: float, high: float, amount_eur: float) -> float | None:
    """Return the smallest value whose loss, which rises with it, reaches an amount; None if none does."""
    if loss_eur(high) < amount_eur:
        return None
    if loss_eur(low) >= amount_eur:
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        low, high = (low, middle) if loss_eur(middle) >= amount_eur else (middle, high)
    return high


def _first_reaching(losses: Floats, amount_eur: float, now_eur: float) -> int | None:
    """Return how many of the largest losses reach an amount together, 0 if none is needed."""
    if now_eur >= amount_eur:
        return 0
    reached = np.flatnonzero(losses >= amount_eur)
    return int(reached[0]) + 1 if len(reached) else None


def _largest_numbers(entity: Ints, open_eur: Floats) -> Sequence[int]:
    """Return the place of the customer number with the largest exposure of each legal entity."""
    order = np.lexsort((-open_eur, entity))
    _, first = np.unique(entity[order], return_index=True)
    places: list[int] = order[first].tolist()
    return places
