import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning.scorecard.binning import bin_feature, round_number
from models.learning.scorecard.rules import ScorecardRules
from tests.models.learning.scorecard.builders import a_feature, a_sample

RULES = ScorecardRules()
ANSWERING = """
import sys
import models.learning.scorecard.scorecard
print(sorted({"lightgbm", "sklearn"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_an_answer_needs_nothing_that_fits():
    done = subprocess.run([sys.executable, "-c", ANSWERING], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), sign=st.sampled_from([-1, 0, 1]), wave=st.floats(0, 4))
def test_bad_shares_follow_the_trend_whatever_the_rows_do(seed: int, sign: int, wave: float):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=800)
    values[rng.random(800) < 0.1] = np.nan
    known = np.nan_to_num(values)
    label = (rng.random(800) < 1 / (1 + np.exp(1 - known - np.sin(wave * known) * 2))).astype(float)
    found = bin_feature(a_feature("x", sign), values, label, RULES, 1)
    if found is None:
        return
    steps = np.diff([line.bad_share for line in found.bins])
    assert (steps * found.trend >= 0).all()
    assert (np.diff([line.woe for line in found.bins]) * found.trend <= 0).all()
    assert sign in (0, found.trend)
    assert len(found.bins) <= RULES.most_bins
    assert sum(line.rows for line in found.lines) == 800
    assert sum(line.bad for line in found.lines) == label.sum()
    if len(found.bins) > 1:
        assert min(line.rows for line in found.bins) >= RULES.least_share * 800
        assert min(min(line.bad, line.rows - line.bad) for line in found.bins) >= RULES.least_cases


def test_evidence_is_the_log_of_the_shares_of_good_and_bad():
    frame, label = a_sample(3)
    found = bin_feature(a_feature("up", 1), frame["up"].to_numpy(), label, RULES, 1)
    low = frame["up"] < found.bounds[0]
    good, bad = 1 - label, label
    wanted = np.log((good[low].sum() / good.sum()) / (bad[low].sum() / bad.sum()))
    assert found.bins[0].woe == pytest.approx(wanted)


@pytest.mark.parametrize(("sign", "direction"), [(1, 1.0), (-1, -1.0)])
def test_a_feature_that_goes_against_its_sign_tells_nothing(sign: int, direction: float):
    frame, label = a_sample(3)
    values = direction * frame["down"].to_numpy()
    assert bin_feature(a_feature("x", sign), values, label, RULES, 1) is None


def test_a_feature_of_unknown_sign_gets_the_trend_of_the_rows():
    frame, label = a_sample(3)
    assert bin_feature(a_feature("free"), frame["free"].to_numpy(), label, RULES, 1).trend == -1
    assert bin_feature(a_feature("free"), -frame["free"].to_numpy(), label, RULES, 1).trend == 1


@pytest.mark.parametrize("feature", [a_feature("x", 1), a_feature("x"), a_feature("x", code=True)])
@pytest.mark.parametrize("value", [np.nan, 4.0])
def test_a_column_of_one_value_tells_nothing(feature, value: float):
    label = np.tile([0.0, 0.0, 1.0], 100)
    assert bin_feature(feature, np.full(300, value), label, RULES, 1) is None


def test_unknown_values_alone_may_tell():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(2_000) < 0.3, np.nan, 4.0)
    label = (rng.random(2_000) < np.where(np.isnan(values), 0.4, 0.1)).astype(float)
    found = bin_feature(a_feature("x", 1), values, label, RULES, 1)
    assert (found.bounds, len(found.bins)) == ((), 1)
    assert found.missing.woe < 0 < found.bins[0].woe


@pytest.mark.parametrize("lost", [0, 5, 19])
def test_too_few_unknown_values_say_nothing(lost: int):
    frame, label = a_sample(3, 2_000)
    values = frame["down"].to_numpy(copy=True)
    values[np.flatnonzero(label)[:lost]] = np.nan
    found = bin_feature(a_feature("down", -1), values, label, RULES, 1)
    assert (found.missing.rows, found.missing.bad, found.missing.woe) == (lost, lost, 0.0)


def test_rare_codes_say_nothing_and_the_others_are_grouped_by_how_bad_they_are():
    frame, label = a_sample(3)
    found = bin_feature(a_feature("code", code=True), frame["code"].to_numpy(), label, RULES, 1)
    assert (found.categories[0], found.categories[-1]) == ((3.0,), (2.0,))
    assert sorted(code for codes in found.categories for code in codes) == [1.0, 2.0, 3.0, 4.0]
    assert found.other.rows == (frame["code"] == 7).sum()
    assert found.other.woe == 0.0
    assert (np.diff([line.woe for line in found.bins]) < 0).all()


def test_an_infinite_code_is_as_unknown_as_any_other():
    frame, label = a_sample(3)
    values = frame["code"].to_numpy(copy=True)
    values[:1_000] = np.inf
    found = bin_feature(a_feature("code", code=True), values, label, RULES, 1)
    assert found.other.rows == np.isin(values, (7.0, np.inf)).sum()


def test_infinite_values_fall_in_the_outer_bins():
    frame, label = a_sample(3)
    values = frame["up"].fillna(0.0).to_numpy(copy=True)
    values[:400] = np.where(label[:400] > 0, np.inf, -np.inf)
    found = bin_feature(a_feature("up", 1), values, label, RULES, 1)
    assert found.place(np.array([-np.inf, np.inf])).tolist() == [0, len(found.bins) - 1]
    assert sum(line.rows for line in found.bins) == len(values)


def test_bounds_are_round_where_rows_leave_room():
    frame, label = a_sample(3)
    whole = bin_feature(a_feature("count"), frame["count"].to_numpy(), label, RULES, 1)
    assert all(bound == round(bound) for bound in whole.bounds)
    share = bin_feature(a_feature("down", -1), frame["down"].to_numpy(), label, RULES, 1)
    assert all(bound == round(bound, 3) for bound in share.bounds)


@given(values=st.tuples(*[st.floats(-1e12, 1e12)] * 3))
def test_a_round_number_stays_between_its_neighbours(values: tuple[float, float, float]):
    above, near, upto = sorted(values)
    if above == near:
        return
    found = round_number(above, upto, near)
    assert above < found <= upto
    assert len(repr(found)) <= max(len(repr(near)), 17)


def test_the_rows_given_stay_as_they_are():
    frame, label = a_sample(3, 1_000)
    values = frame["up"].to_numpy(copy=True)
    before = values.copy(), label.copy()
    bin_feature(a_feature("up", 1), values, label, RULES, 1)
    assert np.array_equal(values, before[0], equal_nan=True)
    assert np.array_equal(label, before[1])
