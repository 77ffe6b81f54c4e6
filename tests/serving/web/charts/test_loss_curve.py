from hypothesis import given
from hypothesis import strategies as st

from serving.web.charts.loss_curve import loss_curve
from tests.serving.web.charts.reading import is_accessible, outside

curves = st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1)), max_size=30)


@given(curves, st.lists(st.floats(0, 1e9), min_size=1, max_size=3))
def test_every_mark_is_in_the_table_and_nothing_is_drawn_outside(found, losses):
    points = list(zip(sorted(loss for loss, _ in found), [chance for _, chance in found], strict=True))
    marks = [(f"mark {place}", loss, f"{loss:.0f}") for place, loss in enumerate(losses)]
    picture = loss_curve(points, marks, "title", "A sentence.", ("mark", "loss"))
    assert picture.rows == tuple((name, written) for name, _, written in marks)
    assert is_accessible(picture)
    assert outside(picture) == []
