import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.web.charts.sparkline import Point, sparkline
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, with_class

points = st.lists(
    st.tuples(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.floats(0, 1e9)), min_size=1, max_size=40
)


@given(found=points, language=st.sampled_from(LANGUAGES))
def test_every_point_is_told_in_order(found, language):
    w = words(language)
    ordered = [Point(day, value, w.eur(value)) for day, value in sorted(found)]
    picture = sparkline(ordered, "title", w)
    assert list(picture.rows) == [(w.day(point.day), point.figure) for point in ordered]
    assert ordered[-1].figure in picture.sentence
    assert ordered[0].figure in picture.sentence
    assert is_accessible(picture)
    assert outside(picture) == []


def test_one_night_alone_is_a_dot():
    picture = sparkline([Point(dt.date(2026, 1, 1), 1.0, "1")], "t", words("fr"))
    assert with_class(picture, "polyline", "trend") == []
    assert len(with_class(picture, "circle", "last")) == 1
