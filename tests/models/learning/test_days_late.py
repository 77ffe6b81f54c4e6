"""Quantiles of days late by trees, as models of the earlier format tell them: one set of trees a moment."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.features.build import INVOICE_FEATURES, mask_history
from models.learning.boosting import load_lightgbm
from models.learning.days_late import (
    AT_ISSUE,
    MEDIAN,
    MOMENTS,
    OPEN,
    SHARES,
    STARTING_SHARE,
    DelayTrees,
    days_late,
    habit,
    moment_rows,
    start,
)
from tests.models.fitted import TREES, fitted

NAMES = ["alike_p10", "alike_median", "alike_p90", "alike_weight", "days_past_due", "amount_eur"]
FEATURES = [feature for name in NAMES for feature in INVOICE_FEATURES if feature.name == name]


@cache
def trees() -> tuple[DelayTrees, ...]:
    """Fit small trees of every moment and share on what is left over of their start."""
    rows = fitted().late_rows
    told = rows.take(~np.isnan(rows.days_late))
    found = []
    for moment in MOMENTS:
        mine = told.take(moment_rows(told.frame, moment))
        for share in SHARES:
            left = mine.days_late - start(mine.frame, moment, share, 8.0)
            matrix = mine.frame[NAMES].to_numpy(np.float64)
            rows = load_lightgbm().Dataset(matrix, left, feature_name=NAMES, params={"verbose": -1})
            settings = {"objective": "quantile", "alpha": share, **TREES.lightgbm(FEATURES, monotone=False)}
            booster = load_lightgbm().train(settings, rows, 10)
            found.append(DelayTrees(moment, share, booster, 8.0, 0.25 if share != MEDIAN else 0.0))
    return tuple(found)


def answers(frame: pd.DataFrame) -> np.ndarray:
    return days_late(trees(), frame, frame[NAMES].to_numpy(np.float64))


def test_quantiles_never_cross_and_never_lie_before_today():
    frame = fitted().late_rows.frame
    found = answers(frame)
    assert found.shape == (len(frame), 3)
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= frame["days_past_due"].to_numpy()[:, None]).all()


def test_the_median_is_a_whole_number_of_days():
    middle = answers(fitted().late_rows.frame)[:, 1]
    assert (middle == np.rint(middle)).all()


def test_every_row_asks_at_one_moment():
    frame = fitted().late_rows.frame
    at_issue, still_open = moment_rows(frame, AT_ISSUE), moment_rows(frame, OPEN)
    assert (at_issue != still_open).all()
    assert at_issue.any()
    assert still_open.any()


@pytest.mark.parametrize("share", SHARES)
def test_who_has_no_habit_starts_from_what_stands_for_it(share: float):
    frame = mask_history(fitted().late_rows.frame.head(20), np.ones(20, dtype=bool))
    assert (habit(frame, share, 4.0) == 4.0).all()
    assert (start(frame, AT_ISSUE, share, 4.0) == STARTING_SHARE * 4.0).all()


def test_an_open_invoice_starts_from_its_habit_or_from_tomorrow():
    frame = fitted().late_rows.frame.assign(alike_median=3.0)
    found = start(frame, OPEN, MEDIAN, 0.0)
    assert np.array_equal(found, np.maximum(3.0, frame["days_past_due"] + 1))


def test_an_invoice_open_for_longer_is_expected_later():
    frame = fitted().late_rows.frame
    rows = frame[(frame["invoice_age_days"] > 0) & (frame["days_past_due"] > 0)]
    assert len(rows) > 20
    later = rows.assign(
        days_past_due=rows["days_past_due"] + 60, invoice_age_days=rows["invoice_age_days"] + 60
    )
    assert (answers(later)[:, 1] > answers(rows)[:, 1]).all()


def test_answers_do_not_hang_on_the_rows_beside():
    frame = fitted().late_rows.frame.head(60)
    alone = np.concatenate([answers(frame.iloc[[row]]) for row in range(60)])
    assert np.array_equal(alone, answers(frame))


def test_what_the_trees_add_is_what_lightgbm_adds_to_the_bit():
    matrix = fitted().late_rows.frame[NAMES].to_numpy(np.float64)
    for one in trees():
        assert np.array_equal(one.margins.get().margin(matrix), one.booster.predict(matrix))


def test_a_moment_and_a_share_are_answered_by_their_own_trees():
    frame = fitted().late_rows.frame
    for one in trees():
        rows = frame[moment_rows(frame, one.moment)].assign(days_past_due=-1_000.0)
        said = start(rows, one.moment, one.share, one.otherwise) + one.shift
        said = said + one.booster.predict(rows[NAMES].to_numpy(np.float64))
        if one.share == MEDIAN:
            usual = habit(rows, MEDIAN, one.otherwise)
            said = np.rint(said if one.moment == OPEN else (said + usual) / 2)
            assert np.array_equal(answers(rows)[:, 1], said)
        else:
            found, middle = answers(rows)[:, SHARES.index(one.share)], answers(rows)[:, 1]
            ordered = np.minimum(said, middle) if one.share < MEDIAN else np.maximum(said, middle)
            assert np.abs(found - ordered).max() < 1e-9
