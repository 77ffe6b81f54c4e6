"""Tuning: search for parameters that answer later rows better than the defaults, and say whether any did.

The search sees the rows before the test period and nothing else. What it finds is taken only where it is
ahead of the defaults at every origin and by more than the best of as many tries would be by chance: with few
customers the defaults are hard to beat, and a set that fits one period by luck is worse on the next. Owns
that judgement and the search's name; how sets are tried is `search`'s, what they measure `objective`'s.
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
"""Raised where a trial comes to measure something else: what was tried before then no longer counts."""
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a search came to.

    Parameters
    ----------
    chosen
        The parameters to train with in place of the defaults; empty where the defaults are kept.
    words
        What happened, in a sentence.
    defaults_loss, best_loss
        Mean log loss of the defaults and of the best of the others; None where none was measured.
    chance
        How often chance alone gives the best of so many sets such a lead; None without a lead.
    runs
        What was tried, first to last.
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
    """Read a budget of time.

    Raises
    ------
    ModelError
        It is not a whole number, above 0, of seconds, minutes or hours.

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
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Tuning:
    """Search for a plan's parameters.

    Parameters
    ----------
    rows
        All rows of the target; the last of the plan's periods, the test, is taken away first.
    folder
        Where searches are kept; one that was ended before, of the same rows and plan, goes on.
    clock
        Returns seconds.
    told
        Told how far it is: seconds passed of how many, or trials done where only those are limited.

    Raises
    ------
    NotEnoughDataError
        Too few rows before the test period, or of one outcome only.
    """
    before = rows.take(~split(rows, plan.shares).test)
    objective = Objective.of(before, plan)
    found = search(objective, folder / "trials.db", study_name(before, plan), limits, clock, told)
    return judge(found, objective)


def study_name(before: TrainingRows, plan: FitPlan) -> str:
    """Name a search by all that its measures hang on: the rows to the bit, the plan, the ranges, the code."""
    known = hashlib.sha256()
    plainly = (MEASURES, load_lightgbm().__version__, SPACE, plan.shares, plan.masked_share, plan.by_customer)
    known.update(repr((*plainly, plan.trees, list(before.frame))).encode())
    for column in before.frame:
        known.update(before.frame[column].to_numpy(np.float64).tobytes())
    for values in (before.label, before.owner, before.day):
        known.update(np.ascontiguousarray(values).tobytes())
    return f"{plan.target}-{known.hexdigest()[:16]}"


def judge(found: SearchResult, objective: Objective) -> Tuning:
    """Say whether the best set is better than the defaults, and by more than chance."""
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
    """Return how often chance gives the best of the others such a lead."""
    lost = np.column_stack([one.measured.by_customer for one in others])
    gain = np.array(defaults.measured.by_customer)[:, None] - lost
    return chance_of_lead(gain, objective.questions, others.index(best), objective.plan.trees.seed)


def _verdict(defaults: Complete, best: Complete, count: int, chance: float) -> tuple[bool, str]:
    """Say whether a lead is one at every origin and beyond chance, and the reason in words."""
    pairs = zip(best.measured.by_origin, defaults.measured.by_origin, strict=True)
    behind = sum(mine >= theirs for mine, theirs in pairs)
    told = f"the best of {count} other sets, {_losses(best, defaults)}"
    if behind:
        return False, f"defaults kept: {told}, is not ahead at {behind} of {ORIGINS} origins"
    if chance > 1.0 - CONFIDENCE:
        return False, f"defaults kept: {told}, is no further ahead than chance gives ({chance:.1%} of draws)"
    return True, f"changed: {told}, is ahead at each origin and beyond chance ({chance:.1%} of draws)"


def _losses(best: Complete, defaults: Complete) -> str:
    return f"log loss {best.measured.loss:.5f} against {defaults.measured.loss:.5f}"
