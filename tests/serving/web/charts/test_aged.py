from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.aging import BANDS
from models.wording.formats import LANGUAGES
from serving.web.charts.aged import aged
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, texts


@given(
    amounts=st.dictionaries(st.sampled_from(BANDS), st.floats(0, 1e8)), language=st.sampled_from(LANGUAGES)
)
def test_every_band_is_told_with_its_amount(amounts, language):
    w = words(language)
    picture = aged(amounts, w)
    assert [row[1] for row in picture.rows] == [w.eur(amounts.get(band, 0.0)) for band in BANDS]
    assert all(row[1] in texts(picture) for row in picture.rows)
    assert w.eur(sum(amounts.values())) in picture.sentence
    assert is_accessible(picture)
    assert outside(picture) == []
