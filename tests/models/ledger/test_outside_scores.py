"""Directions differ from scale to scale; a safety turns them to one, and never leaves a scale's ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.outside_scores import scales
from models.ledger.tables import SCORE_SCALES


@pytest.mark.parametrize(
    ("scale", "bad", "good"),
    [
        ("creditsafe", "0", "100"),
        ("allianz", "10", "1"),
        ("coface_dra", "0", "10"),
        ("banque_de_france", "P", "1+"),
        ("dnb_failure", "5", "1"),
    ],
)
def test_each_scale_has_its_own_good_end(scale: str, bad: str, good: str):
    assert scales()[scale].safety(bad) == 0.0
    assert scales()[scale].safety(good) == 1.0


@pytest.mark.parametrize("scale", SCORE_SCALES)
def test_the_ends_of_a_scale_are_named(scale: str):
    assert scales()[scale].safety(scales()[scale].worst) == 0.0
    assert scales()[scale].safety(scales()[scale].best) == 1.0


def test_every_scale_of_the_ledger_has_its_row():
    assert tuple(scales()) == SCORE_SCALES


def test_a_letter_of_activity_may_stand_before_a_grade():
    scale = scales()["banque_de_france"]
    assert scale.safety("G3+") == scale.safety("3+")
    assert scale.safety("X0") is None


@pytest.mark.parametrize(
    ("scale", "score"),
    [("creditsafe", "101"), ("allianz", "0"), ("coface_dra", "-1"), ("dnb_failure", "A"),
     ("banque_de_france", "9"), ("creditsafe", "nan"), ("creditsafe", ""), ("banque_de_france", "")],
)  # fmt: skip
def test_what_a_scale_has_not_is_refused_and_told_what_it_has(scale: str, score: str):
    with pytest.raises(LedgerError, match="allowed is"):
        scales()[scale].safety(score)


@given(st.sampled_from(SCORE_SCALES), st.integers(0, 100), st.integers(0, 100))
def test_of_two_scores_the_nearer_to_the_good_end_is_safer(name: str, one: int, other: int):
    scale = scales()[name]
    if scale.ends is None:
        graded = [scale.safety(grade) for grade in scale.grades]
        assert graded == sorted(graded, reverse=True)
        return
    low, high = min(scale.ends), max(scale.ends)
    if not (low <= one <= high and low <= other <= high):
        return
    nearer = abs(one - scale.ends[1]) < abs(other - scale.ends[1])
    assert (scale.safety(str(one)) > scale.safety(str(other))) == nearer
