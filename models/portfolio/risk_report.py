"""What a portfolio may lose within a year: distribution, parts by customer, concentration and cover.

Owns how positions become obligors: the customer numbers of a legal entity fail together, with their worst
probability, and cost the loss given default of what is at our own risk. Who is in default already costs it
for certain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.portfolio.concentration import UNKNOWN, Concentration, concentration, gini, summed_by
from models.portfolio.cover import CoverChange, changed_covers, covered_eur, insurer_shares
from models.portfolio.expected_loss import own_risk_eur
from models.portfolio.granularity import asymptotic_loss_eur, granularity_adjustment_eur
from models.portfolio.loss_contributions import shortfall_contributions
from models.portfolio.loss_distribution import CELLS, loss_distribution
from models.portfolio.obligors import Obligors
from models.portfolio.vasicek import asset_correlations

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from models.policy.document import Policy
    from models.portfolio.expected_loss import Exposure
    from models.portfolio.loss_distribution import LossDistribution
    from models.portfolio.positions import Position, Positions

CONFIDENCES = (0.95, 0.99, 0.999)
DIMENSIONS = ("customers", "entities", "groups", "sectors", "regions")
SHOWN = 20
_POINTS, _FAR = 60, 0.9995


@dataclass(frozen=True, slots=True)
class LossLevel:
    """The loss that is not exceeded with a probability, and the mean loss of the other years."""

    confidence_level: float
    value_at_risk_eur: float
    expected_shortfall_eur: float


@dataclass(frozen=True, slots=True)
class LossContribution:
    """Part of one legal entity in the losses of the portfolio.

    Parameters
    ----------
    customer_ids
        Its numbers, the one with the most at our own risk first; name and grade are that one's.
    in_default
        Whether it is in default: its loss is certain.
    shortfall_eur, share
        Its mean loss in the worst years, and that as a share of everybody's.
    """

    customer_ids: tuple[str, ...]
    name: str | None
    grade: str
    pd_12m: float
    in_default: bool
    own_risk_eur: float
    expected_loss_eur: float
    shortfall_eur: float
    share: float


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One of the largest exposures of a dimension, `customer_id` None where it is no customer or entity."""

    key: str
    name: str | None
    customer_id: str | None
    open_eur: float
    share: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class RiskConcentration:
    """Concentration of exposures by one dimension; see `models.portfolio.concentration`."""

    count: int
    herfindahl: float
    effective_count: float | None
    gini: float
    top_share: float
    top: tuple[RiskLine, ...]


@dataclass(frozen=True, slots=True)
class CoverWhatIf:
    """Own risk and losses under another cover; the name is one of `changed_covers`."""

    name: str
    own_risk_eur: float
    expected_loss_eur: float
    value_at_risk_eur: float


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What a portfolio may lose within a year.

    Parameters
    ----------
    certain_loss_eur
        Part of every loss: of those in default already.
    unexpected_loss_eur
        Standard deviation of the loss.
    confidence_level
        The policy's, of what follows: value at risk, expected shortfall and its contributions, the
        asymptotic loss, and the value at risk under other covers.
    asymptotic_loss_eur, name_concentration_eur, granularity_adjustment_eur
        Value at risk if each obligor were many small ones; what single names add to it; and that by the
        formula of Gordy and Lütkebohmert.
    curve
        Losses in euros with the probability of a larger one.
    contributions
        Of every legal entity at our own risk, in descending order; they add up to the expected shortfall.
    covered_eur, insured_share
        What insurers bear, in euros and of all that is owed.
    cell_eur
        To within which amount a quantile is known.
    """

    as_of: dt.date
    run_id: int
    open_eur: float
    own_risk_eur: float
    lgd_share: float
    expected_loss_eur: float
    unexpected_loss_eur: float
    certain_loss_eur: float
    levels: tuple[LossLevel, ...]
    confidence_level: float
    value_at_risk_eur: float
    expected_shortfall_eur: float
    asymptotic_loss_eur: float
    name_concentration_eur: float
    granularity_adjustment_eur: float
    cell_eur: float
    curve: tuple[tuple[float, float], ...]
    contributions: tuple[LossContribution, ...]
    concentration: dict[str, RiskConcentration]
    covered_eur: float
    insured_share: float
    insurers: Concentration
    covers: tuple[CoverWhatIf, ...]

    def document(self, shown: int = SHOWN) -> dict[str, Any]:
        """Return the report as plain JSON values, with the largest contributions."""
        made = {**asdict(self), "as_of": self.as_of.isoformat()}
        made["curve"] = [{"loss_eur": loss, "exceedance": chance} for loss, chance in self.curve]
        made["contributions"] = made["contributions"][:shown]
        made["entities_at_risk"] = len(self.contributions)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class _Entity:
    positions: tuple[Position, ...]
    loss_eur: float

    @property
    def pd_12m(self) -> float:
        return max(one.case.pd_12m for one in self.positions)

    @property
    def in_default(self) -> bool:
        return any(one.case.is_defaulted for one in self.positions)


def risk_report(
    positions: Positions, policy: Policy, change: CoverChange | None = None, cells: int = CELLS
) -> RiskReport:
    """Compute what a portfolio may lose within a year.

    Parameters
    ----------
    change
        The other cover to compare with.
    cells
        Cells of the grid of losses.
    """
    items, rules = positions.items, policy.portfolio_risk
    now = tuple(one.exposure for one in items)
    entities = _entities(items, now, policy.expected_loss.lgd_share)
    obligors, certain_eur = _obligors(entities, policy)
    found = loss_distribution(obligors, certain_eur, cells)
    level = found.value_at_risk_eur(rules.confidence_level)
    asymptotic = certain_eur + asymptotic_loss_eur(obligors, rules.confidence_level)
    open_eur, own = sum(max(one.open_eur, 0.0) for one in now), sum(map(own_risk_eur, now))
    covered = sum(map(covered_eur, now))
    return RiskReport(
        as_of=positions.as_of,
        run_id=positions.run_id,
        open_eur=open_eur,
        own_risk_eur=own,
        lgd_share=policy.expected_loss.lgd_share,
        expected_loss_eur=found.expected_eur,
        unexpected_loss_eur=found.unexpected_eur,
        certain_loss_eur=certain_eur,
        levels=tuple(
            LossLevel(share, found.value_at_risk_eur(share), found.expected_shortfall_eur(share))
            for share in CONFIDENCES
        ),
        confidence_level=rules.confidence_level,
        value_at_risk_eur=level,
        expected_shortfall_eur=found.expected_shortfall_eur(rules.confidence_level),
        asymptotic_loss_eur=asymptotic,
        name_concentration_eur=level - asymptotic,
        granularity_adjustment_eur=granularity_adjustment_eur(obligors, rules.confidence_level),
        cell_eur=found.grid.cell_eur,
        curve=_curve(found),
        contributions=_contributions(entities, obligors, found, policy),
        concentration=_concentrations(items),
        covered_eur=covered,
        insured_share=covered / open_eur if open_eur else 0.0,
        insurers=insurer_shares(items),
        covers=_covers(items, now, change or CoverChange(), policy, found),
    )


def _entities(items: Sequence[Position], exposures: Iterable[Exposure], lgd_share: float) -> list[_Entity]:
    """Return the legal entities that something is lost with, sorted by their keys."""
    members: defaultdict[str, list[tuple[Position, float]]] = defaultdict(list)
    for one, exposure in zip(items, exposures, strict=True):
        members[one.entity].append((one, lgd_share * own_risk_eur(exposure)))
    found = []
    for _, pairs in sorted(members.items()):
        loss_eur = sum(loss for _, loss in pairs)
        if loss_eur > 0.0:
            ranked = sorted(pairs, key=lambda pair: (-pair[1], pair[0].customer_id))
            found.append(_Entity(tuple(one for one, _ in ranked), loss_eur))
    return found


def _obligors(entities: Sequence[_Entity], policy: Policy) -> tuple[Obligors, float]:
    """Return the entities that may default, in their order, and the certain loss of the others."""
    risky = [one for one in entities if not one.in_default]
    pd = np.array([one.pd_12m for one in risky], np.float64)
    loss = np.array([one.loss_eur for one in risky], np.float64)
    certain_eur = float(sum(one.loss_eur for one in entities if one.in_default))
    return Obligors(pd, loss, asset_correlations(pd, policy.portfolio_risk)), certain_eur


def _contributions(
    entities: Sequence[_Entity], obligors: Obligors, found: LossDistribution, policy: Policy
) -> tuple[LossContribution, ...]:
    confidence, lgd_share = policy.portfolio_risk.confidence_level, policy.expected_loss.lgd_share
    parts = iter(shortfall_contributions(obligors, found, confidence).tolist())
    whole = found.expected_shortfall_eur(confidence)
    made = []
    for one in entities:
        pd = 1.0 if one.in_default else one.pd_12m
        part = one.loss_eur if one.in_default else next(parts)
        first = one.positions[0]
        made.append(
            LossContribution(
                tuple(member.customer_id for member in one.positions),
                first.name,
                first.grade,
                one.pd_12m,
                one.in_default,
                one.loss_eur / lgd_share,
                pd * one.loss_eur,
                part,
                part / whole if whole else 0.0,
            )
        )
    return tuple(sorted(made, key=lambda line: (-line.shortfall_eur, line.customer_ids)))


def _curve(found: LossDistribution) -> tuple[tuple[float, float], ...]:
    """Return points of the loss curve from nothing to a loss beyond all that are shown."""
    most = found.expected_shortfall_eur(_FAR)
    losses = np.linspace(found.certain_eur, most, _POINTS).tolist()
    before = ((0.0, 1.0),) if found.certain_eur else ()
    return (*before, *((loss, found.exceedance(loss)) for loss in losses))


def _covers(
    items: Sequence[Position],
    now: tuple[Exposure, ...],
    change: CoverChange,
    policy: Policy,
    found: LossDistribution,
) -> tuple[CoverWhatIf, ...]:
    """Return the losses under other covers; `found` are those under the present one."""
    made, known = [], {now: found}
    for name, exposures in changed_covers(items, change, policy.decision.cover_share).items():
        if exposures not in known:
            entities = _entities(items, exposures, policy.expected_loss.lgd_share)
            known[exposures] = loss_distribution(*_obligors(entities, policy), found.grid.length)
        losses = known[exposures]
        level = losses.value_at_risk_eur(policy.portfolio_risk.confidence_level)
        made.append(CoverWhatIf(name, sum(map(own_risk_eur, exposures)), losses.expected_eur, level))
    return tuple(made)


def _concentrations(items: Sequence[Position]) -> dict[str, RiskConcentration]:
    keys: dict[str, Sequence[str | None]] = {
        "customers": [one.customer_id for one in items],
        "entities": [one.entity for one in items],
        "groups": [one.group_id or one.entity for one in items],
        "sectors": [one.sector for one in items],
        "regions": [one.region for one in items],
    }
    return {name: _concentration(name, keys[name], items) for name in DIMENSIONS}


def _concentration(
    dimension: str, keys: Sequence[str | None], items: Sequence[Position]
) -> RiskConcentration:
    exposures = summed_by((key, one.open_eur) for key, one in zip(keys, items, strict=True))
    losses: defaultdict[str, float] = defaultdict(float)
    largest: dict[str, Position] = {}
    for key, one in zip(keys, items, strict=True):
        losses[key or UNKNOWN] += one.expected_loss_eur
        before = largest.get(key or UNKNOWN)
        if before is None or one.open_eur > before.open_eur:
            largest[key or UNKNOWN] = one
    # Where nothing is known of anybody there is no concentration to speak of.
    found = concentration({} if set(exposures) == {UNKNOWN} else exposures)
    is_customer = dimension in ("customers", "entities")
    top = tuple(
        RiskLine(
            part.name,
            largest[part.name].name if dimension in ("customers", "entities", "groups") else None,
            largest[part.name].customer_id if is_customer else None,
            part.eur,
            part.share,
            losses[part.name],
        )
        for part in found.top
    )
    return RiskConcentration(
        found.count, found.herfindahl, found.effective_count, gini(exposures.values()), found.top_share, top
    )
