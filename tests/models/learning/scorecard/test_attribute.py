import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.learning.scorecard.attribute import Attribute, Bin
from tests.models.learning.scorecard.builders import a_card, line_of

GOOD, POOR, LOST = Bin(80, 4, 0.9, 30), Bin(15, 5, -1.1, 10), Bin(5, 1, 0.0, 20)


def an_attribute(**changes: object) -> Attribute:
    attribute = Attribute("x", "x", "x", "days", "x", 1, (3.0,), (), (GOOD, POOR), LOST)
    return replace(attribute, **changes)


def test_a_bound_belongs_to_the_bin_above_it():
    found = an_attribute().place(np.array([-np.inf, 2.999, 3.0, np.inf, np.nan]))
    assert found.tolist() == [0, 0, 1, 1, 2]


def test_a_code_that_no_bin_holds_is_other_and_an_unknown_one_is_missing():
    coded = an_attribute(bounds=(), categories=((1.0, 4.0), (2.0,)), other=Bin(0, 0, 0.0, 21))
    assert coded.points(np.array([4.0, 2.0, 3.0, np.nan, np.inf])).tolist() == [30, 10, 21, 20, 21]


@given(data=st.data())
def test_a_value_falls_where_a_reader_of_the_paper_finds_it(data: st.DataObject):
    attribute = data.draw(st.sampled_from(a_card().attributes))
    value = data.draw(st.floats() | st.sampled_from([*attribute.bounds, 1.0, 2.0, 3.0, 7.0]))
    line = line_of(attribute, value)
    assert attribute.points(np.array([value])).tolist() == [line.points]
    assert attribute.woe(np.array([value])).tolist() == [line.woe]


def test_information_is_what_the_textbook_sums():
    told = [(76 / 90 - 4 / 10) * 0.9, (10 / 90 - 5 / 10) * -1.1, 0.0]
    assert an_attribute().information_value == pytest.approx(sum(told))


@pytest.mark.parametrize(
    "changes",
    [
        {"bounds": (3.0, 4.0)},
        {"bounds": (math.nan,)},
        {"bounds": (math.inf,)},
        {"bounds": (3.0, 3.0), "bins": (GOOD, POOR, POOR)},
        {"categories": ((1.0,), (2.0,)), "bounds": ()},
        {"categories": ((1.0,),), "bounds": (), "other": LOST},
        {"other": LOST},
    ],
)
def test_bins_that_do_not_fit_their_bounds_are_refused(changes: dict[str, object]):
    with pytest.raises(ModelError, match=r"x has \d bins"):
        an_attribute(**changes)


def test_a_bin_without_rows_has_no_share():
    assert math.isnan(Bin(0, 0, 0.0).bad_share)
    assert POOR.bad_share == pytest.approx(1 / 3)
