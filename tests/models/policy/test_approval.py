import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.approval import approver_of
from models.policy.document import load_policy

POLICY = load_policy()
RANKS = [*(level.role for level in POLICY.approval.levels), "committee"]


@pytest.mark.parametrize(
    ("amount", "role"),
    [(0.0, "sales"), (5_000.0, "sales"), (5_000.01, "analyst"), (250_000.01, "committee")],
)
def test_an_amount_up_to_a_level_is_approved_there_and_above_the_last_by_the_committee(
    amount: float, role: str
):
    assert approver_of(amount, POLICY).role == role


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_is_never_approved_further_down(one: float, other: float):
    less, more = sorted((one, other))
    assert RANKS.index(approver_of(less, POLICY).role) <= RANKS.index(approver_of(more, POLICY).role)


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf])
def test_what_is_no_exposure_is_refused(amount: float):
    with pytest.raises(CreditError, match="finite number from 0"):
        approver_of(amount, POLICY)
