"""Every text is there in both languages, and figures are written as each language writes them."""

import re
import tomllib
from pathlib import Path

import pytest

from models.errors import ModelError
from models.wording.formats import LANGUAGES
from pipelines.training.report import wording as module
from pipelines.training.report.wording import report_texts

FRENCH, ENGLISH = report_texts({"open_eur": {"fr": "encours", "en": "exposure", "unit": "eur"}})
FOLDER = Path(module.__file__).parent
TEXTS = tomllib.loads((FOLDER / "texts.toml").read_text(encoding="utf-8"))
KEYS = {f"{part}.{name}": both for part, named in TEXTS.items() for name, both in named.items()}
SOURCES = [*FOLDER.glob("*.py"), *(FOLDER / "templates").glob("*")]
NAMES = re.compile(r"{(\w+)}")
THIN = "\N{NARROW NO-BREAK SPACE}"


def test_every_text_has_both_languages_with_the_same_names():
    assert len(KEYS) > 150
    for key, both in KEYS.items():
        assert set(both) == set(LANGUAGES), key
        assert all(text.strip() for text in both.values()), key
        assert set(NAMES.findall(both["fr"])) == set(NAMES.findall(both["en"])), key


def test_every_text_that_is_asked_for_by_name_is_there():
    asked = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""(?:\bt|say)\(\s*["']([a-z_]+\.[a-z_]+)["'][,)]""", text))
    assert len(asked) > 80
    assert asked - set(KEYS) == set()


def test_every_text_is_asked_for():
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    begun = set(re.findall(r"""["'](\w+\.)["'] ~""", sources)) | set(re.findall(r'f"(\w+\.){', sources))
    idle = [key for key in KEYS if key not in sources and f"{key.split('.')[0]}." not in begun]
    assert idle == []


def test_an_unknown_text_is_an_error_of_ours():
    with pytest.raises(ModelError, match=r"texts\.toml"):
        FRENCH.say("nothing.here")


@pytest.mark.parametrize(
    ("value", "digits", "fr", "en"),
    [
        (1234.5678, 2, f"1{THIN}234,57", "1,234.57"),
        (-0.25, 1, "−0,2", "−0.2"),
        (-0.0001, 2, "0,00", "0.00"),
        (None, 3, "–", "–"),
    ],
)
def test_numbers(value: float | None, digits: int, fr: str, en: str):
    assert (FRENCH.number(value, digits), ENGLISH.number(value, digits)) == (fr, en)


def test_shares_amounts_and_days():
    assert (FRENCH.percent(0.1234), ENGLISH.percent(0.1234)) == (f"12,3{THIN}%", "12.3%")
    assert (FRENCH.euros(-1234.4), ENGLISH.euros(-1234.4)) == (f"−1{THIN}234{THIN}€", "−€1,234")
    assert (FRENCH.euros(None), ENGLISH.euros(-0.2)) == ("–", "€0")
    assert (FRENCH.date("2026-11-22"), ENGLISH.date("2026-11-22")) == ("22/11/2026", "2026-11-22")
    assert FRENCH.date("2026-11") == "11/2026"
    assert (FRENCH.quantity("days", 12.0), ENGLISH.quantity("years", 3.0)) == ("12 j", "3 years")
    assert (FRENCH.quantity("share", 0.5), ENGLISH.quantity("eur", 5.0)) == (f"50,0{THIN}%", "€5")
    assert FRENCH.quantity("days", None) == "–"
    assert [FRENCH.quantity("years", count) for count in (0.0, 1.0, 2.0)] == ["0 an", "1 an", "2 ans"]
    assert [ENGLISH.quantity("days", count) for count in (0.0, 1.0, 2.0)] == ["0 days", "1 day", "2 days"]


def test_features_are_called_by_their_label_and_many_are_counted():
    assert (FRENCH.feature("open_eur"), ENGLISH.feature("open_eur")) == ("encours", "exposure")
    assert FRENCH.feature("unheard_of") == "unheard_of"
    assert ENGLISH.named(list("abcdefg")) == "a, b, c, d, e and 2 more"


def test_groups_have_words():
    assert (FRENCH.group("size", "0"), ENGLISH.group("size", "1")) == ("microentreprise", "SME")
    assert FRENCH.group("sector", "2") == "industrie manufacturière"
    assert FRENCH.group("history", "1-2") == "1–2"
    assert (FRENCH.group("asked", "open"), FRENCH.group("size", "unknown")) == ("facture ouverte", "inconnu")
    assert FRENCH.group("all", "all") == "Ensemble"


def test_bars_say_what_had_to_hold():
    check = {"unit": "ratio", "relation": "between", "bounds": [0.5, 2.5]}
    assert FRENCH.bar(check) == "de 0,500 à 2,500"
    assert ENGLISH.bar({"unit": "count", "relation": "at_least", "bounds": [30]}) == "at least 30"
    assert ENGLISH.bar({"unit": "count", "relation": "", "bounds": []}) == "–"


def test_the_other_language():
    assert (FRENCH.other, ENGLISH.other) == ("en", "fr")
