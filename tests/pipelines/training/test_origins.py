"""What is learnt from is older than what is answered, and customers are kept apart where they have to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from pipelines.training.origins import CUSTOMER_GROUPS, ORIGINS, rolling_folds

seeds = st.integers(0, 10_000)


def days_and_owners(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 30, 900), rng.integers(0, 60, 900)


@given(seeds, st.booleans())
def test_learning_stopping_and_answering_follow_each_other_in_time(seed: int, by_customer: bool):
    day, owner = days_and_owners(seed)
    for fold in rolling_folds(day, owner, by_customer=by_customer, seed=1):
        assert day[fold.learn].max() < day[fold.stop].min()
        assert day[fold.stop].max() < day[fold.asked].min()


@given(seeds, st.booleans())
def test_each_row_after_the_first_origin_is_answered_once(seed: int, by_customer: bool):
    day, owner = days_and_owners(seed)
    folds = rolling_folds(day, owner, by_customer=by_customer, seed=1)
    times = np.sum([fold.asked for fold in folds], axis=0)
    first = min(day[fold.asked].min() for fold in folds)
    assert np.array_equal(times, (day >= first).astype(int))
    assert [fold.origin for fold in folds] == sorted(fold.origin for fold in folds)
    assert {fold.origin for fold in folds} == set(range(ORIGINS))


@given(seeds)
def test_customers_kept_apart_are_never_both_learnt_from_and_answered(seed: int):
    day, owner = days_and_owners(seed)
    folds = rolling_folds(day, owner, by_customer=True, seed=1)
    assert len(folds) == ORIGINS * CUSTOMER_GROUPS
    for fold in folds:
        assert not set(owner[fold.learn]) & (set(owner[fold.asked]) | set(owner[fold.stop]))


def test_what_is_learnt_from_grows_from_origin_to_origin():
    folds = rolling_folds(*days_and_owners(0), by_customer=False, seed=1)
    sizes = [int(fold.learn.sum()) for fold in folds]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("days", [0, 1, 3])
def test_too_few_days_are_refused(days: int):
    day = np.repeat(np.arange(days), 50)
    with pytest.raises(NotEnoughDataError, match="without --tune"):
        rolling_folds(day, np.zeros(len(day), dtype=np.int64), by_customer=False, seed=1)
