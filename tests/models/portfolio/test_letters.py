import datetime as dt

import pytest

from models.law.legal_rates import load_rates, semester_of
from models.portfolio.letters import FORMAL_TONES, letter_of
from models.portfolio.worklist import PROPOSALS, STAGE_OF
from models.wording import formats
from models.wording.formats import LANGUAGES
from tests.typography import faults

DAY = dt.date(2025, 3, 2)
INVOICES = [
    {"invoice_id": "F1", "due_on": "2025-01-31", "open_eur": 15_000.0},
    {"invoice_id": "F2", "due_on": "2025-02-15", "open_eur": 99.9},
]


def letter(tone: str, language: str = "fr", day: dt.date = DAY):
    return letter_of(tone, "Dupont SA", INVOICES, 15_099.9, day, load_rates(), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", PROPOSALS)
def test_a_letter_names_its_invoices_and_only_a_formal_one_adds_interest(tone: str, language: str):
    found = letter(tone, language)
    if tone in ("read", "write_off"):
        assert found is None
        return
    text = f"{found.subject}\n{found.body}"
    assert "{" not in text
    assert ("L441-10" in text) == ("D441-5" in text) == (tone in FORMAL_TONES)
    assert ("F1" in text and "F2" in text) or tone == "follow"
    if STAGE_OF[tone] == "insolvency":
        assert "Dupont SA" in text
    for line in text.splitlines():
        assert faults(line, language) == []


@pytest.mark.parametrize("tone", [tone for tone in PROPOSALS if STAGE_OF[tone] == "insolvency"])
def test_in_a_proceeding_nobody_is_asked_to_pay(tone: str):
    found = letter(tone, "en")
    assert found is None or found.body.startswith(("To the court's agent", "To the supervising judge"))


def test_interest_and_indemnity_are_those_of_the_law():
    text = letter("formal", "en").body
    # 15,000 x 13.15 % x 30 / 365 + 99.90 x 13.15 % x 15 / 365; 40 EUR an invoice.
    assert "€162.66" in text
    assert "€80.00" in text
    assert "€15,342.56" in text


def test_interest_stops_where_the_known_rates_end_and_the_letter_says_so():
    newest = max(load_rates().rates)
    end = load_rates().known_until(dt.date(2099, 1, 1))
    assert semester_of(end) == newest
    late = letter("formal", "en", dt.date(2099, 1, 1)).body
    assert f"until {formats.day(end, 'en')}, still running" in late
    assert late.split("Flat")[0] == letter("formal", "en", end).body.split("Flat")[0]
    assert "€80.00" in late
