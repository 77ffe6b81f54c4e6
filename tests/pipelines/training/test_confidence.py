"""A share is as sure as independent draws make it, and rows that belong together are fewer draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.confidence import design_effect, wilson


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_holds_the_share_and_narrows_with_more_outcomes(bad: int, count: int):
    share = min(bad / count, 1.0)
    low, high = wilson(share, count)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    closer = wilson(share, 4 * count)
    assert closer[1] - closer[0] < high - low


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    drawn = rng.binomial(400, 0.08, 2_000) / 400
    covered = np.mean([low <= 0.08 <= high for low, high in (wilson(share, 400) for share in drawn)])
    assert 0.93 < covered < 0.97


def test_the_design_effect_is_1_for_independent_rows_and_the_size_of_a_group_of_equals():
    missed = np.random.default_rng(1).normal(size=5_000)
    assert design_effect(missed, np.arange(5_000)) == 1.0
    assert design_effect(missed, np.arange(5_000) // 5) == pytest.approx(1.0, abs=0.1)
    assert design_effect(np.repeat(missed, 4), np.arange(20_000) // 4) == pytest.approx(4.0)
    assert design_effect(np.zeros(3), np.arange(3)) == 1.0
