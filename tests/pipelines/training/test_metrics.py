from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.metrics import (
    MIN_SEGMENT_ROWS,
    by_segment,
    calibration_error,
    kolmogorov_smirnov,
    measure,
    reliability,
    segments,
)
from tests.models.fitted import fitted

PAIRS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0])), min_size=2, max_size=60
)


def arrays(pairs: list[tuple[bool, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([float(bad) for bad, _ in pairs]), np.array([chance for _, chance in pairs])


@given(pairs=PAIRS)
def test_the_auc_is_the_share_of_pairs_put_in_order(pairs: list[tuple[bool, float]]):
    label, chance = arrays(pairs)
    found = measure(label, chance)
    if 0 < label.sum() < len(label):
        gaps = chance[label == 1][:, None] - chance[label == 0][None, :]
        assert found["auc"] == pytest.approx(np.mean((gaps > 0) + 0.5 * (gaps == 0)))
    else:
        assert "auc" not in found
    assert np.isfinite(list(found.values())).all()


@given(pairs=PAIRS)
def test_ks_is_the_largest_distance_at_any_cut(pairs: list[tuple[bool, float]]):
    label, chance = arrays(pairs)
    if 0 < label.sum() < len(label):
        gaps = [
            abs(np.mean(chance[label == 1] <= cut) - np.mean(chance[label == 0] <= cut))
            for cut in set(chance)
        ]
        assert kolmogorov_smirnov(label, chance) == pytest.approx(max(gaps))


def test_perfect_probabilities_measure_perfectly():
    label = np.array([0.0, 1.0] * 20)
    found = measure(label, label)
    assert (found["auc"], found["ks"], found["average_precision"]) == (1.0, 1.0, 1.0)
    assert (found["brier"], found["calibration_error"]) == (0.0, 0.0)


def test_calibration_error_is_the_mean_distance_over_bins():
    label = np.tile([0.0, 1.0], 500)
    assert calibration_error(label, np.full(1000, 0.5)) == pytest.approx(0.0, abs=1e-9)
    assert calibration_error(label, np.full(1000, 0.8)) == pytest.approx(0.3)


def test_fewer_rows_than_bins_are_binned_all_the_same():
    assert calibration_error(np.array([1.0, 0.0]), np.array([0.9, 0.2])) == pytest.approx(0.15)
    assert sum(one["rows"] for one in reliability(np.array([1.0, 0.0]), np.array([0.9, 0.2]))) == 2


def test_reliability_bins_rise_and_hold_every_row():
    rng = np.random.default_rng(0)
    chance = rng.random(997)
    bins = reliability((rng.random(997) < chance).astype(float), chance)
    predicted = [one["predicted"] for one in bins]
    assert predicted == sorted(predicted)
    assert sum(one["rows"] for one in bins) == 997
    assert all(abs(one["predicted"] - one["realised"]) < 0.15 for one in bins)


@pytest.mark.parametrize("target", ["late", "default"])
def test_every_row_has_one_segment_of_each_kind_and_small_ones_are_not_measured(target: str):
    rows = getattr(fitted(), f"{target}_rows")
    cuts = segments(rows)
    assert ("asked" in cuts) == (target == "late")
    assert all(len(codes) == len(rows) for codes in cuts.values())
    measured = by_segment(rows, np.full(len(rows), 0.1))
    assert measured
    assert all(figures["rows"] >= MIN_SEGMENT_ROWS for figures in measured.values())


def test_the_length_of_a_history_is_cut_at_one_three_and_ten():
    rows = fitted().late_rows
    frame = rows.frame.head(6).assign(n_paid_all=[0.0, 1.0, 2.0, 3.0, 9.0, 10.0])
    cuts = segments(replace(rows.take(np.arange(6)), frame=frame))
    assert cuts["history"].tolist() == ["0", "1-2", "1-2", "3-9", "3-9", "10+"]
