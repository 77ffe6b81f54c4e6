import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.audit.differences import MISSING, Difference, differences

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
documents = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(documents)
def test_an_answer_differs_nowhere_from_itself_written_and_read(document: object):
    assert differences(document, json.loads(json.dumps(document))) == ()


@given(documents, documents)
def test_one_differs_from_another_where_the_other_differs_from_it(one: object, other: object):
    there, back = differences(one, other), differences(other, one)
    assert sorted(d.path for d in there) == sorted(d.path for d in back)


@pytest.mark.parametrize(
    ("then", "now", "path"),
    [
        ({"a": 0.1 + 0.2}, {"a": 0.3}, "a"),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, "a.b.1.c"),
        ({"a": True}, {"a": 1}, "a"),
        ({"a": None}, {"a": 0.0}, "a"),
        ({"a": [1]}, {"a": {"0": 1}}, "a"),
        (1, 2, ""),
    ],
)
def test_a_difference_is_named_by_its_path(then: object, now: object, path: str):
    assert [one.path for one in differences(then, now, "model")] == [path]


def test_what_only_one_of_both_has_is_told():
    assert differences({"a": 1}, {"b": 1}, "x") == (
        Difference("a", 1, MISSING, "x"),
        Difference("b", MISSING, 1, "x"),
    )
    assert differences([1], [1, 2], "x") == (Difference("1", MISSING, 2, "x"),)


def test_a_whole_number_is_the_same_written_either_way():
    assert differences({"a": 30}, {"a": 30.0}) == ()
