"""Training of late payment: validate the components, calibrate, train on all rows.

Trees trained before each of several origins predict later rows; their weight, the calibration and the levels
at which P10 and P90 are read follow from these predictions. The tested model is trained on what was known
before the test period, the final one on all rows. With too few rows for trees, the customer's own curve is
the model; with too few for a test period, there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from models.features.build import INVOICE_FEATURES, mask_history
from models.features.curves import ANCHORS, BOUNDS, COLUMNS, columns_at
from models.learning.artifact import FittedModel, days_of, paid_invoices, with_facts
from models.learning.calibration import Calibration, fit_anchored
from models.learning.delay_curve import HABIT, LEVELS, TREES, require_anchor
from models.learning.named_columns import NamedColumns
from pipelines.training.late_components import LateData, Validated, can_learn, curve_of, fit_trees, validate
from pipelines.training.plan import Fit, known_features
from pipelines.training.split import PeriodSplit, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.features.table import Feature
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import FitPlan

_READ_FROM = np.linspace(0.03, 0.2, 35)
_NOMINAL_ROWS = 200.0
"""Number of validated rows at which the levels of P10 and P90 move half of the way."""


def late_candidates(days: int) -> tuple[Feature, ...]:
    """Return the candidate features for late payment by more than some days."""
    near = set(columns_at(days)) if days in ANCHORS else set()
    return tuple(one for one in INVOICE_FEATURES if one.name not in _ELSEWHERE or one.name in near)


_ELSEWHERE = set(COLUMNS)


def fit_late(rows: TrainingRows, plan: FitPlan) -> Fit:
    """Train late payment on its rows, however few.

    Raises
    ------
    ModelError
        The target's days are not an anchor of the curve.
    """
    days = days_of(plan.target)
    require_anchor(days)
    features = known_features(rows, INVOICE_FEATURES)
    parts = _periods(rows, plan)
    before = rows.take(~parts.test)
    learner = _Learner.of(before, plan, features)
    until = parts.last_days[2] if parts.test.any() else _told_on(rows, days)
    found = learner.validated(until)
    calibration = learner.calibrated(found)
    read_at = learner.read_at(found, calibration, until)
    tested = kept = learner.model(until, found, calibration, read_at)
    if parts.test.any() and plan.refit:
        whole = _Learner.of(rows, plan, features)
        kept = whole.model(_told_on(rows, days), found, calibration, read_at)
    test = rows.take(parts.test)
    return Fit(tested, kept, parts, tested.probability(test.frame) if len(test) else np.array([]))


@dataclass(frozen=True, slots=True, eq=False)
class _Learner:
    """Rows with their features, and the same without their history."""

    rows: TrainingRows
    plan: FitPlan
    data: LateData
    blank: LateData

    @classmethod
    def of(cls, rows: TrainingRows, plan: FitPlan, features: Sequence[Feature]) -> _Learner:
        days = days_of(plan.target)
        masked = replace(rows, frame=mask_history(rows.frame, np.ones(len(rows), dtype=bool)))
        return cls(rows, plan, LateData.of(rows, days, features), LateData.of(masked, days, features))

    def validated(self, until: int) -> Validated:
        trees = self.plan.trees
        return validate(self.data, self.blank, until, trees, self.plan.rounds, trees.seed)

    def model(
        self, until: int, found: Validated, calibration: Calibration, read_at: tuple[float, float, float]
    ) -> FittedModel:
        """Train on what was known by a day."""
        plan, everyone = self.plan, np.ones(len(self.rows), dtype=bool)
        stacked = self.data.stacked(until, everyone, plan.trees.seed)
        trees = None
        share = found.share_for(len(stacked))
        if share > 0 and can_learn(self.data, stacked):
            trees = fit_trees(self.data, stacked, plan.trees, plan.rounds, self.blank)
        curve = curve_of(self.data, trees, share).with_read_at(read_at)
        model = FittedModel.of_curve(plan.target, curve, calibration)
        weights = {HABIT: 1 - share, TREES: share} if trees else {HABIT: 1.0}
        return with_facts(model, rests_on="own" if trees else "habit", weights=weights)

    def calibrated(self, found: Validated) -> Calibration:
        """Fit the calibration on predictions of later periods at the target's delay."""
        at = np.array(ANCHORS)[found.stacked.anchor] == self.data.days
        row = found.stacked.row[at]
        paid, owner = paid_invoices(self.rows.frame)[row], self.rows.owner[row]
        return fit_anchored(found.margin[at], found.stacked.label[at], paid, owner)

    def read_at(self, found: Validated, calibration: Calibration, until: int) -> tuple[float, float, float]:
        """Return the levels at which P10 and P90 have their nominal coverage, on rows at issue.

        Parameters
        ----------
        until
            The last day whose events are known.
        """
        told = self.rows.days_late_on(until)
        late, chances = [np.empty(0)], [np.empty((0, len(BOUNDS)))]
        for place, trees in found.periods:
            asked = np.unique(place)
            new = self.rows.frame["invoice_age_days"].to_numpy()[asked] <= 0
            mine = asked[new & ~np.isnan(told[asked])]
            here = self.rows.take(mine)
            curve = curve_of(self.data, trees, found.share)
            late.append(told[mine])
            columns, paid = NamedColumns.of(here.frame, curve.read), paid_invoices(here.frame)
            chances.append(curve.chances(columns, calibration, paid, self.data.days))
        days, said = np.concatenate(late), np.concatenate(chances)
        if not len(days):
            return LEVELS
        ends = [curve.with_read_at((share, 0.5, 1 - share)).read_off(said) for share in _READ_FROM]
        below = np.array([(days < low).mean() for low, _, _ in ends])
        above = np.array([(days > high).mean() for _, _, high in ends])
        trust = len(days) / (len(days) + _NOMINAL_ROWS)
        low, high = (
            float(LEVELS[0] + trust * (_READ_FROM[int(np.abs(missed - LEVELS[0]).argmin())] - LEVELS[0]))
            for missed in (below, above)
        )
        return low, LEVELS[1], 1 - high


def _periods(rows: TrainingRows, plan: FitPlan) -> PeriodSplit:
    """Split rows by time, without a test period where they are too few for one."""
    try:
        return split(rows, plan.shares)
    except NotEnoughDataError:
        nobody = np.zeros(len(rows), dtype=bool)
        last = int(rows.day.max()) if len(rows) else 0
        return PeriodSplit(~nobody, nobody, nobody, nobody, (last,) * 4)


def _told_on(rows: TrainingRows, days: int) -> int:
    """Return the day by which every row's outcome is decided."""
    return int(rows.due.max()) + days + 1 if len(rows) else 0
