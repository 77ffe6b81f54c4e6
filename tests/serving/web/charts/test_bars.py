from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from models.wording.numerals import SPACE
from serving.web.charts.bars import Bar, bars, use_bar
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, texts, with_class

amounts = st.floats(0, 1e9)


@given(values=st.lists(amounts, min_size=1, max_size=12))
def test_every_bar_has_its_label_and_its_figure(values):
    found = [Bar(f"band {place}", value, f"{value:.2f}") for place, value in enumerate(values)]
    picture = bars(found, "title", "sentence", ("band", "figure"))
    assert picture.rows == tuple((bar.label, bar.figure) for bar in found)
    assert all(bar.figure in texts(picture) for bar in found)
    assert is_accessible(picture)
    assert outside(picture) == []


def test_bars_are_as_long_as_their_values():
    picture = bars([Bar("a", 200.0, "200"), Bar("b", 50.0, "50"), Bar("c", 0.0, "0")], "t", "s", ("", ""))
    long, short = (float(bar.attrib["width"]) for bar in with_class(picture, "rect", "plain"))
    assert long == 4 * short


@given(owed=st.floats(-1e6, 1e9), share=st.floats(0, 2), limit=amounts, language=st.sampled_from(LANGUAGES))
def test_the_use_of_a_limit_is_told_in_the_same_figures(owed, share, limit, language):
    w = words(language)
    overdue = max(owed, 0.0) * share
    picture = use_bar(owed, overdue, limit, w)
    figures = [row[1] for row in picture.rows]
    assert figures[:3] == [w.eur(limit), w.eur(owed), w.eur(overdue)]
    assert all(any(figure in text for text in texts(picture)) for figure in figures[:3])
    assert is_accessible(picture)
    assert outside(picture) == []


def test_what_is_over_the_limit_is_said_in_words():
    w = words("fr")
    assert "dépassement de 2\N{NARROW NO-BREAK SPACE}000" in use_bar(12_000, 0, 10_000, w).sentence
    assert use_bar(6_000, 0, 10_000, w).sentence.endswith(f"disponible{SPACE}: 4{SPACE}000{SPACE}€.")
    assert "avant livraison" in use_bar(6_000, 0, 0, w).sentence
