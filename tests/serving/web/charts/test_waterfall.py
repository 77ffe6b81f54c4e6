import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.web.charts.waterfall import MOST_STEPS, Contribution, steps, waterfall
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, texts

margins = st.floats(-20, 20)
parts = st.lists(st.builds(Contribution, st.text(max_size=60), st.floats(-5, 5)), max_size=30)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


@given(base=margins, given_parts=parts)
def test_steps_lead_from_the_base_to_the_sum_without_a_gap(base, given_parts):
    way = steps(base, given_parts, "others")
    assert len(way) <= MOST_STEPS + 1
    if way:
        assert way[0].start == base
        assert all(one.end == following.start for one, following in itertools.pairwise(way))
        expected = base + math.fsum(part.contribution for part in given_parts)
        assert way[-1].end == pytest.approx(expected, abs=1e-9)


@given(given_parts=parts)
def test_the_weightiest_reasons_are_told_apart(given_parts):
    way = steps(0.0, given_parts, "others")
    told = sorted((abs(part.contribution) for part in given_parts), reverse=True)[:MOST_STEPS]
    assert [abs(step.contribution) for step in way[:MOST_STEPS]] == pytest.approx(told, abs=1e-9)


@given(base=margins, given_parts=parts, language=st.sampled_from(LANGUAGES))
def test_the_table_carries_what_is_drawn(base, given_parts, language):
    w = words(language)
    drawable = [
        Contribution("".join(c for c in p.label if c.isprintable()), p.contribution) for p in given_parts
    ]
    picture = waterfall(base, drawable, logistic, "title", w)
    way = steps(base, drawable, w("waterfall.others"))
    shown = " ".join(texts(picture))
    for step, row in zip(way, picture.rows[1:-1], strict=True):
        assert row[1] == w.number(step.contribution, 2, signed=True)
        assert row[1] in shown
    end = way[-1].end if way else base
    assert picture.rows[-1][2] == w.share(logistic(end))
    assert picture.rows[-1][2] in shown
    assert picture.rows[0][2] == w.share(logistic(base))
    assert is_accessible(picture)
    assert outside(picture) == []


def test_direction_is_told_by_a_sign_and_not_by_colour_alone():
    picture = waterfall(-2.0, [Contribution("a", 0.5), Contribution("b", -0.25)], logistic, "t", words("fr"))
    assert "+0,50 ▲" in texts(picture)
    assert "\N{MINUS SIGN}0,25 ▼" in texts(picture)
