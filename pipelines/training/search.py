"""Trying sets of parameters, one after the other, until the time is up: the only code that knows Optuna.

A study is a SQLite file. What is tried next depends only on what has finished, the sampler being seeded by
its count: a search that is killed goes on as if it had not been. One process searches a study at a time; it
takes what it finds running for what a killed one left. Owns asking, cutting short and resuming; what a
set is worth is `objective`'s, and what follows `tune`'s.
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
"""Per cent of the sets tried to the end that one must not be behind; judged by one origin, or by their median
alone, nine of ten were given up, and what was left suited the first period."""
_DEFAULTS, _PARAMETERS, _MEASURED = "defaults", "parameters", "measured"
_ORIGINS, _CUSTOMERS, _MEANS = "by_origin", "by_customer", "running_mean"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a search ends: after so much time, or so many trials of its own, whichever comes first."""

    seconds: float = math.inf
    trials: int | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """A set of parameters that was tried to the end."""

    number: int
    parameters: Parameters
    is_default: bool
    measured: TrialMeasures


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Every trial of a study, those of earlier processes too, and whether a person ended it."""

    runs: tuple[TrialRun, ...]
    complete: tuple[Complete, ...]
    interrupted: bool


@dataclass(frozen=True, slots=True)
class _Watch:
    """When to stop, and who is told how far it is."""

    clock: Callable[[], float]
    began: float
    limits: Limits
    told: Callable[[int, int], None]

    @property
    def over(self) -> bool:
        return self.clock() - self.began >= self.limits.seconds

    def tell(self, done: int) -> None:
        if math.isfinite(self.limits.seconds):
            passed = min(self.clock() - self.began, self.limits.seconds)
            self.told(round(passed), round(self.limits.seconds))
        elif self.limits.trials is not None:
            self.told(done, self.limits.trials)


def search(
    objective: Objective,
    place: Path,
    name: str,
    limits: Limits,
    clock: Callable[[], float],
    told: Callable[[int, int], None],
) -> SearchResult:
    """Try the defaults, then other sets, until the limits or a person's Ctrl-C; go on with what is there.

    Parameters
    ----------
    place
        The study's SQLite file.
    name
        The study's: what it measured before is taken for this objective's.
    clock
        Returns seconds.
    told
        Told of every fit: seconds passed of how many, or trials done where time is no limit.

    Raises
    ------
    NotEnoughDataError
        A fold holds one outcome only.
    ModelError
        Another process took the study over.
    """
    import optuna  # noqa: PLC0415  # costs a second at import

    watch = _Watch(clock, clock(), limits, told)
    space, interrupted, done = space_with(objective.plan.trees), False, 0
    with _study(place, name, len(objective.folds) // ORIGINS) as study:
        try:
            while not watch.over and (limits.trials is None or done < limits.trials):
                watch.tell(done)
                _try_one(study, objective, space, watch, done)
                done += 1
        except KeyboardInterrupt:
            interrupted = True
        kept = study.get_trials(deepcopy=False)
    complete = tuple(_complete(one) for one in kept if one.state == optuna.trial.TrialState.COMPLETE)
    return SearchResult(tuple(_run(one) for one in kept), complete, interrupted)


@contextmanager
def _study(place: Path, name: str, warm_up: int) -> Iterator[optuna.Study]:
    """Open a study, quiet, with nothing in it left running; no set is given up before so many fits."""
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
    """Try the next set; what ends it before its time marks it failed."""
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
    """Fit fold after fold; give up where the time is over, or where the set is far behind others.

    How far it is behind is told from the defaults' running mean on the same questions, `bars`: periods that
    are harder for everybody then say nothing.
    """
    trial.set_user_attr(_PARAMETERS, chosen)
    trees = replace(objective.plan.trees, **chosen)  # type: ignore[arg-type]  # whole where the field is
    losses: list[Floats] = []
    means: list[float] = []
    for step, fold in enumerate(objective.folds):
        losses.append(objective.losses(fold, trees))
        means.append(float(np.concatenate(losses).mean()))
        watch.tell(done)
        if step + 1 == len(objective.folds):
            break
        trial.report(means[-1] - (means if bars is None else bars)[step], step)
        if bars is not None and trial.should_prune():
            return None, PRUNED
        if watch.over:
            return None, FAILED
    measured = objective.measured(losses)
    told = {_MEANS: means, _ORIGINS: measured.by_origin, _CUSTOMERS: measured.by_customer}
    trial.set_user_attr(_MEASURED, told)
    return measured.loss, COMPLETE


def _complete(kept: optuna.trial.FrozenTrial) -> Complete:
    said, told = kept.user_attrs, kept.user_attrs[_MEASURED]
    measured = TrialMeasures(kept.values[0], tuple(told[_ORIGINS]), tuple(told[_CUSTOMERS]))
    return Complete(kept.number, said[_PARAMETERS], _DEFAULTS in said, measured)


def _run(kept: optuna.trial.FrozenTrial) -> TrialRun:
    state = {"COMPLETE": COMPLETE, "PRUNED": PRUNED}.get(kept.state.name, FAILED)
    began = kept.datetime_start
    lasted = kept.duration if state != FAILED else None  # nobody saw when a killed one ended
    return TrialRun(
        kept.number,
        state,
        kept.user_attrs.get(_PARAMETERS, {}),
        kept.value if state == COMPLETE else None,
        0 if began is None else round(began.timestamp() * 1000),
        None if lasted is None else lasted.total_seconds(),
    )
