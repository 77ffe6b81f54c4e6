import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.bands import graded, payer_grade, pd_grade
from models.policy.document import load_policy
from models.policy.grades import GRADES, PAYERS
from tests.models.policy.builders import a_case

POLICY = load_policy()


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_has_a_better_grade(one: float, other: float):
    low, high = sorted((one, other))
    assert GRADES.index(pd_grade(low, POLICY)) <= GRADES.index(pd_grade(high, POLICY))


def test_a_bound_belongs_to_the_better_grade():
    assert pd_grade(POLICY.pd_grades["B"], POLICY) == "B"
    assert pd_grade(math.nextafter(POLICY.pd_grades["B"], 1), POLICY) == "C"
    assert pd_grade(1.0, POLICY) == "E"


@pytest.mark.parametrize("value", [math.nan, -0.01, 1.01, math.inf])
def test_what_is_no_probability_has_no_grade(value: float):
    with pytest.raises(CreditError, match=r"\[0, 1\]"):
        pd_grade(value, POLICY)


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (-3, "très bon payeur"),
        (5, "bon payeur"),
        (12, "payeur moyen"),
        (25, "mauvais payeur"),
        (31, "très mauvais payeur"),
    ],
)
def test_a_delay_is_named_in_french(days: float, label: str):
    assert payer_grade(days, POLICY).label_fr == label


def test_payer_grades_are_ranked_from_the_best():
    assert [grade.rank for grade in PAYERS.values()] == [1, 2, 3, 4, 5]


def test_days_that_are_no_number_are_refused():
    with pytest.raises(CreditError, match="finite"):
        payer_grade(math.nan, POLICY)


@pytest.mark.parametrize("change", [{"in_default": True}, {"entity_in_default": True}])
def test_a_default_under_any_number_of_the_legal_entity_is_the_worst_grade(change: dict[str, object]):
    assert graded(a_case(), POLICY).grade == "B"
    assert graded(a_case(**change), POLICY).grade == "E"
