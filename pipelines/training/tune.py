"""Tuning: search for parameters that predict later rows better than the defaults, and test the result.

The search uses the rows before the test period only. Its result is accepted if it leads the defaults at every
origin and by more than the best of as many trials would by chance: with few customers the defaults are hard
to beat, and a set that fits one period by luck is worse on the next. Owns this judgement and the search's
name; `search` runs trials, and `objective` measures them.
"""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError
from models.learning.boosting import load_lightgbm
from pipelines.training.bootstrap import CONFIDENCE
from pipelines.training.objective import Objective
from pipelines.training.origins import ORIGINS
from pipelines.training.reality_check import chance_of_lead
from pipelines.training.search import search
from pipelines.training.search_space import SPACE
from pipelines.training.split import split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from models.learning.registry import TrialRun
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import FitPlan
    from pipelines.training.search import Complete, Limits, SearchResult

MEASURES = 1
"""Version of the measures: raised when a trial measures something else, which invalidates earlier trials."""
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Tuning:
    """Result of a tuning.

    Parameters
    ----------
    chosen
        The parameters to train with instead of the defaults; empty where the defaults are kept.
    words
        The result as a sentence.
    defaults_loss, best_loss
        Mean log loss of the defaults and of the best other set; None where not measured.
    chance
        P-value of the best set's lead among as many trials; None without a lead.
    runs
        The trials, in chronological order.
    """

    target: str
    chosen: Mapping[str, float]
    words: str
    defaults_loss: float | None
    best_loss: float | None
    chance: float | None
    runs: tuple[TrialRun, ...]
    interrupted: bool


def seconds_of(budget: str) -> float:
    """Parse a time budget.

    Raises
    ------
    ModelError
        It is not a positive integer of seconds, minutes or hours.

    Examples
    --------
    >>> seconds_of("10m")
    600.0
    """
    read = re.fullmatch(r"0*([1-9][0-9]{0,5})([smh])", budget)
    if read is None:
        raise ModelError(
            f"the budget of time is {budget!r}; a whole number above 0 with s, m or h is allowed, "
            "such as 90s, 10m or 1h"
        )
    return int(read[1]) * _UNITS[read[2]]


def tune(
    rows: TrainingRows,
    plan: FitPlan,
    folder: Path,
    limits: Limits,
    clock: Callable[[], float] = time.monotonic,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Tuning:
    """Search for better parameters of a plan.

    Parameters
    ----------
    rows
        All rows of the target; the plan's test period is removed first.
    folder
        Folder of stored searches; an earlier one with the same rows and plan is resumed.
    clock
        Returns the time in seconds.
    progress
        Called with the progress: elapsed and total seconds, or trials where only those are limited.

    Raises
    ------
    NotEnoughDataError
        Too few rows before the test period, or a single outcome.
    """
    before = rows.take(~split(rows, plan.shares).test)
    objective = Objective.of(before, plan)
    found = search(objective, folder / "trials.db", study_name(before, plan), limits, clock, progress)
    return judge(found, objective)


def study_name(before: TrainingRows, plan: FitPlan) -> str:
    """Name a search by all that its measures depend on: the exact rows, the plan, the ranges, the code."""
    known = hashlib.sha256()
    plainly = (MEASURES, load_lightgbm().__version__, SPACE, plan.shares, plan.masked_share, plan.by_customer)
    known.update(repr((*plainly, plan.trees, list(before.frame))).encode())
    for column in before.frame:
        known.update(before.frame[column].to_numpy(np.float64).tobytes())
    for values in (before.label, before.owner, before.day):
        known.update(np.ascontiguousarray(values).tobytes())
    return f"{plan.target}-{known.hexdigest()[:16]}"


def judge(found: SearchResult, objective: Objective) -> Tuning:
    """Decide whether the best set is better than the defaults, and significantly so."""
    defaults = next((one for one in found.complete if one.is_default), None)
    others = [one for one in found.complete if not one.is_default]
    best = min(others, key=lambda one: (one.measured.loss, one.number), default=None)
    taken, chance = False, None
    if defaults is None:
        words = "defaults kept: the time was over before they were measured; give more"
    elif best is None:
        words = "defaults kept: nothing else was tried to the end; give more time"
    elif best.measured.loss >= defaults.measured.loss:
        words = f"defaults kept: none of {len(others)} other sets is better ({_losses(best, defaults)})"
    else:
        chance = _chance(defaults, best, others, objective)
        taken, words = _verdict(defaults, best, len(others), chance)
    return Tuning(
        objective.plan.target,
        best.parameters if best is not None and taken else {},
        words,
        None if defaults is None else defaults.measured.loss,
        None if best is None else best.measured.loss,
        chance,
        found.runs,
        found.interrupted,
    )


def _chance(defaults: Complete, best: Complete, others: Sequence[Complete], objective: Objective) -> float:
    """Return the p-value of the best other set's lead."""
    lost = np.column_stack([one.measured.by_customer for one in others])
    gain = np.array(defaults.measured.by_customer)[:, None] - lost
    return chance_of_lead(gain, objective.questions, others.index(best), objective.plan.trees.seed)


def _verdict(defaults: Complete, best: Complete, count: int, chance: float) -> tuple[bool, str]:
    """Decide whether a lead holds at every origin and is significant, with the reason in words."""
    pairs = zip(best.measured.by_origin, defaults.measured.by_origin, strict=True)
    behind = sum(challenger_loss >= defaults_loss for challenger_loss, defaults_loss in pairs)
    lead = f"the best of {count} other sets, {_losses(best, defaults)}"
    if behind:
        return False, f"defaults kept: {lead}, is not ahead at {behind} of {ORIGINS} origins"
    if chance > 1.0 - CONFIDENCE:
        return False, f"defaults kept: {lead}, is no further ahead than chance gives ({chance:.1%} of draws)"
    return True, f"changed: {lead}, is ahead at each origin and beyond chance ({chance:.1%} of draws)"


def _losses(best: Complete, defaults: Complete) -> str:
    return f"log loss {best.measured.loss:.5f} against {defaults.measured.loss:.5f}"
