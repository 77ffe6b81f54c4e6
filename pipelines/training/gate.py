"""The promotion gate: named checks on a version, each with its value and its threshold.

Floors are judged on the version's own test period. Compared with the champion, a version must not be
significantly worse: it is refused where the 95 % interval of the difference, by bootstrap over customers,
is wholly on the worse side of a tolerance, or where the estimated loss exceeds the policy's maximum. Owns the
checks; the policy has the thresholds (`models.policy.sections.gate`), `comparison` selects the rows, and
`pipelines.training.promotion` acts on the verdict.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.training.bootstrap import Draws, interval
from pipelines.training.decision_value import compare, decide
from pipelines.training.metrics import BINS, calibration_error, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.arrays import Floats, Ints
    from models.policy.document import Policy
    from models.policy.sections.gate import Bars
    from pipelines.training.comparison import Common, ScoredRows
    from pipelines.training.decision_value import Worth

EVIDENCE = "evidence"
PASSED, REFUSED, TOO_FEW = "passed", "refused", "too few to judge"
_ROUNDING = 1e-9
"""Tolerance for rounding, as a share of the policy's maximum loss."""


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One check: its value, its threshold in words, and whether it passed.

    Parameters
    ----------
    low, high
        The 95 % interval of the value, None without one.
    """

    name: str
    measured: float
    bar: str
    passed: bool
    low: float | None = None
    high: float | None = None

    @property
    def drawn(self) -> str:
        """Return the interval in words, empty without one."""
        return "" if self.low is None else f"{figure(self.low)} to {figure(self.high)}"

    @property
    def words(self) -> str:
        """Return the check as a phrase."""
        drawn = f" (95 %: {self.drawn})" if self.drawn else ""
        return f"{self.name} {figure(self.measured)}{drawn}; the bar is {self.bar}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's verdict on a version.

    Parameters
    ----------
    compared
        The version and the rows of the comparison, or the reason for its absence.
    worth
        Value of the version's decisions, and of the champion's where compared.
    """

    target: str
    checks: tuple[GateCheck, ...]
    compared: str
    worth: tuple[Worth, ...]

    @property
    def outcome(self) -> str:
        """Return `passed`, `refused` or `too few to judge`."""
        if any(check.name == EVIDENCE and not check.passed for check in self.checks):
            return TOO_FEW
        return PASSED if all(check.passed for check in self.checks) else REFUSED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the failed checks, each as a phrase."""
        return tuple(check.words for check in self.checks if not check.passed)

    def document(self) -> dict[str, Any]:
        """Return the verdict as JSON values; non-finite figures become None."""
        return {
            "outcome": self.outcome,
            "compared": self.compared,
            "checks": [
                {k: _finite(v) if isinstance(v, float) else v for k, v in asdict(check).items()}
                for check in self.checks
            ],
            "worth": [asdict(worth) for worth in self.worth],
        }


def judge(
    target: str, asked: ScoredRows, common: Common | None, compared: str, policy: Policy, seed: int
) -> Verdict:
    """Judge a version.

    Parameters
    ----------
    target
        `late30` and the like, or `default12`.
    asked
        Its test rows, with predictions of a model not trained on them.
    common
        Rows predicted by the champion too; None to judge by the floors alone.
    compared
        Description of the comparison, or the reason for its absence.
    seed
        Seed of the draws.
    """
    bars = policy.gate.bars(target)
    if not len(asked.rows):
        nobody = _least(EVIDENCE, 0, bars.bad_customers, "customers of either outcome")
        return Verdict(target, (nobody,), "no test period: the rows are too few", ())
    checks = list(_floors(asked, policy, bars, seed))
    ways = {"challenger": asked.probability}
    rows = asked.rows
    if common is not None:
        checks += _against(target, common, policy, bars, seed)
        rows, ways = common.rows, {"challenger": common.challenger, "champion": common.champion}
    return Verdict(target, tuple(checks), compared, compare(target, rows, ways, policy))


def _floors(asked: ScoredRows, policy: Policy, bars: Bars, seed: int) -> Iterator[GateCheck]:
    rows, chance = asked.rows, asked.probability
    label, gate = rows.label, policy.gate
    customers = min(len(np.unique(rows.owner[label == outcome])) for outcome in (0, 1))
    yield _least(EVIDENCE, customers, bars.bad_customers, "customers of either outcome")
    figures = measure(label, chance)
    if "auc" not in figures:
        return
    yield _least("AUC", figures["auc"], bars.auc)
    ceiling = gate.auc_ceiling
    yield GateCheck("leak", figures["auc"], f"an AUC of at most {ceiling:g}", figures["auc"] <= ceiling)
    error, noise = figures["calibration_error"], calibration_noise(label, chance, rows.owner)
    bar = f"at most {bars.calibration_error:g} above the {noise:.4g} that chance makes"
    yield GateCheck("calibration", error, bar, error <= bars.calibration_error + noise)
    ratio = figures["mean_probability"] / figures["bad_share"]
    low, high = bars.predicted_to_realised_low, bars.predicted_to_realised_high
    yield GateCheck("predicted to realised", ratio, f"from {low:g} to {high:g}", low <= ratio <= high)
    yield from _prospects(asked, gate.common_cases, gate.bootstrap, bars, seed)


def _prospects(asked: ScoredRows, cases: int, count: int, bars: Bars, seed: int) -> Iterator[GateCheck]:
    """Check customers without history, if there are enough: not significantly below the threshold."""
    new = asked.rows.frame["n_paid_all"].to_numpy(np.float64) == 0
    label, chance = asked.rows.label[new], asked.probability[new]
    if min(label.sum(), (1 - label).sum()) < cases:
        return
    low, high = interval(Draws.of(asked.rows.owner[new], count, seed).aucs(label, chance))
    bar = f"an interval that reaches {bars.prospect_auc:g}"
    auc = measure(label, chance)["auc"]
    yield GateCheck("AUC without history", auc, bar, high >= bars.prospect_auc, low, high)


def _against(target: str, common: Common, policy: Policy, bars: Bars, seed: int) -> Iterator[GateCheck]:
    """Check that a challenger is not worse than the champion; positive gains favour the challenger."""
    label, challenger, champion = common.rows.label, common.challenger, common.champion
    draws, trifle = Draws.of(common.rows.owner, policy.gate.bootstrap, seed), policy.gate.trifle_share
    before, after = measure(label, champion), measure(label, challenger)
    drawn = draws.aucs(label, challenger) - draws.aucs(label, champion)
    yield _no_worse("AUC gained", after["auc"] - before["auc"], drawn, bars.auc_loss, trifle)
    saved = _log_losses(label, champion) - _log_losses(label, challenger)
    most = bars.log_loss_share * before["log_loss"]
    yield _no_worse("log loss saved", float(saved.mean()), draws.means(saved), most, trifle)
    nearer = calibration_error(label, champion) - calibration_error(label, challenger)
    drawn = draws.calibration_errors(label, champion) - draws.calibration_errors(label, challenger)
    yield _no_worse("calibration gained", nearer, drawn, bars.calibration_loss, trifle)
    current = decide(target, common.rows, champion, policy).value
    earned = decide(target, common.rows, at_equal_caution(challenger, champion), policy).value - current
    most = bars.value_share * abs(float(current.sum()))
    yield _no_worse("EUR gained", float(earned.sum()), draws.totals(earned), most, trifle)


def at_equal_caution(ours: Floats, theirs: Floats) -> Floats:
    """Map one model's ranks to the other's probabilities, with means for ties, shape `(n,)`.

    Both then grant the same total credit at the policy's cut-offs, so that a difference in euros only comes
    from its allocation. The level of probabilities is judged by the calibration check: otherwise a model
    blind to risk would earn the margin on all customers that a careful one refuses.

    Examples
    --------
    >>> at_equal_caution(np.array([0.9, 0.5, 0.7]), np.array([0.1, 0.2, 0.3])).tolist()
    [0.3, 0.1, 0.2]
    """
    _, place, size = np.unique(ours, return_inverse=True, return_counts=True)
    starts = np.concatenate(([0], np.cumsum(size)[:-1]))
    means: Floats = np.add.reduceat(np.sort(theirs), starts) / size
    return means[place]


def calibration_noise(label: Floats, probability: Floats, owner: Ints) -> float:
    """Return the calibration error expected by chance of calibrated probabilities.

    The sum of a bin's residuals is nearly normal, with the sum over customers of squared total residuals as
    its variance; the mean distance of a normal variable from 0 is sqrt(2 / pi) deviations. With few rows per
    bin this is most of the measured error.

    Parameters
    ----------
    owner
        Each row's customer, shape `(n,)`.
    """
    _, customer = np.unique(owner, return_inverse=True)
    deviation = 0.0
    for rows in np.array_split(np.argsort(probability, kind="stable"), BINS):
        missed = np.bincount(customer[rows], label[rows] - probability[rows])
        deviation += math.sqrt(float((missed**2).sum()))
    return math.sqrt(2.0 / math.pi) * deviation / len(label)


def _log_losses(label: Floats, probability: Floats) -> Floats:
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    losses: Floats = -(label * np.log(clipped) + (1 - label) * np.log1p(-clipped))
    return losses


def _least(name: str, measured: float, bar: float, of: str = "") -> GateCheck:
    return GateCheck(name, float(measured), f"at least {bar:g} {of}".rstrip(), measured >= bar)


def _no_worse(name: str, gained: float, drawn: Floats, most: float, trifle_share: float) -> GateCheck:
    """Refuse a loss that is significant beyond the tolerance, or larger than the policy allows."""
    low, high = interval(drawn)
    trifle = max(trifle_share * most, _ROUNDING * most)
    bar = f"at least {figure(-most)}, and an interval that reaches {figure(0.0 - trifle_share * most)}"
    return GateCheck(name, gained, bar, high >= -trifle and gained >= -most, low, high)


def figure(value: float | None) -> str:
    """Format a measured figure for display; empty if None."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
