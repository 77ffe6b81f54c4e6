"""The index is 0 where nothing changed, never less, knows what is missing; chance exceeds its bar as said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from pipelines.training.stability import LEVEL, Bins, chance_bar, shift, stability_index

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")), st.just(0.0)), min_size=1, max_size=60
).map(np.array)
IMPORTS = settings(deadline=None)
"""The first comparison imports SciPy."""
COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=12)


@IMPORTS
@given(values=VALUES, categorical=st.booleans())
def test_the_same_values_have_not_moved(values: np.ndarray, categorical: bool):
    assert shift(values, values.copy(), categorical=categorical).index == 0.0


@IMPORTS
@given(reference=VALUES, now=VALUES, categorical=st.booleans())
def test_no_index_is_below_zero(reference: np.ndarray, now: np.ndarray, categorical: bool):
    assert shift(reference, now, categorical=categorical).index >= 0.0


@given(reference=VALUES, now=VALUES, categorical=st.booleans())
def test_every_value_falls_in_one_bin_whatever_the_reference(
    reference: np.ndarray, now: np.ndarray, categorical: bool
):
    bins = Bins.of(reference, categorical=categorical)
    assert bins.counts(now).sum() == len(now)
    assert bins.counts(now)[-1] == np.isnan(now).sum()


@IMPORTS
@given(reference=VALUES, now=VALUES)
def test_bins_come_from_the_reference_alone(reference: np.ndarray, now: np.ndarray):
    edges = Bins.of(reference).edges
    shift(reference, now)
    assert np.array_equal(Bins.of(reference).edges, edges)
    assert np.isin(edges[1:], reference).all()


@given(counts=COUNTS, more=COUNTS)
def test_the_index_is_the_same_from_either_side(counts: list[int], more: list[int]):
    size = min(len(counts), len(more))
    before, after = np.array(counts[:size]) + 1, np.array(more[:size]) + 1
    assert stability_index(before, after) == pytest.approx(stability_index(after, before))


def test_chance_exceeds_the_bar_about_once_in_a_hundred():
    rng, many, bar = np.random.default_rng(0), 4_000, chance_bar(10, 3_000, 1_000)
    found = [shift(rng.normal(size=3_000), rng.normal(size=1_000)).index for _ in range(many)]
    over = np.mean(np.array(found) > bar)
    # Four standard errors of a share of 0.01 in 4,000 draws.
    assert abs(over - (1 - LEVEL)) < 4 * np.sqrt(LEVEL * (1 - LEVEL) / many)
    mean = 9 * (1 / 3_000 + 1 / 1_000)
    assert np.mean(found) == pytest.approx(mean, rel=0.05)


def test_values_that_go_missing_have_moved():
    rng = np.random.default_rng(1)
    values = rng.normal(size=2_000)
    gone = np.where(rng.random(2_000) < 0.3, np.nan, values)
    assert shift(values, gone).shifted
    assert not shift(gone, np.where(rng.random(2_000) < 0.3, np.nan, values)).shifted


@pytest.mark.parametrize("to", [-5.0, 5.0])
def test_a_constant_that_changes_has_moved_either_way(to: float):
    assert shift(np.zeros(500), np.full(500, to)).shifted


def test_a_code_never_seen_before_has_moved_and_codes_have_no_order():
    reference = np.repeat([0.0, 4.0, 7.0], 200)
    assert not shift(reference, reference[::-1].copy(), categorical=True).shifted
    assert shift(reference, np.repeat([0.0, 5.0, 7.0], 200), categorical=True).shifted
    assert Bins.of(reference, categorical=True).counts(np.array([5.0, 4.0, np.nan])).tolist() == [
        0,
        1,
        0,
        1,
        1,
    ]


def test_a_small_sample_needs_a_larger_index_and_a_large_one_a_tenth():
    rng = np.random.default_rng(2)
    few = shift(rng.normal(size=40), rng.normal(size=40))
    assert few.bar > 1.0
    assert not few.shifted
    many = shift(rng.normal(size=100_000), rng.normal(0.1, 1.0, size=100_000))
    assert many.bar < many.index < 0.1
    assert not many.shifted


def test_fewer_independent_draws_raise_the_bar():
    values = np.random.default_rng(3).normal(size=1_000)
    assert shift(values, values, draws=(50, 50)).bar == pytest.approx(20 * shift(values, values).bar)


def test_an_empty_side_is_refused():
    with pytest.raises(NotEnoughDataError, match="one of them is empty"):
        shift(np.zeros(3), np.empty(0))
