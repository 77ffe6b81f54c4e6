"""Draws measure what measuring the drawn rows would, and customers are drawn whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.bootstrap import Draws, interval
from pipelines.training.metrics import calibration_error

QUESTIONS = st.lists(
    st.tuples(st.integers(0, 6), st.booleans(), st.sampled_from([0.0, 0.1, 0.1, 0.4, 0.8, 1.0])),
    min_size=2,
    max_size=40,
)


def arrays(questions: list[tuple[int, bool, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    owner, label, chance = zip(*questions, strict=True)
    return np.array(owner) * 7 + 3, np.array(label, dtype=float), np.array(chance)


def pairs_in_order(label: np.ndarray, chance: np.ndarray) -> float:
    gaps = chance[label == 1][:, None] - chance[label == 0][None, :]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0))) if gaps.size else np.nan


@given(questions=QUESTIONS, seed=st.integers(0, 5))
def test_a_draw_is_measured_like_its_rows_written_out(questions: list[tuple[int, bool, float]], seed: int):
    owner, label, chance = arrays(questions)
    draws = Draws.of(owner, 5, seed)
    aucs, means = draws.aucs(label, chance), draws.means(chance)
    for draw in range(5):
        rows = np.repeat(np.arange(len(owner)), draws.counts[draw, draws.customer])
        assert aucs[draw] == pytest.approx(pairs_in_order(label[rows], chance[rows]), nan_ok=True)
        assert means[draw] == pytest.approx(chance[rows].mean())


@given(questions=QUESTIONS, times=st.integers(2, 5))
def test_telling_each_row_of_a_customer_again_makes_nothing_surer(
    questions: list[tuple[int, bool, float]], times: int
):
    owner, label, chance = arrays(questions)
    once = Draws.of(owner, 20, 1)
    again = Draws.of(np.tile(owner, times), 20, 1)
    labels, chances = np.tile(label, times), np.tile(chance, times)
    assert again.aucs(labels, chances) == pytest.approx(once.aucs(label, chance), nan_ok=True)
    assert again.means(labels) == pytest.approx(once.means(label))


def test_rows_of_one_customer_leave_more_doubt_than_as_many_customers():
    rng = np.random.default_rng(0)
    habit = rng.random(50)
    owner = np.repeat(np.arange(50), 20)
    label = (rng.random(50) < habit)[owner].astype(float)
    low, high = interval(Draws.of(owner, 400, 1).means(label))
    alone_low, alone_high = interval(Draws.of(np.arange(1000), 400, 1).means(label))
    assert high - low > 3 * (alone_high - alone_low)


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation():
    values = np.random.default_rng(3).normal(0.0, 1.0, 2000)
    low, high = interval(Draws.of(np.arange(2000), 2000, 4).means(values))
    half = 1.96 * values.std() / np.sqrt(2000)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.006)


def test_everybody_drawn_once_is_the_sample_itself():
    rng = np.random.default_rng(5)
    chance = rng.random(500)
    label = (rng.random(500) < chance).astype(float)
    whole = Draws(np.arange(500), np.ones((1, 500), dtype=np.uint16))
    assert whole.calibration_errors(label, chance)[0] == pytest.approx(calibration_error(label, chance))
    assert whole.aucs(label, chance)[0] == pytest.approx(pairs_in_order(label, chance))
    assert whole.totals(chance)[0] == pytest.approx(chance.sum())


def test_the_same_seed_draws_the_same():
    owner = np.arange(30)
    assert (Draws.of(owner, 3, 8).counts == Draws.of(owner, 3, 8).counts).all()
    assert (Draws.of(owner, 3, 8).counts != Draws.of(owner, 3, 9).counts).any()


def test_what_could_be_measured_in_no_draw_says_nothing():
    assert interval(np.full(4, np.nan)) == (-np.inf, np.inf)
