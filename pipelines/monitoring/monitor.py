"""Monitoring of both champions: rows, drift, realised outcomes, and the verdict.

Owns the sequence; each figure is computed in its own module.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.assessment.assessor import EPOCH
from models.errors import ModelError, NoChampionError
from models.learning.registry import CHAMPION, TARGETS
from pipelines.monitoring import drift
from pipelines.monitoring.estimate import Expected, expectations
from pipelines.monitoring.questions import draw_questions, learnt_until, require_newest
from pipelines.monitoring.realised import Realised, compare
from pipelines.monitoring.verdict import MonitoringCheck, TargetFindings, judge
from pipelines.training.comparison import TEST_ROWS, VersionFiles
from pipelines.training.row_files import SavedRows, read_rows

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.learning.artifact import FittedModel
    from models.learning.registry import Version
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy
    from pipelines.ledger_parts import LedgerParts
    from pipelines.monitoring.questions import Questions
    from pipelines.training.params import MonitorParams
    from pipelines.workers import Workers
    from serving.store import Run

REFERENCE_ROWS = "rows/reference.parquet"


class WatchedRegistry(VersionFiles, Protocol):
    """Methods of a registry that monitoring needs, as `models.learning.registry.Registry` has them."""

    def versions(self, target: str) -> list[Version]:
        """Return all versions of a target's model, newest first."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Monitoring results of one target's champion.

    Parameters
    ----------
    learnt_until
        The last day whose events it was trained on.
    rows, customers
        Number of newest rows scored, and of their customers.
    realised
        None where no outcome after its training is known yet.
    expected
        Over all rows first, then by moment of scoring.
    """

    version: Version
    learnt_until: dt.date
    age_days: int
    rows: int
    customers: int
    inputs: tuple[drift.InputDrift, ...]
    scores: drift.ScoreDrift
    realised: Realised | None
    expected: tuple[Expected, ...]
    checks: tuple[MonitoringCheck, ...]

    @property
    def target(self) -> str:
        """Return `late30` or `default12`."""
        return self.version.target

    @property
    def due(self) -> bool:
        """Whether retraining is due."""
        return any(check.due for check in self.checks)


@dataclass(frozen=True, slots=True)
class Watch:
    """Monitoring results as of a day; `night` is the published run, None before the first."""

    as_of: dt.date
    window_days: int
    drift_psi: float
    targets: tuple[Watched, ...]
    night: Run | None

    @property
    def due(self) -> bool:
        """Whether retraining is due for any target."""
        return any(one.due for one in self.targets)

    @property
    def alerts(self) -> tuple[MonitoringCheck, ...]:
        """Return every check that fired, those that call for retraining first."""
        fired = [check for one in self.targets for check in one.checks if check.fired]
        return tuple(sorted(fired, key=lambda check: not check.due))


def watch(
    models: WatchedRegistry,
    parts: LedgerParts,
    policy: Policy,
    params: MonitorParams,
    night: Run | None = None,
    workers: Workers | None = None,
) -> Watch:
    """Monitor both champions as of the end of the parts' day.

    Parameters
    ----------
    parts
        A ledger as known on a day that is not after its last event: one that it does not know yet, such as a
        payment, must not count as absent.
    workers
        This process if None.

    Raises
    ------
    NoChampionError
        A target has no champion.
    ModelError
        A champion was recorded without its rows, or was trained on events after the day.
    NotEnoughDataError
        The period has no rows.
    """
    champions = [champion(models, target) for target in TARGETS.values()]
    loaded, day = [models.load(version) for version in champions], parts.as_of
    for version, model in zip(champions, loaded, strict=True):
        _require_learnt_before(version, model, day)
    asked = draw_questions(parts, loaded, params, workers)
    found = tuple(
        _watched(models, version, model, questions, day, policy, params)
        for version, model, questions in zip(champions, loaded, asked, strict=True)
    )
    return Watch(day, params.window_days, params.drift_psi, found, night)


def champion(models: WatchedRegistry, target: str) -> Version:
    """Return the champion version of a target.

    Raises
    ------
    NoChampionError
        None was promoted.
    """
    found = next((version for version in models.versions(target) if CHAMPION in version.aliases), None)
    if found is None:
        short = next(name for name, full in TARGETS.items() if full == target)
        raise NoChampionError(
            f"no model answers for {target} yet, so that there is nothing to watch; run "
            f"`encours train {short}`, then `encours promote {short}`"
        )
    return found


def _watched(
    models: WatchedRegistry,
    version: Version,
    model: FittedModel,
    asked: Questions,
    as_of: dt.date,
    policy: Policy,
    params: MonitorParams,
) -> Watched:
    day, until = (as_of - EPOCH).days, learnt_until(model)
    test = _tested(models, version)
    now = require_newest(asked.newest, model, day, params)
    probability, answered = model.probability(now.frame), test.answers["probability"]
    inputs = drift.input_drift(model, read_rows(models.file(version, REFERENCE_ROWS)).rows, now)
    # Both sides use the champion: the backtest's scores come from another model and would differ.
    then = model.probability(test.rows.frame)
    bands = _bands(model, (test.rows, then), (now, probability), policy)
    scores = drift.score_drift(then, probability, (test.rows.owner, now.owner), bands)
    known = asked.matured
    realised = compare(known, model.probability(known.frame) if len(known) else probability[:0], params)
    expected = expectations(test.rows, answered, now, probability, params)
    findings = TargetFindings(version.target, inputs, scores, realised, expected[0], day - until)
    return Watched(
        version,
        _date(until),
        day - until,
        len(now),
        drift.customers(now.owner),
        inputs,
        scores,
        realised,
        expected,
        judge(findings, params),
    )


def _require_learnt_before(version: Version, model: FittedModel, as_of: dt.date) -> None:
    until = _date(learnt_until(model))
    if until > as_of:
        raise ModelError(
            f"version {version.number} of {version.target} has learnt from what came until "
            f"{until}, after the {as_of} asked about: give a later "
            "--as-of, or watch the version that answered then"
        )


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def _tested(models: WatchedRegistry, version: Version) -> SavedRows:
    saved = read_rows(models.file(version, TEST_ROWS))
    if "probability" not in saved.answers or not len(saved.rows):
        raise ModelError(
            f"version {version.number} of {version.target} was recorded without answers on a test period; "
            "train it again"
        )
    return saved


def _bands(
    model: FittedModel, before: tuple[TrainingRows, Floats], now: tuple[TrainingRows, Floats], policy: Policy
) -> tuple[drift.Band, ...]:
    """Return shares by grade: of default by probability, of late payment by median days late."""
    if not model.target.startswith("late"):
        return drift.grade_bands(before[1], now[1], policy)
    if not (model.curve or model.delays):
        return ()
    medians = [model.days_late(rows.frame)[:, 1] for rows, _ in (before, now)]
    return drift.payer_bands(medians[0], medians[1], policy)
