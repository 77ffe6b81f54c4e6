"""A portfolio under a stress scenario: probabilities, grades, limits, expected losses and breaches.

Owns what each shock does to a customer's figures. Limits are `models.policy.limit.limit`'s arithmetic on the
changed case; a limit or a grade set by a person stays, unless a stop beats it. The policy does not change.
Sums are exact, so that the order of customers does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.policy.bands import graded
from models.policy.grades import GRADES
from models.policy.limit.limit import SettledAmounts, check_case, limit_amount
from models.policy.limit.stops import STOPS
from models.portfolio.expected_loss import borne_eur
from models.portfolio.stress_receipts import stressed_receipts
from models.portfolio.stress_shocks import ShockedInputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.portfolio.positions import Positions
    from models.portfolio.scenario import Scenario

    Flags = NDArray[np.bool_]
    _Row = tuple[float, int, float, float, float]


@dataclass(frozen=True, slots=True)
class DecidedByPerson:
    """The limit and the grade that a person set for a customer; None where it set none."""

    limit_eur: float | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RiskColumns:
    """Figures of all customers, one element a customer, shape `(n,)`.

    Parameters
    ----------
    pd_12m
        Probability of default within 12 months; 1 where the legal entity is in default.
    grade
        Place in `GRADES`, in force.
    limit_eur
        In force.
    open_eur, own_risk_eur
        Exposure, at least 0, and the part of it at our own risk.
    expected_loss_eur
        PD x LGD x own risk.
    receipts_eur
        Expected of the open invoices in each of the coming weeks, shape `(n, WEEKS)`; None where no night
        forecast them.
    """

    pd_12m: Floats
    grade: Ints
    limit_eur: Floats
    open_eur: Floats
    own_risk_eur: Floats
    expected_loss_eur: Floats
    receipts_eur: Floats | None = None

    @classmethod
    def of(cls, rows: Sequence[_Row], lgd_share: float) -> RiskColumns:
        """Return the columns of customers' figures."""
        pd_12m, grade, limit_eur, open_eur, own_eur = np.array(rows, np.float64).reshape(-1, 5).T
        return cls(pd_12m, grade.astype(np.int64), limit_eur, open_eur, own_eur, pd_12m * lgd_share * own_eur)

    def with_receipts(self, receipts_eur: Floats | None) -> RiskColumns:
        """Return the same columns with other receipts."""
        return replace(self, receipts_eur=receipts_eur)

    @property
    def above_limit_eur(self) -> Floats:
        """Exposure above the limit in force; at least 0."""
        above: Floats = np.maximum(self.open_eur - self.limit_eur, 0.0)
        return above


@dataclass(frozen=True, slots=True, eq=False)
class StressBase:
    """A portfolio before any shock, with what scenarios need computed once.

    Parameters
    ----------
    decided
        By customer number, where a person set a limit or a grade.
    entity
        Code of each customer's legal entity, from 0, shape `(n,)`.
    """

    positions: Positions
    policy: Policy
    decided: Mapping[str, DecidedByPerson]
    before: RiskColumns
    entity: Ints
    _settled: tuple[SettledAmounts, ...]
    _rows: tuple[_Row, ...]

    @classmethod
    def of(
        cls,
        positions: Positions,
        policy: Policy,
        decided: Mapping[str, DecidedByPerson] | None = None,
        receipts_eur: Floats | None = None,
    ) -> StressBase:
        """Compute the figures before any shock.

        Parameters
        ----------
        receipts_eur
            Of `RiskColumns`.

        Raises
        ------
        CreditError
            A case has figures that it may not have, or another currency than the policy.
        """
        items, decided = positions.items, decided or {}
        for one in items:
            check_case(one.case, policy)
        settled = tuple(SettledAmounts.of(one.case, policy) for one in items)
        found = tuple(
            _figures(one.case, one.open_eur, policy, amounts, decided.get(one.customer_id))
            for one, amounts in zip(items, settled, strict=True)
        )
        codes: dict[str, int] = {}
        entity = np.array([codes.setdefault(one.entity, len(codes)) for one in items], np.int64)
        before = RiskColumns.of(found, policy.expected_loss.lgd_share).with_receipts(receipts_eur)
        return cls(positions, policy, decided, before, entity, settled, found)

    @property
    def lgd_share(self) -> float:
        """The policy's loss given default."""
        return self.policy.expected_loss.lgd_share


@dataclass(frozen=True, slots=True, eq=False)
class StressResult:
    """A portfolio before and after a scenario.

    Parameters
    ----------
    inputs
        What the scenario changes in the inputs.
    """

    base: StressBase
    scenario: Scenario
    inputs: ShockedInputs
    after: RiskColumns

    @property
    def failed(self) -> Flags:
        """Whether the scenario makes the customer fail for certain, shape `(n,)`."""
        return self.inputs.failed


def stressed(base: StressBase, scenario: Scenario, source: str = "scenario") -> StressResult:
    """Put a portfolio under a scenario.

    Parameters
    ----------
    source
        What to call the scenario in a message.

    Raises
    ------
    ScenarioError
        It names customers or insurers that the portfolio has not.
    """
    inputs = ShockedInputs.of(base.positions, base.entity, base.policy.portfolio_risk, scenario, source)
    rows = list(base._rows)  # noqa: SLF001  # its own
    for place in np.flatnonzero(inputs.changed(base.positions)).tolist():
        one = base.positions.items[place]
        # Delays change the need and exposures, a failure is a stop: then nothing is settled.
        settled = None if inputs.days or inputs.failed[place] else base._settled[place]  # noqa: SLF001
        open_eur = one.open_eur + (inputs.growth[place].own_eur if inputs.days else 0.0)
        decided = base.decided.get(one.customer_id)
        rows[place] = _figures(inputs.case(place, one.case), open_eur, base.policy, settled, decided)
    lgd_share = base.lgd_share if scenario.lgd_share is None else scenario.lgd_share
    after, before = RiskColumns.of(rows, lgd_share), base.before
    if before.receipts_eur is not None:
        after = after.with_receipts(
            stressed_receipts(before.receipts_eur, before.pd_12m, after.pd_12m, inputs.days)
        )
    return StressResult(base, scenario, inputs, after)


def _figures(
    case: CreditCase,
    open_eur: float,
    policy: Policy,
    settled: SettledAmounts | None,
    decided: DecidedByPerson | None,
) -> _Row:
    """Return a customer's probability, grade, limit, exposure and own risk."""
    again = graded(case, policy)
    grade = again.grade
    limit_eur, binding = limit_amount(again, policy, settled)
    if decided is not None and binding not in STOPS:
        if decided.grade is not None:
            grade = decided.grade
            limit_eur, _ = limit_amount(again.with_figures(grade=grade), policy, settled)
        limit_eur = limit_eur if decided.limit_eur is None else decided.limit_eur
    own_eur = borne_eur(open_eur, case.insured_limit_eur, case.covered_share)
    pd_12m = 1.0 if case.is_defaulted else case.pd_12m
    return pd_12m, _PLACE[grade], limit_eur, max(open_eur, 0.0), own_eur


_PLACE = {grade: place for place, grade in enumerate(GRADES)}
