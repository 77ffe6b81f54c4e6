"""Reasons are written as their parts are, and read back when they are looked at."""

import math
from dataclasses import asdict

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.reasons import Reason, Reasons, plain

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
REASONS = st.lists(
    st.builds(Reason, WORDS, st.floats(allow_nan=False, allow_infinity=False), WORDS, WORDS), max_size=6
)


@given(REASONS)
def test_they_are_the_reasons_they_were_made_of(given_):
    reasons = Reasons.of(given_)
    assert list(reasons) == given_
    assert len(reasons) == len(given_)
    assert reasons[1:] == Reasons.of(given_[1:])


@given(REASONS)
def test_they_are_written_as_the_list_would_be(given_):
    assert orjson.loads(Reasons.of(given_).json()) == [asdict(one) for one in given_]
    assert orjson.loads(orjson.dumps({"reasons": Reasons.of(given_)}, default=plain))["reasons"] == [
        asdict(one) for one in given_
    ]


def test_the_same_reasons_are_equal_and_others_are_not():
    one, other = Reason("age", 0.5, "Ancienne", "Old"), Reason("age", 0.4, "Ancienne", "Old")
    assert Reasons.of([one]) == Reasons.of([one])
    assert hash(Reasons.of([one])) == hash(Reasons.of([one]))
    assert Reasons.of([one]) != Reasons.of([other])
    assert Reasons.of([one]) != (one,)


def test_a_figure_that_is_none_is_written_as_null_and_never_as_text_that_is_no_json():
    assert orjson.loads(Reasons.of([Reason("age", math.nan, "", "")]).json())[0]["contribution"] is None


def test_what_is_no_answer_is_refused():
    with pytest.raises(TypeError, match="set cannot be written as JSON"):
        plain({1, 2})
