"""The checks at the top of the report: each with its value, its threshold and its status.

A failed check counts against the model: a leak, a violated sign, a floor of the policy. One to review does
not, but whoever signs off should know. The floors are those of the gate (`pipelines.training.gate`), which
decides independently; the report predicts its result. Owns the list, not the measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.training.findings.days_late import MEANT
from pipelines.training.gate import EVIDENCE, calibration_noise, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.policy.document import Policy
    from pipelines.training.comparison import ScoredRows
    from pipelines.training.findings.days_late import DaysLate
    from pipelines.training.findings.discrimination import MeasuredFigure
    from pipelines.training.findings.drift import Moved
    from pipelines.training.findings.leakage import Lottery, SeenBefore
    from pipelines.training.findings.monotonicity import Monotonicity
    from pipelines.training.findings.peek import Peek
    from pipelines.training.findings.single_features import FeatureAuc
    from pipelines.training.gate import GateCheck
    from pipelines.training.stability import Shift

PASSED, FAILED, LOOK, UNCHECKED, FEW = "passed", "failed", "look", "unchecked", "few"
COVERAGE_SLACK = 0.05
"""Deviation from the nominal coverage of P10 to P90 from which a review is due."""


@dataclass(frozen=True, slots=True)
class Item:
    """One check.

    Parameters
    ----------
    name
        The key of its texts.
    status
        `passed`, `failed`, `look`, `unchecked` or `few`.
    unit
        `ratio`, `count` or `share`: the format of figures.
    relation, bounds
        The condition on the measured value: `at_most`, `at_least`, `between`, `reaches` or none.
    low, high
        The 95 % interval of the measured value, None without one.
    about
        Its details: features, groups, or a threshold in words.
    """

    name: str
    status: str
    measured: float | None = None
    unit: str = "ratio"
    relation: str = ""
    bounds: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    about: tuple[str, ...] = ()


def outcome(items: Sequence[Item]) -> str:
    """Return the worst status of all checks: `failed`, `few`, `look` or `passed`."""
    statuses = {item.status for item in items}
    worst = next((status for status in (FAILED, FEW, LOOK, UNCHECKED) if status in statuses), PASSED)
    return LOOK if worst == UNCHECKED else worst


def lottery(name: str, found: Lottery | None) -> Item:
    """Judge the test on reassigned outcomes."""
    if found is None:
        return Item(name, UNCHECKED)
    return Item(name, _passed(found.passed), found.auc, "ratio", "at_most", (found.bar,))


def future(found: Peek | None) -> Item:
    """Judge rows recomputed from the ledger as known on their day."""
    if found is None:
        return Item("peek", UNCHECKED)
    return Item(
        "peek", _passed(found.passed), found.differing, "count", "at_most", (0.0,), about=found.features
    )


def too_good(found: Sequence[FeatureAuc], bar: float) -> Item:
    """Judge single features."""
    flagged = tuple(one.name for one in found if one.too_good)
    if not found:
        return Item("single", FEW)
    return Item("single", _passed(not flagged), found[0].auc, "ratio", "at_most", (bar,), about=flagged)


def seen(found: SeenBefore, auc: MeasuredFigure | None) -> Item:
    """Review rows of subjects in the training data: they matter where the AUC falls without them."""
    if auc is None or found.auc_without is None:
        return Item("seen", FEW, found.rows, "count")
    fine = found.auc_without >= auc.low
    return Item("seen", PASSED if fine else LOOK, found.auc_without, "ratio", "at_least", (auc.low,))


def signs(found: Monotonicity) -> Item:
    """Judge steps in the wrong direction."""
    about = tuple(name for name, _ in found.by_feature)
    fine = not found.violations
    return Item("monotonicity", _passed(fine), found.violations, "count", "at_most", (0.0,), about=about)


def stable_score(found: Shift | None, large: float) -> Item:
    """Review drifted scores."""
    if found is None:
        return Item("score_shift", FEW)
    bar = max(found.bar, large)
    return Item("score_shift", LOOK if found.shifted else PASSED, found.index, "ratio", "at_most", (bar,))


def stable_features(found: Sequence[Moved]) -> Item:
    """Review drifted features."""
    moved = tuple(one.name for one in found if one.shifted)
    return Item("feature_shift", LOOK if moved else PASSED, len(moved), "count", about=moved)


def scorecard(gained: MeasuredFigure | None) -> Item:
    """Review a model that ranks significantly worse than its scorecard."""
    if gained is None:
        return Item("scorecard", UNCHECKED)
    status = LOOK if gained.high < 0 else PASSED
    return Item("scorecard", status, gained.value, "ratio", "reaches", (0.0,), gained.low, gained.high)


def cold_start(outside: tuple[str, ...]) -> Item:
    """Review lengths of history with a significantly wrong prediction."""
    return Item(
        "history", LOOK if outside else PASSED, len(outside), "count", "at_most", (0.0,), about=outside
    )


def coverage(found: DaysLate | None) -> Item:
    """Review quantiles of days late with significantly wrong coverage."""
    if found is None:
        return Item("coverage", FEW)
    covered = found.coverage[0].covered
    low, high = MEANT - COVERAGE_SLACK, MEANT + COVERAGE_SLACK
    off = covered.low > high or covered.high < low
    status = LOOK if off else PASSED
    return Item("coverage", status, covered.value, "share", "between", (low, high), covered.low, covered.high)


def floors(target: str, asked: ScoredRows, policy: Policy, seed: int) -> tuple[Item, ...]:
    """Evaluate the gate's floors on the test period."""
    verdict = judge(target, asked, None, "the floors alone", policy, seed)
    return tuple(_floor(target, check, asked, policy) for check in verdict.checks)


def _floor(target: str, check: GateCheck, asked: ScoredRows, policy: Policy) -> Item:
    bars, rows = policy.gate.bars(target), asked.rows
    noise = calibration_noise(rows.label, asked.probability, rows.owner)
    known: dict[str, tuple[str, str, str, tuple[float, ...]]] = {
        EVIDENCE: ("evidence", "count", "at_least", (bars.bad_customers,)),
        "AUC": ("auc", "ratio", "at_least", (bars.auc,)),
        "leak": ("leak", "ratio", "at_most", (policy.gate.auc_ceiling,)),
        "calibration": ("calibration", "ratio", "at_most", (bars.calibration_error + noise,)),
        "predicted to realised": (
            "ratio",
            "ratio",
            "between",
            (bars.predicted_to_realised_low, bars.predicted_to_realised_high),
        ),
        "AUC without history": ("prospects", "ratio", "reaches", (bars.prospect_auc,)),
    }
    status = PASSED if check.passed else FEW if check.name == EVIDENCE else FAILED
    if check.name not in known:
        return Item("floor", status, check.measured, about=(check.name, check.bar))
    name, unit, relation, bounds = known[check.name]
    return Item(name, status, check.measured, unit, relation, bounds, check.low, check.high)


def _passed(fine: bool) -> str:  # noqa: FBT001  # a predicate's result, named by the call
    return PASSED if fine else FAILED


def gather(*items: Item | Sequence[Item]) -> tuple[Item, ...]:
    """Concatenate checks in order."""

    def each() -> Iterator[Item]:
        for item in items:
            yield from [item] if isinstance(item, Item) else item

    return tuple(each())
