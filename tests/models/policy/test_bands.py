import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.bands import announced_grade, graded, payer_grade, pd_grade
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


def announcements(grade: str, probabilities: list[float]) -> list[str]:
    """Return the grades that are announced in turn, night by night."""
    found = [grade]
    for one in probabilities:
        found.append(announced_grade(found[-1], pd_grade(one, POLICY), one, POLICY))
    return [after for before, after in pairwise(found) if after != before]


@given(st.sampled_from("ABCD"), st.lists(st.floats(0.91, 1.09), max_size=30))
def test_a_probability_around_a_bound_is_never_announced(grade: str, factors: list[float]):
    bound = POLICY.pd_grades[grade]
    assert announcements(grade, [bound * factor for factor in factors]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_the_announced_grade_is_the_grade_or_one_within_the_band(probabilities: list[float]):
    before = "C"
    for one in probabilities:
        before = announced_grade(before, pd_grade(one, POLICY), one, POLICY)
        near = {pd_grade(min(one * factor, 1.0), POLICY) for factor in (1 / 1.1001, 1.0, 1 / 0.8999)}
        assert before in near


def test_a_slow_drift_is_announced_once_as_it_leaves_the_band():
    drift = [0.036 + 0.0005 * night for night in range(30)]
    assert announcements("C", drift) == ["D"]
    assert announcements("D", drift[::-1]) == ["C"]


def test_a_grade_that_no_probability_gives_is_announced_at_once():
    assert announced_grade("C", "E", 0.039, POLICY) == "E"
    assert announced_grade(None, "C", 0.0151, POLICY) == "C"
