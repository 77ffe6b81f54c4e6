from models.drawing.canvas import LETTER, WIDTH, Canvas, cut
from tests.serving.web.charts.reading import is_accessible, root


def test_texts_are_escaped():
    canvas = Canvas("x", 20, "<b>", "a & b")
    canvas.text(0, 10, "</svg><script>")
    picture = canvas.picture(("h",), (("r",),))
    assert "<script>" not in str(picture.svg)
    assert [one.text for one in root(picture).iter("text")] == ["</svg><script>"]
    assert is_accessible(picture)


def test_no_style_stands_in_an_element():
    canvas = Canvas("x", 20, "t", "s")
    canvas.rect(0, 0, 1, 1, "plain")
    canvas.line(0, 0, 1, 1, "axis")
    assert "style" not in str(canvas.picture(("h",), ()).svg)


def test_a_long_text_is_cut_to_its_width():
    assert len(cut("x" * 200, WIDTH)) * LETTER <= WIDTH
