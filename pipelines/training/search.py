"""Hyperparameter search within a time limit: the only module that uses Optuna.

A study is a SQLite file. The next trial depends only on the finished ones, as the sampler is seeded by their
number: an interrupted search resumes without difference. One process searches a study at a time; trials found
running are taken to be left by a killed process. Owns sampling, pruning and resuming; `objective` measures a
set, and `tune` judges the result.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError
from models.learning.registry import TrialRun
from pipelines.training.objective import TrialMeasures
from pipelines.training.origins import ORIGINS
from pipelines.training.search_space import parameters_of, space_with, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import optuna

    from models.arrays import Floats
    from pipelines.training.objective import Objective
    from pipelines.training.search_space import Parameters, Range

COMPLETE, PRUNED, FAILED = "complete", "pruned", "failed"
_KEPT = 75.0
"""Per cent of trials to keep at a step, the best ones; with one origin, or with the median, nine of ten were
pruned, and the remaining ones suited the first period."""
_DEFAULTS, _PARAMETERS, _MEASURED = "defaults", "parameters", "measured"
_ORIGINS, _CUSTOMERS, _MEANS = "by_origin", "by_customer", "running_mean"


@dataclass(frozen=True, slots=True)
class Limits:
    """End of a search: a time limit or a number of trials, whichever is reached first."""

    seconds: float = math.inf
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """A completed trial of a set of parameters."""

    number: int
    parameters: Parameters
    is_default: bool
    measured: TrialMeasures


@dataclass(frozen=True, slots=True)
class SearchResult:
    """All trials of a study, including those of earlier processes, and whether a person interrupted it."""

    runs: tuple[TrialRun, ...]
    complete: tuple[Complete, ...]
    interrupted: bool


@dataclass(frozen=True, slots=True)
class _Watch:
    """Time limit and progress callback."""

    clock: Callable[[], float]
    began: float
    limits: Limits
    progress: Callable[[int, int], None]

    @property
    def over(self) -> bool:
        return self.clock() - self.began >= self.limits.seconds

    def report(self, done: int) -> None:
        if math.isfinite(self.limits.seconds):
            passed = min(self.clock() - self.began, self.limits.seconds)
            self.progress(round(passed), round(self.limits.seconds))
        elif self.limits.trials is not None:
            self.progress(done, self.limits.trials)


def search(
    objective: Objective,
    place: Path,
    name: str,
    limits: Limits,
    clock: Callable[[], float],
    progress: Callable[[int, int], None],
) -> SearchResult:
    """Try the defaults, then other sets, until a limit or Ctrl-C; resume an existing study.

    Parameters
    ----------
    place
        The study's SQLite file.
    name
        Name of the study, whose earlier measures must be those of this objective.
    clock
        Returns the time in seconds.
    progress
        Called at every fit: with elapsed and total seconds, or with trials where there is no time limit.

    Raises
    ------
    NotEnoughDataError
        A fold has rows of a single outcome.
    ModelError
        Another process took over the study.
    """
    import optuna  # noqa: PLC0415  # costs a second at import

    watch = _Watch(clock, clock(), limits, progress)
    space, interrupted, done = space_with(objective.plan.trees), False, 0
    with _study(place, name, len(objective.folds) // ORIGINS) as study:
        try:
            while not watch.over and (limits.trials is None or done < limits.trials):
                watch.report(done)
                _try_one(study, objective, space, watch, done)
                done += 1
        except KeyboardInterrupt:
            interrupted = True
        trials = study.get_trials(deepcopy=False)
    complete = tuple(_complete(one) for one in trials if one.state == optuna.trial.TrialState.COMPLETE)
    return SearchResult(tuple(_run(one) for one in trials), complete, interrupted)


@contextmanager
def _study(place: Path, name: str, warm_up: int) -> Iterator[optuna.Study]:
    """Open a study with reduced logging, fail its running trials, and start pruning after the warm-up."""
    import optuna  # noqa: PLC0415  # costs a second at import

    place.parent.mkdir(parents=True, exist_ok=True)
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = optuna.storages.RDBStorage(f"sqlite:///{place}")
    try:
        pruner = optuna.pruners.PercentilePruner(_KEPT, n_warmup_steps=warm_up)
        study = optuna.create_study(storage=storage, study_name=name, pruner=pruner, load_if_exists=True)
        for left in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
            study.tell(left.number, state=optuna.trial.TrialState.FAIL)
        yield study
    finally:
        storage.remove_session()
        storage.engine.dispose()
        optuna.logging.set_verbosity(level)


def _try_one(
    study: optuna.Study, objective: Objective, space: tuple[Range, ...], watch: _Watch, done: int
) -> None:
    """Run the next trial; an interruption marks it as failed."""
    import optuna  # noqa: PLC0415  # costs a second at import

    state, defaults = optuna.trial.TrialState, objective.plan.trees
    past = study.get_trials(deepcopy=False)
    finished = [one for one in past if one.state in (state.COMPLETE, state.PRUNED)]
    study.sampler = optuna.samplers.TPESampler(seed=defaults.seed + len(finished))
    incumbent = next((one for one in finished if _DEFAULTS in one.user_attrs), None)
    if incumbent is None and not any(one.state == state.WAITING for one in past):
        study.enqueue_trial(parameters_of(defaults, space), user_attrs={_DEFAULTS: True})
    trial = study.ask()
    bars = None if incumbent is None else incumbent.user_attrs[_MEASURED][_MEANS]
    try:
        loss, ended = _measure(trial, objective, suggest(trial, space, defaults), bars, watch, done)
        study.tell(trial, loss, {COMPLETE: state.COMPLETE, PRUNED: state.PRUNED, FAILED: state.FAIL}[ended])
    except optuna.exceptions.UpdateFinishedTrialError as error:
        raise ModelError(
            f"another process took over the search {study.study_name}: let one search at a time"
        ) from error
    except BaseException:
        study.tell(trial, state=state.FAIL, skip_if_finished=True)
        raise


def _measure(
    trial: optuna.Trial,
    objective: Objective,
    chosen: Parameters,
    bars: list[float] | None,
    watch: _Watch,
    done: int,
) -> tuple[float | None, str]:
    """Fit fold after fold; stop at the time limit, or where the set is far behind others.

    The distance is relative to the defaults' running mean on the same rows, `bars`, so that periods that are
    harder for all sets do not count.
    """
    trial.set_user_attr(_PARAMETERS, chosen)
    trees = replace(objective.plan.trees, **chosen)  # type: ignore[arg-type]  # whole where the field is
    losses: list[Floats] = []
    means: list[float] = []
    for step, fold in enumerate(objective.folds):
        losses.append(objective.losses(fold, trees))
        means.append(float(np.concatenate(losses).mean()))
        watch.report(done)
        if step + 1 == len(objective.folds):
            break
        trial.report(means[-1] - (means if bars is None else bars)[step], step)
        if bars is not None and trial.should_prune():
            return None, PRUNED
        if watch.over:
            return None, FAILED
    measured = objective.measured(losses)
    stored = {_MEANS: means, _ORIGINS: measured.by_origin, _CUSTOMERS: measured.by_customer}
    trial.set_user_attr(_MEASURED, stored)
    return measured.loss, COMPLETE


def _complete(trial: optuna.trial.FrozenTrial) -> Complete:
    attributes, measures = trial.user_attrs, trial.user_attrs[_MEASURED]
    measured = TrialMeasures(trial.values[0], tuple(measures[_ORIGINS]), tuple(measures[_CUSTOMERS]))
    return Complete(trial.number, attributes[_PARAMETERS], _DEFAULTS in attributes, measured)


def _run(trial: optuna.trial.FrozenTrial) -> TrialRun:
    state = {"COMPLETE": COMPLETE, "PRUNED": PRUNED}.get(trial.state.name, FAILED)
    began = trial.datetime_start
    lasted = trial.duration if state != FAILED else None  # the end of a killed trial is unknown
    return TrialRun(
        trial.number,
        state,
        trial.user_attrs.get(_PARAMETERS, {}),
        trial.value if state == COMPLETE else None,
        0 if began is None else round(began.timestamp() * 1000),
        None if lasted is None else lasted.total_seconds(),
    )
