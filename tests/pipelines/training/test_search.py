"""A search ends in time, goes on where it was ended, and tries the same whenever it is run."""

import signal
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from models.errors import NotEnoughDataError
from pipelines.training.objective import Objective
from pipelines.training.plan import FitPlan
from pipelines.training.row_files import save_rows
from pipelines.training.search import Limits, SearchResult, search
from pipelines.training.search_space import parameters_of, space_with
from tests.models.fitted import TREES, fitted

FEW = replace(TREES, max_rounds=6, least_rounds=3)
PLAN = FitPlan("late30", FEW)
ROOT = Path(__file__).parents[3]


@cache
def objective() -> Objective:
    """Every second row and a few features: enough to tell sets apart."""
    rows = fitted().late_rows
    return few_features(Objective.of(rows.take(np.arange(len(rows)) % 2 == 0), PLAN))


def few_features(whole: Objective) -> Objective:
    names = slice(0, None, 8)
    return replace(
        whole,
        features=whole.features[names],
        matrix=whole.matrix[:, names],
        blank=whole.blank[:, names],
    )


class Ticks:
    """A clock that a second passes on whenever something is told: once before a trial, once a fit."""

    def __init__(self) -> None:
        self.now = 0.0
        self.heard: list[tuple[int, int]] = []

    def clock(self) -> float:
        return self.now

    def told(self, done: int, everything: int) -> None:
        self.now += 1.0
        self.heard.append((done, everything))


def tried(place: Path, limits: Limits, ticks: Ticks | None = None) -> SearchResult:
    ticks = ticks or Ticks()
    return search(objective(), place / "trials.db", "ours", limits, ticks.clock, ticks.told)


def kept(found: SearchResult) -> list[tuple[object, ...]]:
    """What was tried to an end, whatever number it got."""
    return [(one.state, one.parameters, one.loss) for one in found.runs if one.state != "failed"]


def test_the_defaults_are_tried_first(tmp_path: Path):
    found = tried(tmp_path, Limits(trials=2))
    assert found.runs[0].parameters == parameters_of(FEW, space_with(FEW))
    assert [one.is_default for one in found.complete] == [True, False]
    losses = [objective().losses(fold, FEW) for fold in objective().folds]
    assert found.complete[0].measured == objective().measured(losses)


@pytest.mark.slow
def test_the_same_seed_and_number_of_trials_try_the_same(tmp_path: Path):
    one, other = (tried(tmp_path / name, Limits(trials=4)) for name in ("one", "other"))
    assert kept(one) == kept(other)
    assert len({str(run.parameters) for run in one.runs}) == 4


@pytest.mark.slow
def test_a_search_goes_on_as_if_it_had_never_been_ended(tmp_path: Path):
    for _ in range(2):
        found = tried(tmp_path / "twice", Limits(trials=2))
    assert kept(found) == kept(tried(tmp_path / "once", Limits(trials=4)))


def test_no_fit_begins_after_the_time_is_over_and_the_trial_cut_short_is_tried_again(tmp_path: Path):
    ticks = Ticks()
    found = tried(tmp_path, Limits(seconds=10), ticks)
    assert ticks.now == 10
    assert [one.state for one in found.runs] == ["complete", "complete", "failed"]
    assert ticks.heard[0] == (0, 10)
    assert ticks.heard[-1] == (9, 10)
    cut = found.runs[2]
    assert cut.loss is None
    again = tried(tmp_path, Limits(trials=1))
    assert again.runs[3].parameters == cut.parameters
    assert again.runs[3].state == "complete"


def test_time_counts_anew_each_time(tmp_path: Path):
    for count in (1, 2):
        found = tried(tmp_path, Limits(seconds=4))
        assert len(found.complete) == count


def test_whichever_limit_comes_first_ends_it(tmp_path: Path):
    assert len(tried(tmp_path / "time", Limits(4, 3)).runs) == 1
    assert len(tried(tmp_path / "trials", Limits(100, 2)).runs) == 2


def test_a_person_may_end_it_and_keeps_what_was_found(tmp_path: Path):
    ticks = Ticks()

    def told(done: int, everything: int) -> None:
        ticks.told(done, everything)
        if ticks.now == 6:
            raise KeyboardInterrupt

    found = search(objective(), tmp_path / "trials.db", "ours", Limits(trials=9), ticks.clock, told)
    assert found.interrupted
    assert [one.state for one in found.runs] == ["complete", "failed"]
    assert not tried(tmp_path, Limits(trials=1)).interrupted


@pytest.mark.slow
def test_a_set_far_behind_others_is_given_up_but_never_the_defaults(tmp_path: Path):
    ticks = Ticks()
    found = tried(tmp_path, Limits(trials=14), ticks)
    states = [one.state for one in found.runs]
    assert states[0] == "complete"
    pruned = [k for k, state in enumerate(states) if state == "pruned"]
    assert pruned
    for k in pruned:
        assert found.runs[k].loss is None
        fits = sum(done == k for done, _ in ticks.heard) - 1
        assert fits == 2, "no set is given up on one origin alone"


def test_a_fault_leaves_nothing_running(tmp_path: Path):
    one_sided = replace(objective(), label=np.zeros(len(objective().label)))
    with pytest.raises(NotEnoughDataError):
        search(one_sided, tmp_path / "trials.db", "ours", Limits(trials=1), Ticks().clock, Ticks().told)
    assert [one.state for one in tried(tmp_path, Limits(trials=1)).runs] == ["failed", "complete"]


def test_studies_of_other_names_do_not_mix(tmp_path: Path):
    tried(tmp_path, Limits(trials=2))
    ticks = Ticks()
    found = search(objective(), tmp_path / "trials.db", "theirs", Limits(trials=1), ticks.clock, ticks.told)
    assert [one.number for one in found.runs] == [0]


KILLED = """
import sys, time
from pathlib import Path
from pipelines.training.objective import Objective
from pipelines.training.row_files import read_rows
from pipelines.training.search import Limits, search
from tests.pipelines.training.test_search import PLAN, few_features

place, heard = Path(sys.argv[1]), []

def told(done, everything):
    heard.append(done)
    if len(heard) == 10:  # two trials of four words each are over, the third has fitted once
        print("waiting", flush=True)
        time.sleep(60)

objective = few_features(Objective.of(read_rows(place / "rows.parquet").rows, PLAN))
search(objective, place / "trials.db", "ours", Limits(trials=9), time.monotonic, told)
"""


@pytest.mark.slow
def test_a_search_that_is_killed_goes_on_with_what_had_finished(tmp_path: Path):
    rows = fitted().late_rows
    save_rows(rows.take(np.arange(len(rows)) % 2 == 0), tmp_path / "rows.parquet")
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"waiting\n"
        killed.send_signal(signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    found = tried(tmp_path, Limits(trials=2))
    assert [one.state for one in found.runs] == ["complete", "complete", "failed", "complete", "complete"]
    assert found.runs[2].seconds is None
    assert kept(found) == kept(tried(tmp_path / "whole", Limits(trials=4)))
