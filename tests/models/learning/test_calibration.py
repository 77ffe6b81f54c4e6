import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from models.learning.calibration import (
    ANCHOR_SPREADS,
    HISTORIES,
    Calibration,
    confidence,
    fit_anchored,
    fit_calibration,
)

MARGINS = st.floats(-700, 700)


@given(slope=st.floats(0.05, 5), intercept=st.floats(-5, 5), one=MARGINS, other=MARGINS)
def test_a_higher_margin_never_gives_a_lower_probability(
    slope: float, intercept: float, one: float, other: float
):
    low, high = Calibration(slope, intercept).probability(np.sort(np.array([one, other])))
    assert 0.0 <= low <= high <= 1.0


def test_an_extreme_margin_neither_warns_nor_leaves_the_unit_interval():
    found = Calibration(5.0, 0.0).probability(np.array([-1e9, 1e9]))
    assert found.tolist() == [0.0, 1.0]


def test_the_map_that_made_the_outcomes_is_found_again():
    rng = np.random.default_rng(1)
    margin = rng.normal(0, 2, 60_000)
    outcome = (rng.random(60_000) < Calibration(0.7, -1.0).probability(margin)).astype(float)
    found = fit_calibration(margin, outcome)
    assert (found.slope, found.intercept) == (pytest.approx(0.7, abs=0.03), pytest.approx(-1.0, abs=0.04))


@given(seed=st.integers(0, 1000), sign=st.sampled_from([1.0, -1.0, 0.0]))
def test_the_mean_probability_is_the_share_of_bad_rows(seed: int, sign: float):
    rng = np.random.default_rng(seed)
    margin = rng.normal(0, 1, 500)
    outcome = (rng.random(500) < 1 / (1 + np.exp(-sign * margin))).astype(float)
    found = fit_calibration(margin, outcome)
    assert found.slope >= 0.05
    assert found.probability(margin).mean() == pytest.approx(outcome.mean(), abs=0.01)


@pytest.mark.parametrize("bad", [0, 9, 91, 100])
def test_ten_rows_of_either_outcome_are_needed(bad: int):
    outcome = np.zeros(100)
    outcome[:bad] = 1.0
    with pytest.raises(NotEnoughDataError, match=f"{bad} bad and {100 - bad} good"):
        fit_calibration(np.arange(100.0), outcome)


def drawn(
    seed: int, count: int, offsets: tuple[float, ...], rows_each: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw margins, outcomes, paid invoices and owners; each length of history has its own true offset."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(count), rows_each)
    place = rng.integers(0, len(HISTORIES), count)[owner]
    margin = rng.normal(-1, 1.5, count)[owner]
    score = 0.8 * margin - 0.3 + np.array(offsets)[place]
    outcome = (rng.random(count)[owner] < 1 / (1 + np.exp(-score))).astype(float)
    return margin, outcome, np.array([0.0, 2.0, 5.0, 40.0])[place], owner


def test_who_has_no_history_gets_the_offset_that_its_like_show():
    margin, outcome, paid, owner = drawn(3, 40_000, (0.9, 0.0, 0.0, 0.0))
    found = fit_anchored(margin, outcome, paid, owner)
    plain = fit_calibration(margin, outcome)
    for which in (paid == 0, paid == 40):
        realised = outcome[which].mean()
        apart = found.probability(margin, paid)[which].mean()
        assert apart == pytest.approx(realised, abs=0.01)
        assert abs(plain.probability(margin)[which].mean() - realised) > 0.02


def test_few_of_a_kind_are_drawn_to_everybody_and_their_interval_is_wider():
    margin, outcome, paid, owner = drawn(3, 8_000, (2.0, 0.0, 0.0, 0.0))
    few = (paid != 0) | (np.cumsum(paid == 0) <= 15)
    found = fit_anchored(margin[few], outcome[few], paid[few], owner[few])
    assert 0.2 < found.offsets[0] < 1.5
    _, low, high, _ = found.estimate(np.zeros(2), np.array([0.0, 40.0]))
    assert high[0] - low[0] > 2 * (high[1] - low[1])


@given(seed=st.integers(0, 300), margin=st.floats(-8, 8), paid=st.sampled_from([0.0, 1.0, 7.0, 99.0, np.nan]))
def test_a_probability_lies_within_its_interval(seed: int, margin: float, paid: float):
    found = fit_anchored(*drawn(seed % 5, 1_000, (0.5, 0.2, 0.0, 0.0)))
    asked, lengths = np.array([margin]), np.array([paid])
    _, low, high, _ = found.estimate(asked, lengths)
    assert 0.0 <= low[0] <= found.probability(asked, lengths)[0] <= high[0] <= 1.0


def test_the_interval_holds_the_truth_nine_times_in_ten():
    held = []
    for seed in range(120):
        found = fit_anchored(*drawn(seed, 1_500, (0.0, 0.0, 0.0, 0.0)))
        _, low, high, _ = found.estimate(np.array([-1.0]), np.array([40.0]))
        truth = 1 / (1 + np.exp(-(0.8 * -1.0 - 0.3)))
        held.append(low[0] <= truth <= high[0])
    assert 0.82 <= np.mean(held) <= 0.99


def test_rows_of_one_customer_count_as_one_draw():
    margin, outcome, paid, owner = drawn(9, 600, (0.0,) * 4, rows_each=12)
    asked, lengths = np.array([-1.0]), np.array([40.0])
    _, low, high, _ = fit_anchored(margin, outcome, paid, owner).estimate(asked, lengths)
    alone = fit_anchored(margin, outcome, paid, np.arange(len(owner))).estimate(asked, lengths)[1:3]
    assert high[0] - low[0] > 2 * (alone[1][0] - alone[0][0])


def test_a_map_comes_back_from_its_document():
    found = fit_anchored(*drawn(1, 500, (0.0,) * 4))
    assert Calibration.from_document(json.loads(json.dumps(asdict(found)))) == found


def test_a_map_without_covariance_knows_no_interval():
    with pytest.raises(NotEnoughDataError, match="knows no interval"):
        Calibration(1.0, 0.0).estimate(np.zeros(1), np.zeros(1))


@given(
    odds=st.floats(1e-6, 1e3),
    ratios=st.tuples(st.floats(1, 50), st.floats(1, 50)).map(sorted),
)
def test_a_wider_interval_never_sounds_surer(odds: float, ratios: list[float]):
    words = ["high", "medium", "low", "none"]
    narrow, wide = (confidence(odds / (1 + odds), odds * r / (1 + odds * r)) for r in ratios)
    assert words.index(narrow) <= words.index(wide)


NOBODY = np.empty(0)


def test_without_a_row_the_anchored_map_is_the_margin_itself_with_an_interval():
    found = fit_anchored(NOBODY, NOBODY, NOBODY, np.empty(0, dtype=np.int64))
    assert (found.slope, found.intercept, found.offsets) == (1.0, 0.0, (0.0,) * len(HISTORIES))
    value, low, high, _ = found.estimate(np.array([-2.0, 0.0, 3.0]), np.array([0.0, 5.0, 40.0]))
    assert value.tolist() == pytest.approx((1 / (1 + np.exp(-np.array([-2.0, 0.0, 3.0])))).tolist())
    assert (low < value).all()
    assert (value < high).all()


def test_without_a_row_the_interval_is_what_the_priors_leave_open():
    found = fit_anchored(NOBODY, NOBODY, NOBODY, np.empty(0, dtype=np.int64))
    slope, intercept, offset = ANCHOR_SPREADS
    _, low, _, _ = found.estimate(np.array([2.0]), np.array([5.0]))
    half = 1.6449 * np.sqrt((2.0 * slope) ** 2 + intercept**2 + offset**2)
    assert low[0] == pytest.approx(1 / (1 + np.exp(-(2.0 - half))))


@pytest.mark.parametrize("outcome", [0.0, 1.0])
@pytest.mark.parametrize("count", [1, 5])
def test_a_few_rows_of_one_outcome_move_the_anchored_map_a_little_their_way(count: int, outcome: float):
    margin, owner = np.zeros(count), np.arange(count)
    found = fit_anchored(margin, np.full(count, outcome), np.full(count, 5.0), owner)
    moved = found.probability(np.zeros(1), np.array([5.0]))[0] - 0.5
    assert 0.0 < moved * np.sign(outcome - 0.5) < 0.12


def test_many_rows_overrule_the_anchor():
    margin, outcome, paid, owner = drawn(4, 40_000, (0.0,) * 4)
    anchored = fit_anchored(margin, outcome, paid, owner)
    asked, lengths = np.linspace(-4, 2, 7), np.full(7, 40.0)
    assert anchored.slope == pytest.approx(0.8, abs=0.03)
    true = Calibration(0.8, -0.3).probability(asked)
    assert np.abs(anchored.probability(asked, lengths) - true).max() < 0.015


@given(seed=st.integers(0, 200), count=st.integers(1, 60), sign=st.sampled_from([1.0, -1.0]))
def test_the_anchored_map_rises_and_lies_within_its_interval_however_few_its_rows(
    seed: int, count: int, sign: float
):
    rng = np.random.default_rng(seed)
    margin, paid = rng.normal(0, 4, count), rng.integers(0, 20, count).astype(float)
    outcome = (sign * margin > 0).astype(float)
    found = fit_anchored(margin, outcome, paid, rng.integers(0, 3, count))
    assert found.slope >= 0.05
    asked = np.linspace(-12, 12, 9)
    value, low, high, _ = found.estimate(asked, np.full(9, 1.0))
    assert (np.diff(value) >= 0).all()
    assert (low <= value).all()
    assert (value <= high).all()
    assert np.isfinite(np.array(found.covariance)).all()


def test_the_anchored_map_is_the_mode_of_what_it_weighs():
    margin, outcome, paid, owner = drawn(5, 150, (0.5, 0.0, 0.0, 0.0))
    found = fit_anchored(margin, outcome, paid, owner)

    def weighed(moved: np.ndarray) -> float:
        slope, intercept, *offsets = np.array([found.slope, found.intercept, *found.offsets]) + moved
        place = np.searchsorted([1, 3, 10], paid, side="right")
        score = slope * margin + intercept + np.array(offsets)[place]
        spread = np.array([*ANCHOR_SPREADS[:2], *(ANCHOR_SPREADS[2],) * 4])
        apart = (np.array([slope - 1.0, intercept, *offsets]) / spread) ** 2
        return float(np.sum(np.logaddexp(0, score) - outcome * score) + apart.sum() / 2)

    for place in range(6):
        for step in (-0.02, 0.02):
            moved = np.zeros(6)
            moved[place] = step
            assert weighed(moved) > weighed(np.zeros(6))


def test_rows_of_one_customer_widen_the_anchored_interval():
    margin, outcome, paid, owner = drawn(9, 60, (0.0,) * 4, rows_each=40)
    asked, lengths = np.array([-1.0]), np.array([40.0])
    _, low, high, _ = fit_anchored(margin, outcome, paid, owner).estimate(asked, lengths)
    _, alone_low, alone_high, _ = fit_anchored(margin, outcome, paid, np.arange(len(owner))).estimate(
        asked, lengths
    )
    assert high[0] - low[0] > 1.5 * (alone_high[0] - alone_low[0])
