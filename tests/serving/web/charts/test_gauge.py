import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.grades import GRADES
from models.wording.formats import LANGUAGES
from serving.web.charts.gauge import grade_gauge, index_gauge
from serving.web.words import words
from tests.serving.web.charts.reading import is_accessible, outside, texts, with_class


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grade", GRADES)
def test_one_grade_of_five_is_marked_by_more_than_its_colour(grade, language):
    picture = grade_gauge(grade, words(language))
    (mine,) = with_class(picture, "rect", "mine")
    assert f"grade-{grade.lower()}" in (mine.get("class") or "")
    assert len(with_class(picture, "polygon", "pointer")) == 1
    assert texts(picture) == list(GRADES)
    assert picture.rows[0][0] == grade
    assert is_accessible(picture)
    assert outside(picture) == []


@given(index=st.floats(0, 200), language=st.sampled_from(LANGUAGES))
def test_the_index_is_written_as_it_is_drawn(index, language):
    w = words(language)
    picture = index_gauge(index, "bon payeur", w)
    assert w.number(index) in texts(picture)
    assert picture.rows == ((w.number(index), "bon payeur"),)
    assert w.number(index) in picture.sentence
    assert is_accessible(picture)
    assert outside(picture) == []


def test_a_better_index_stands_further_right():
    def place(index):
        (mark,) = with_class(index_gauge(index, "", words("fr")), "polygon", "pointer")
        return float((mark.get("points") or "").split(",")[0])

    assert place(20.0) < place(55.5) < place(80.0) < place(100.0)


def test_an_unknown_index_has_no_mark_and_says_so():
    picture = index_gauge(None, "bon payeur", words("fr"))
    assert with_class(picture, "polygon", "pointer") == []
    assert "moins de trois factures" in picture.sentence
    assert picture.rows[0][0] == "inconnu"
