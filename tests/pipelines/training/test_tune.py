"""A search never sees the test period, and what it finds is taken only where it is better beyond chance."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError, NotEnoughDataError
from models.learning.rows import TrainingRows
from pipelines.training.objective import Objective, TrialMeasures
from pipelines.training.plan import FitPlan
from pipelines.training.search import Complete, Limits, SearchResult
from pipelines.training.search_space import SPACE
from pipelines.training.split import split
from pipelines.training.tune import Tuning, judge, seconds_of, study_name, tune
from tests.models.fitted import TREES, fitted

FEW = replace(TREES, max_rounds=6, least_rounds=3)
PLAN = FitPlan("late30", FEW)
BY_CUSTOMER = FitPlan("default12", replace(FEW, max_rounds=3), by_customer=True)


@cache
def rows() -> TrainingRows:
    """Every second question and every eighth feature: enough to tell sets apart."""
    late = fitted().late_rows
    some = late.take(np.arange(len(late)) % 2 == 0)
    frame = some.frame.reset_index(drop=True)
    blank = [name for k, name in enumerate(frame) if k % 8]
    return replace(some, frame=frame.assign(**dict.fromkeys(blank, np.nan)))


@pytest.mark.parametrize(
    ("budget", "seconds"), [("90s", 90), ("10m", 600), ("1h", 3600), ("005m", 300), ("1s", 1)]
)
def test_a_budget_is_seconds_minutes_or_hours(budget: str, seconds: int):
    assert seconds_of(budget) == seconds


@pytest.mark.parametrize(
    "budget",
    ["", "10", "m", "0s", "-5m", "1.5h", "10 m", "10min", "1h30m", "10M", "1d", "nan", "٣m", "10m\n"],
)
def test_any_other_budget_is_refused_with_what_came_and_what_may(budget: str):
    with pytest.raises(ModelError, match="90s, 10m or 1h") as caught:
        seconds_of(budget)
    assert repr(budget) in str(caught.value)


def test_the_test_period_is_never_seen(tmp_path: Path):
    before = tune(rows(), PLAN, tmp_path, Limits(trials=3))
    test = split(rows(), PLAN.shares).test
    rng = np.random.default_rng(0)
    frame = rows().frame.copy()
    frame.loc[test] = rng.normal(0, 1e6, (int(test.sum()), frame.shape[1]))
    label = np.where(test, 1.0 - rows().label, rows().label)
    late = np.where(test, 9e9, rows().days_late)
    owner = np.where(test, rng.permutation(rows().owner), rows().owner)
    poisoned = replace(rows(), frame=frame, label=label, days_late=late, owner=owner)
    after = tune(poisoned, PLAN, tmp_path / "again", Limits(trials=3))
    assert [(r.state, r.parameters, r.loss) for r in after.runs] == [
        (r.state, r.parameters, r.loss) for r in before.runs
    ]
    assert after.words == before.words
    resumed = tune(poisoned, PLAN, tmp_path, Limits(trials=1))
    assert resumed.runs[:3] == before.runs, "the same search, as far as it can see"


def test_poor_defaults_are_changed(tmp_path: Path):
    poor = replace(PLAN, trees=replace(TREES, learning_rate=1e-4))
    found = tune(fitted().late_rows, poor, tmp_path, Limits(trials=3))
    assert found.words.startswith("changed: the best of 2 other sets")
    assert set(found.chosen) == {one.name for one in SPACE}
    assert found.chosen in [run.parameters for run in found.runs]
    assert found.best_loss is not None
    assert found.defaults_loss is not None
    assert found.best_loss < found.defaults_loss
    assert found.chance is not None
    assert found.chance < 0.05


def test_where_there_is_nothing_to_find_the_defaults_are_kept(tmp_path: Path):
    label = np.random.default_rng(5).permutation(rows().label)
    found = tune(replace(rows(), label=label), PLAN, tmp_path, Limits(trials=6))
    assert found.chosen == {}
    assert found.words.startswith("defaults kept:")


def test_no_time_at_all_keeps_the_defaults(tmp_path: Path):
    ticking = iter(range(100))
    found = tune(rows(), PLAN, tmp_path, Limits(seconds=2), lambda: float(next(ticking)))
    assert found.words.startswith("defaults kept: the time was over before they were measured")
    assert (found.chosen, found.defaults_loss, found.best_loss) == ({}, None, None)


def test_default_is_searched_with_customers_kept_apart(tmp_path: Path):
    heard: list[tuple[int, int]] = []
    some = fitted().default_rows.take(np.arange(len(fitted().default_rows)) % 3 == 0)
    found = tune(some, BY_CUSTOMER, tmp_path, Limits(trials=1), progress=lambda *done: heard.append(done))
    assert len(heard) == 1 + 9, "three origins by three parts of the customers"
    assert found.words == "defaults kept: nothing else was tried to the end; give more time"


def test_a_search_is_named_by_all_that_its_measures_hang_on():
    one = study_name(rows(), PLAN)
    assert one == study_name(rows(), replace(PLAN, rounds=9))
    label = rows().label.copy()
    label[0] = 1.0 - label[0]
    frame = rows().frame.copy()
    frame.iloc[3, 0] = 0.125
    others = {
        study_name(replace(rows(), label=label), PLAN),
        study_name(replace(rows(), frame=frame), PLAN),
        study_name(rows(), replace(PLAN, masked_share=0.1)),
        study_name(rows(), replace(PLAN, trees=replace(FEW, seed=8))),
        study_name(rows().take(np.arange(len(rows())) > 0), PLAN),
    }
    assert len(others | {one}) == 6


def test_rows_of_one_outcome_cannot_be_searched_on(tmp_path: Path):
    with pytest.raises(NotEnoughDataError):
        tune(replace(rows(), label=np.zeros(len(rows()))), PLAN, tmp_path, Limits(trials=1))


@cache
def objective() -> Objective:
    return Objective.of(rows(), PLAN)


def judged(*gains: tuple[tuple[float, float, float], float]) -> Tuning:
    """Judge sets by their gain at each origin, and by how far it is spread over the customers."""
    asked = objective().questions
    sets = [((0.5, 0.5, 0.5), asked * 0.5)]
    rng = np.random.default_rng(1)
    for origins, spread in gains:
        noise = rng.normal(0, spread, len(asked))
        noise -= noise @ asked / asked.sum()
        sets.append((tuple(0.5 - gain for gain in origins), asked * (0.5 - np.mean(origins) + noise)))
    complete = [
        Complete(
            k,
            {"num_leaves": k},
            k == 0,
            TrialMeasures(float(np.sum(lost) / asked.sum()), origin, tuple(lost)),
        )
        for k, (origin, lost) in enumerate(sets)
    ]
    return judge(SearchResult((), tuple(complete), interrupted=False), objective())


def test_a_lead_at_every_origin_and_with_most_customers_is_taken():
    found = judged(((0.01, 0.02, 0.03), 0.01), ((0.001, 0.002, 0.003), 0.01))
    assert found.chosen == {"num_leaves": 1}
    assert "ahead at each origin and beyond chance" in found.words


def test_a_lead_that_a_few_customers_give_is_not_taken():
    found = judged(((0.01, 0.01, 0.01), 5.0))
    assert found.chosen == {}
    assert "no further ahead than chance gives" in found.words


def test_a_lead_that_one_period_gives_is_not_taken():
    found = judged(((-0.001, 0.2, 0.001), 0.001))
    assert found.chosen == {}
    assert "not ahead at 1 of 3 origins" in found.words


def test_where_no_set_leads_none_is_taken():
    found = judged(((-0.01, -0.01, -0.01), 0.01))
    assert found.chosen == {}
    assert found.chance is None
    assert "none of 1 other sets is better" in found.words
