"""Rows at anchors, trees on them, and how far they count: nothing is read before it can be told."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from models.features.build import INVOICE_FEATURES, mask_history
from models.features.curves import ANCHORS, COLUMNS, columns_at, curve_name
from models.learning.rows import TrainingRows
from pipelines.training.late_components import (
    ALWAYS,
    PRIOR_SHARE,
    START_SHARE,
    LateData,
    Stacked,
    Trees,
    can_learn,
    curve_of,
    fit_trees,
    level_at_anchors,
    mix,
    validate,
)
from pipelines.training.plan import known_features
from tests.models.fitted import TREES, fitted
from tests.pipelines.training.builders import with_later_outcomes

ROUNDS = 4


def rows() -> TrainingRows:
    return fitted().late_rows


def data_of(known: TrainingRows) -> LateData:
    return LateData.of(known, 30, known_features(rows(), INVOICE_FEATURES))


@cache
def data() -> LateData:
    return data_of(rows())


@cache
def blank() -> LateData:
    nobody = np.ones(len(rows()), dtype=bool)
    return data_of(replace(rows(), frame=mask_history(rows().frame, nobody)))


def everyone() -> np.ndarray:
    return np.ones(len(rows()), dtype=bool)


def middle() -> int:
    return int(np.median(rows().day))


@cache
def trees() -> Trees:
    return fit_trees(data(), data().stacked(fitted().cut, everyone(), 1), TREES, ROUNDS, blank())


def test_a_label_stands_only_where_its_days_have_run_out():
    cut = middle()
    stacked = data().stacked(cut, everyone(), 1)
    days = np.array(ANCHORS)[stacked.anchor]
    assert (rows().due[stacked.row] + days < cut).all()
    assert np.array_equal(stacked.label, rows().lateness[stacked.row] > days)
    assert set(stacked.label.tolist()) == {0.0, 1.0}


def test_an_anchor_that_an_invoice_has_passed_is_asked_no_more():
    stacked = data().stacked(fitted().cut, everyone(), 1)
    reached = rows().frame["days_past_due"].to_numpy()[stacked.row]
    assert (reached < np.array(ANCHORS)[stacked.anchor]).all()
    assert (reached > 0).any()


def test_what_comes_after_the_cut_changes_no_label():
    cut = middle()
    one = data().stacked(cut, everyone(), 1)
    other = data_of(with_later_outcomes(rows(), cut)).stacked(cut, everyone(), 1)
    for name in ("row", "anchor", "label"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_the_target_s_anchor_and_some_others_learn_from_every_row_and_the_rest_from_about_a_third():
    cut = fitted().cut
    stacked = data().stacked(cut, everyone(), 1)
    reached = rows().frame["days_past_due"].to_numpy()
    for place, anchor in enumerate(ANCHORS):
        there = ((rows().due + anchor < cut) & (reached < anchor)).sum()
        share = (stacked.anchor == place).sum() / there
        if anchor in (*ALWAYS, 30):
            assert share == 1.0
        else:
            assert share == pytest.approx(0.35, abs=0.05)


def test_rows_are_drawn_alike_by_one_seed_and_no_more_than_wanted():
    some = [data().stacked(fitted().cut, everyone(), seed, 500) for seed in (1, 1, 2)]
    assert [len(one) for one in some] == [500] * 3
    assert np.array_equal(some[0].row, some[1].row)
    assert not np.array_equal(some[0].row, some[2].row)


def test_a_row_at_an_anchor_reads_its_own_features_the_anchor_s_columns_and_the_days_asked():
    stacked = data().stacked(fitted().cut, everyone(), 1)
    matrix = data().matrix(stacked)
    names = [feature.name for feature in data().contract]
    assert matrix.shape == (len(stacked), len(names))
    assert not {name for name in names if name in set(COLUMNS)}
    for place in (0, len(stacked) // 2, len(stacked) - 1):
        row, days = rows().frame.iloc[stacked.row[place]], ANCHORS[stacked.anchor[place]]
        told = dict(zip(names, matrix[place], strict=True))
        assert told.pop("days_asked") == days
        for column in columns_at(days):
            assert told.pop(column.removesuffix(str(days)) + "DAYS") == row[column]
        assert np.array_equal(list(told.values()), row[list(told)].to_numpy(float), equal_nan=True)
        assert data().own(stacked)[place] == row[curve_name(days)]


def test_a_longer_delay_never_raises_what_trees_say():
    signs = {feature.name: feature.sign for feature in data().contract}
    assert signs["days_asked"] == -1
    assert {signs[name] for name in signs if name.endswith("DAYS")} == {1}
    matrix = data().matrix(data().stacked(fitted().cut, everyone(), 1, 300))
    said = [trees().booster.predict(with_last(matrix, days), raw_score=True) for days in ANCHORS]
    assert (np.diff(np.stack(said), axis=0) <= 1e-12).all()


def with_last(matrix: np.ndarray, value: float) -> np.ndarray:
    return np.concatenate((matrix[:, :-1], np.full((len(matrix), 1), float(value))), axis=1)


def test_levels_are_the_log_odds_of_the_shares_and_never_rise():
    anchor = np.repeat(np.arange(len(ANCHORS)), 10)
    bad = {0: 9, 1: 7, 2: 8, 3: 5, 4: 3, 5: 0, 6: 1, 7: 0, 8: 0}
    label = np.concatenate([np.arange(10) < bad[place] for place in range(len(ANCHORS))]).astype(float)
    levels = level_at_anchors(Stacked(np.arange(len(anchor)), anchor, label))
    assert levels[0] == pytest.approx(np.log(9.5 / 1.5))
    assert levels[1] == levels[2] == pytest.approx(np.log(7.5 / 3.5))
    assert levels[5] == levels[6] == pytest.approx(np.log(0.5 / 10.5))
    assert (np.diff(levels) <= 0).all()


def test_an_anchor_without_rows_has_no_level_of_its_own_but_an_even_one_at_most():
    levels = level_at_anchors(Stacked(np.arange(4), np.full(4, 4), np.ones(4)))
    assert np.isfinite(levels).all()
    assert (np.diff(levels) <= 0).all()


def test_trees_start_part_of_the_way_from_the_level_to_the_own_curve():
    stacked = data().stacked(fitted().cut, everyone(), 1, 200)
    start = trees().margin(data(), stacked) - trees().booster.predict(data().matrix(stacked), raw_score=True)
    expected = START_SHARE * data().own(stacked) + (1 - START_SHARE) * trees().levels[stacked.anchor]
    assert np.abs(start - expected).max() < 1e-9


def test_few_rows_take_half_as_many_trees():
    assert trees().booster.num_trees() == ROUNDS // 2
    few = data().stacked(fitted().cut, everyone(), 1, 600)
    assert fit_trees(data(), few, TREES, 1, data()).booster.num_trees() == 1


@pytest.mark.parametrize("share", [0.25, 0.6, 1.0])
def test_the_curve_that_is_kept_says_what_was_validated(share: float):
    stacked = data().stacked(fitted().cut, everyone(), 1, 1_500)
    expected = mix(data().own(stacked), trees().margin(data(), stacked), share)
    curve = curve_of(data(), trees(), share)
    for place, anchor in enumerate(ANCHORS):
        mine = stacked.anchor == place
        additive = curve.at(anchor)
        found = additive.margin(rows().frame.iloc[stacked.row[mine]][list(additive.features)].to_numpy(float))
        assert np.abs(found - expected[mine]).max(initial=0.0) < 1e-9


def test_without_trees_the_own_curve_speaks_alone():
    for curve in (curve_of(data(), None, 0.5), curve_of(data(), trees(), 0.0)):
        assert (curve.habit_weight, curve.levels, curve.booster) == (1.0, (0.0,) * len(ANCHORS), None)


def some_validated(known: LateData, unknown: LateData, cut: int):
    return validate(known, unknown, cut, TREES, ROUNDS, 1)


@pytest.mark.slow
def test_later_rows_are_answered_by_trees_that_were_learnt_before_them():
    found = some_validated(data(), blank(), fitted().cut)
    assert len(found.periods) >= 2
    days = [rows().day[row] for row, _ in found.periods]
    for earlier, later in pairwise(days):
        assert earlier.max() < later.min()
    assert len(found.stacked) == len(found.own) == len(found.trees) == len(found.margin)
    assert 0.0 <= found.share <= 1.0
    first = found.periods[0][0]
    assert rows().day[first].min() > np.quantile(rows().day, 0.2)


def test_an_outcome_after_the_cut_changes_nothing_in_what_is_validated():
    cut = int(np.quantile(rows().day, 0.9))
    changed = data_of(with_later_outcomes(rows(), cut))
    one, other = some_validated(data(), blank(), cut), some_validated(changed, blank(), cut)
    assert one.share == other.share
    assert np.array_equal(one.margin, other.margin)
    assert np.array_equal(one.stacked.label, other.stacked.label)


@pytest.mark.slow
def test_an_outcome_after_an_origin_changes_no_trees_of_that_origin():
    first, last = int(rows().day.min()), int(rows().day.max())
    origin = first + int(0.5 * (last - first))
    changed = data_of(with_later_outcomes(rows(), origin))
    texts = [
        some_validated(known, blank(), fitted().cut).periods[0][1].booster.model_to_string()
        for known in (data(), changed)
    ]
    assert texts[0] == texts[1]


def test_too_few_rows_say_nothing_of_the_trees_share_and_rest_on_the_own_curve():
    few = data_of(rows().take(np.arange(len(rows())) < 150))
    found = some_validated(few, few, fitted().cut)
    assert found.share == PRIOR_SHARE
    assert found.learnt == 0
    assert np.array_equal(found.margin, found.own)
    assert [made for _, made in found.periods] == [None]


def test_no_row_at_all_is_validated_on_nothing():
    nobody = data_of(rows().take(np.zeros(len(rows()), dtype=bool)))
    found = some_validated(nobody, nobody, 0)
    assert len(found.stacked) == len(found.margin) == 0


def test_trees_need_rows_and_outcomes_of_both_kinds_at_the_target_s_days():
    place = ANCHORS.index(30)

    def enough(count: int, bad: int, anchor: int = place) -> bool:
        label = (np.arange(count) < bad).astype(float)
        return can_learn(data(), Stacked(np.arange(count), np.full(count, anchor), label))

    assert enough(400, 20)
    assert not enough(399, 20)
    assert not enough(400, 19)
    assert not enough(400, 100, anchor=0)
    assert enough(400, 380)
    assert not enough(400, 400)


def test_trees_that_will_learn_from_more_rows_count_for_more():
    found = some_validated(data_of(rows().take(np.arange(len(rows())) < 150)), blank(), fitted().cut)
    found = replace(found, share=0.4, learnt=1_000)
    assert found.share_for(1_000) == pytest.approx(0.4)
    assert found.share_for(10) == pytest.approx(0.4)
    assert found.share_for(4_000) == pytest.approx(4 / 7)  # odds of 2 to 3, doubled
    assert replace(found, share=0.0).share_for(10**6) == 0.0
    assert replace(found, share=1.0).share_for(10**6) == 1.0
