import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.web.charts.timeline import LATE_DAYS, PaidMonth, timeline
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, with_class

days = st.floats(-400, 2_000)
one_month = st.builds(
    lambda day, count, mean, more: PaidMonth(day.replace(day=1), count, mean, mean + more),
    st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)),
    st.integers(1, 10_000),
    days,
    st.floats(0, 300),
)


@given(months=st.lists(one_month, min_size=1, max_size=36), language=st.sampled_from(LANGUAGES))
def test_every_month_is_drawn_and_told(months, language):
    w = words(language)
    picture = timeline(months, w)
    told = [
        (w.month(m.first), w.number(m.invoices), w.delay(m.days_late), w.delay(m.most_days_late))
        for m in months
    ]
    assert list(picture.rows) == told
    assert len(with_class(picture, "circle", "most")) == len(months)
    assert w.delay(months[-1].days_late) in picture.sentence
    assert is_accessible(picture)
    assert outside(picture) == []


def test_the_line_of_30_days_is_always_drawn():
    picture = timeline([PaidMonth(dt.date(2026, 1, 1), 1, 0.0, 2.0)], words("fr"))
    assert len(with_class(picture, "line", "threshold")) == 1
    assert LATE_DAYS == 30
