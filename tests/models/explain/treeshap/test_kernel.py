import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.treeshap.compiled import TreeShap
from models.explain.treeshap.kernel import BLOCK, explain_row, explain_rows
from tests.models.explain.treeshap.forests import N_FEATURES, edges, matrix, train


@given(seed=st.integers(0, 1_000), max_cat_to_onehot=st.sampled_from([1, 4]))
def test_a_row_alone_takes_its_own_way_to_the_same_bits(seed: int, max_cat_to_onehot: int):
    booster = train(seed % 5, max_cat_to_onehot=max_cat_to_onehot, num_leaves=20)
    shap = TreeShap.of(booster)
    row = edges(seed, booster)[:1]
    found = np.full((2, 1, 1 + N_FEATURES), np.nan)
    for place, look_up in enumerate((explain_row, explain_rows)):
        look_up(row, *shap.layout, shap.tables, found[place])
    assert np.array_equal(found[0], found[1])


@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 17])
def test_room_for_one_column_gets_the_margin_alone(n: int):
    shap, rows = TreeShap.of(train(1)), matrix(1, n)
    whole, alone = np.full((n, 1 + N_FEATURES), np.nan), np.full((n, 1), np.nan)
    explain_rows(rows, *shap.layout, shap.tables, whole)
    explain_rows(rows, *shap.layout, shap.tables, alone)
    assert np.array_equal(whole[:, :1], alone)
    assert not np.isnan(whole).any()
