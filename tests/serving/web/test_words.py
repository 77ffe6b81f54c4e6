import datetime as dt
import re
import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES, Language
from models.wording.numerals import unbroken
from serving.web import words as module
from serving.web.words import TEXTS, both_texts, words
from tests.typography import faults

WEB = Path(module.__file__).parent
NB, NNB = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_a_section_is_in_one_file_of_texts():
    sections = [
        name for file in TEXTS.glob("*.toml") for name in tomllib.loads(file.read_text(encoding="utf-8"))
    ]
    assert len(sections) == len(set(sections))


def test_every_text_is_there_in_both_languages_with_the_same_figures():
    for key, text in both_texts().items():
        assert set(text) == set(LANGUAGES), key
        assert all(text[language].strip() for language in LANGUAGES), key
        assert places(text["fr"]) == places(text["en"]), key


@pytest.mark.parametrize("pattern", ["templates/*.html", "**/*.py"])
def test_every_key_of_the_templates_and_of_the_code_has_a_text(pattern: str):
    sources = sorted(WEB.glob(pattern))
    assert sources
    lacking = {
        (path.name, key)
        for path in sources
        for key in re.findall(
            r"""\bw\(\s*["']([a-z_]+\.[A-Za-z0-9_-]+)["']\s*[,)]""", path.read_text(encoding="utf-8")
        )
        if key not in both_texts()
    }
    assert lacking == set()


def test_every_text_is_used():
    sources = [*WEB.rglob("*.py"), *(WEB / "templates").glob("*.html")]
    written = " ".join(path.read_text(encoding="utf-8") for path in sources)
    sections = set(re.findall(r"""["']([a-z_]+)\.["']\s*~|f["']([a-z_]+)\.\{""", written))
    chosen = re.findall(r"""choices\(.*?["']([a-z_]+)["'],\s*w\)""", written)
    open_ended = {one for pair in sections for one in pair if one} | set(chosen)
    unused = [key for key in both_texts() if key not in written and key.split(".")[0] not in open_ended]
    assert unused == []


def test_french_signs_stay_on_the_line_of_their_word():
    assert [key for key, text in both_texts().items() if text["fr"] != unbroken(text["fr"])] == []


def test_amounts_follow_the_language():
    fr, en = words("fr"), words("en")
    assert fr.eur(1_234.5, 2) == f"1{NNB}234,50{NNB}€"
    assert en.eur(1_234.5, 2) == "€1,234.50"
    assert en.eur(-3) == "\N{MINUS SIGN}€3"
    assert fr.eur(-0.2) == f"0{NNB}€"
    assert fr.eur(5, signed=True) == f"+5{NNB}€"


def test_shares_show_what_is_under_one_percent():
    fr, en = words("fr"), words("en")
    assert fr.share(0.0042) == f"0,42{NNB}%"
    assert en.share(0.125) == "12.5%"
    assert fr.share(0.0) == f"0,0{NNB}%"
    assert fr.share(0.6, 0) == f"60{NNB}%"
    assert fr.share(1e-9) == f"<{NNB}0,01{NNB}%"
    assert en.share(1e-9) == "<0.01%"


def test_days_before_the_due_date_are_days_early():
    said = [words("fr").delay(days) for days in (-6.0, -1.2, -0.3, 0.0, 1.0, 8.0)]
    plain = [text.replace(NB, " ") for text in said]
    assert plain == ["6 jours d'avance", "1 jour d'avance", "0 jour", "0 jour", "1 jour", "8 jours"]
    assert words("en").delay(-6) == f"6{NB}days early"


def test_days_and_months_follow_the_language():
    day = dt.date(2026, 11, 22)
    assert words("fr").day(day) == "22/11/2026"
    assert words("en").day("2026-11-22") == f"22{NB}Nov{NB}2026"
    assert words("fr").month(day) == "11/2026"
    assert words("en").month(day) == f"Nov{NB}2026"
    assert words("fr").moment(dt.datetime(2026, 11, 22, 8, 5, tzinfo=dt.UTC)) == f"22/11/2026{NB}08:05"


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [(0, "0 jour", "0 days"), (1, "1 jour", "1 day"), (-1, "−1 jour", "−1 day"), (3.6, "4 jours", "4 days")],
)
def test_a_single_day_is_singular(value, french, english):
    assert words("fr").days(value) == french.replace(" ", NB)
    assert words("en").days(value) == english.replace(" ", NB)


def test_what_is_unknown_is_said_so():
    w = words("fr")
    told = {
        w.eur(None),
        w.share(float("nan")),
        w.number(None),
        w.days(None),
        w.day(None),
        w.siren(None),
        w.moment(None),
    }
    assert told == {"inconnu"}


def test_a_siren_is_written_in_threes():
    assert words("en").siren("732829320") == f"732{NB}829{NB}320"


@given(value=st.floats(-1e12, 1e12), decimals=st.integers(0, 4))
def test_no_digit_is_lost(value, decimals):
    back = words("en").number(value, decimals).replace(",", "").replace("\N{MINUS SIGN}", "-")
    assert float(back) == pytest.approx(round(value, decimals), abs=10.0**-decimals)


def test_a_text_from_elsewhere_is_set_in_its_language():
    assert words("fr").either("vrai : oui", "true: yes") == f"vrai{NNB}: oui"
    assert words("en").either("vrai : oui", "true: yes") == "true: yes"


NOT_FIGURES = {"prospect.legal_form_hint", "fault.legal_form", "prospect.naf_hint", "fault.naf"}
"""Texts that name codes, which have no separators."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_set_as_its_language_sets_it(language: Language):
    found = []
    for key, text in both_texts().items():
        plain = re.sub(r"\{\w+\}", "x", text[language].strip())
        found += [] if key in NOT_FIGURES else faults(plain, language)
    assert found == []
