import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from models.wording.formats import LANGUAGES
from serving.web.exports.sheet import SheetHead, sheet
from serving.web.view_models.customer import answer_view
from serving.web.words import words
from tests.serving.web.view_models.builders import a_document, an_override, in_force

AT = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)


def a_head(**changes: object) -> SheetHead:
    values: dict[str, object] = {
        "name": "Société Élan",
        "customer_id": "C1",
        "siren": "732829320",
        "open_eur": 1_200.0,
        "overdue_eur": 200.0,
        "on_account_eur": 0.0,
        "answer_id": "0123456789abcdef" * 2,
        "who": "camille",
        "at": AT,
    }
    return SheetHead(**(values | changes))  # type: ignore[arg-type]  # fields by name


def read(pdf: bytes) -> tuple[int, str]:
    """Return how many pages there are and what they say, spaces of every kind as one."""
    found = PdfReader(io.BytesIO(pdf))
    return len(found.pages), " ".join(" ".join(page.extract_text() for page in found.pages).split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_page_tells_the_answer_and_where_it_comes_from(language):
    w, document = words(language), a_document()
    pages, text = read(sheet(a_head(), answer_view(document, w), w))
    assert pages == 1
    figures = (
        w.eur(28_000),
        w.share(1 / 3),
        w.share(0.01),
        w.day("2027-05-20"),
        w.siren("732829320"),
        w.eur(1_200),
    )
    told = ("0123456789abcdef" * 2, "late/3", "default/2", document["policy_hash"], document["features_hash"])
    for expected in (*map(plain, figures), *told, "Société Élan", "camille"):
        assert expected in text, expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_working_of_the_limit_is_told_term_by_term(language):
    w = words(language)
    view = answer_view(a_document(), w)
    _, text = read(sheet(a_head(), view, w))
    for term in view.limit.terms:
        assert plain(term.label)[:40] in text
        assert plain(term.figure) in text
        assert all(plain(figure) in text for _, figure in term.inputs)
    assert plain(w("working.binds")) in text


def test_an_override_stands_beside_the_models_own():
    told = in_force(limit_eur=50_000.0, limit_from="override", overrides=(an_override("limit", 50_000.0),))
    w = words("fr")
    _, text = read(sheet(a_head(), answer_view(a_document(), w, told), w))
    assert plain(w.eur(50_000)) in text
    assert plain(w.eur(28_000)) in text
    assert "garantie reçue du groupe" in text


def test_what_is_owed_beyond_the_limit_is_told_beside_it():
    w = words("fr")
    view = answer_view(a_document(), w)
    _, within = read(sheet(a_head(open_eur=28_000.0), view, w))
    _, over = read(sheet(a_head(open_eur=30_500.0), view, w))
    assert "dépassé" not in within
    assert plain(f"{w.eur(28_000)} (dépassé de {w.eur(2_500)})") in over


def test_an_override_that_a_stop_beats_is_told_to_count_for_nothing():
    told = in_force(limit_from="stop", grade_from="stop", overrides=(an_override("limit", 50_000.0),))
    w = words("fr")
    _, text = read(sheet(a_head(), answer_view(a_document(), w, told), w))
    assert plain(w("override.stopped")) in text
    assert plain(w.eur(50_000)) not in text


def test_a_natural_person_is_told_that_a_person_decides():
    w = words("fr")
    _, text = read(sheet(a_head(), answer_view(a_document(natural_person=True), w), w))
    assert "RGPD, art. 22" in text


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(name=st.text(min_size=1, max_size=3_000), reason=st.text(max_size=20_000))
def test_it_stays_one_page_whatever_stands_on_it(name, reason):
    w, long = words("fr"), "Une phrase sans fin, " * 200
    document = a_document(natural_person=True)
    reasons = [{"group": "lateness", "contribution": 0.1, "sentence_fr": long, "sentence_en": long}] * 12
    document["p_late30"] |= {"reasons": reasons}
    document["pd_12m"] |= {"reasons": reasons}
    override = an_override("limit", 1.0) | {"reason": reason}
    told = in_force(limit_eur=1.0, limit_from="override", overrides=(override,))
    pages, _ = read(sheet(a_head(name=name), answer_view(document, w, told), w))
    assert pages == 1


def test_the_same_sheet_is_the_same_file():
    w = words("fr")
    view = answer_view(a_document(), w)
    assert sheet(a_head(), view, w) == sheet(a_head(), view, w)
