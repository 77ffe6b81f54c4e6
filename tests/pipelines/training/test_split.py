import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from models.learning.rows import TrainingRows
from pipelines.training.split import PARTS, PeriodSplit, customer_folds, split

SHARES = (0.6, 0.1, 0.1, 0.2)


def some_rows(seed: int, count: int = 4_000, customers: int = 400) -> TrainingRows:
    rng = np.random.default_rng(seed)
    day = rng.integers(0, 900, count)
    nothing = np.full(count, np.nan)
    owner, subject = rng.integers(0, customers, count), np.full(count, "", dtype=object)
    return TrainingRows(
        pd.DataFrame(index=range(count)), nothing, owner, day, nothing, subject, nothing, nothing
    )


def parts(made: PeriodSplit) -> list[np.ndarray]:
    return [made.part(name) for name in PARTS]


@given(seed=st.integers(0, 10**6))
def test_periods_come_one_after_the_other(seed: int):
    rows = some_rows(seed)
    made = split(rows, SHARES)
    masks = parts(made)
    for earlier, later in itertools.pairwise(masks):
        assert rows.day[earlier].max() < rows.day[later].min()
    for mask, last in zip(masks, made.last_days, strict=True):
        assert rows.day[mask].max() <= last
    assert np.sum(masks, axis=0).max() == 1


@given(seed=st.integers(0, 10**6))
def test_a_customer_has_one_fold_and_folds_are_about_equal(seed: int):
    rows = some_rows(seed)
    fold = customer_folds(rows.owner, 5, seed)
    sides = [set(rows.owner[fold == index]) for index in range(5)]
    assert sum(map(len, sides)) == len(set.union(*sides))
    assert min(map(len, sides)) > 40


@given(seed=st.integers(0, 10**6))
def test_by_time_alone_every_row_is_in_one_part_in_the_shares_asked(seed: int):
    rows = some_rows(seed)
    masks = parts(split(rows, SHARES))
    assert (np.sum(masks, axis=0) == 1).all()
    for mask, share in zip(masks, SHARES, strict=True):
        assert mask.mean() == pytest.approx(share, abs=0.02)


def test_rows_of_one_day_stay_together():
    rows = some_rows(1)
    for mask in parts(split(rows, SHARES)):
        days = set(rows.day[mask])
        assert not days & set(rows.day[~mask])


def test_the_same_seed_folds_the_same_way_and_another_otherwise():
    owner = some_rows(2).owner
    one, again, other = (customer_folds(owner, 5, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_last_month_larger_than_its_share_still_leaves_every_period_a_row():
    rows = some_rows(4)
    day = np.where(rows.day < 600, rows.day, 600)
    for mask in parts(split(replace(rows, day=day), SHARES)):
        assert mask.any()


def test_a_test_period_is_not_needed():
    made = split(some_rows(4), (0.8, 0.1, 0.1, 0.0))
    assert not made.test.any()
    assert made.calibrate.any()


def test_a_period_without_a_row_is_named():
    rows = some_rows(5, count=3, customers=1)
    with pytest.raises(NotEnoughDataError, match="no row falls in the period"):
        split(rows, SHARES)


def test_no_row_at_all_is_too_short_a_ledger():
    with pytest.raises(NotEnoughDataError, match="too short"):
        split(some_rows(6, count=0), SHARES)
