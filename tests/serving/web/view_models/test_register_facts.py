"""What the registers say is told in words: sources beside fields, warnings above, and what is missing."""

import datetime as dt
from dataclasses import replace

import pytest

from serving.registers.lookup import Fact, ProspectFacts
from serving.registers.notices import SAYS, Notice
from serving.registers.yearly_accounts import YearAccounts
from serving.schemas.questions import AccountsIn
from serving.usecases.register_lookup import NOT_ALLOWED
from serving.web.view_models.register_facts import facts_view, field_notes, year_notes
from serving.web.words import words
from tests.serving.registers.samples import ONE

FR, EN = words("fr"), words("en")
DAY, ASKED = dt.date(2026, 1, 15), dt.date(2026, 3, 2)
NAF = Fact("43.21A", "Annuaire", DAY)
SOUND = ProspectFacts(ONE, "found", {"naf": NAF}, (), (), (), {}, {"Annuaire": ASKED, "BODACC": ASKED})


def a_notice(kind: str, detail: str = "") -> Notice:
    return Notice("A1", ONE, kind, DAY, DAY, detail, SAYS)


def test_a_value_of_theirs_has_its_source_and_both_days_beside_it():
    said = field_notes(SOUND, {"naf": "43.21A"}, {"naf": "43.21A", "name": ""}, FR)
    assert said == {"naf": "Annuaire, au 15/01/2026, lu le 02/03/2026"}


def test_beside_a_changed_value_stands_what_they_say():
    said = field_notes(SOUND, {"naf": "62.01Z"}, {"naf": "43.21A"}, EN)
    assert said["naf"].startswith("The register says 43.21A (Annuaire")


def a_year(day: dt.date, *, confidential: bool = False) -> YearAccounts:
    return YearAccounts(ONE, day, DAY, confidential=confidential, months=12.0, source="BODACC A1")


def test_each_year_of_accounts_has_its_own_source_beside_it_wherever_it_stands():
    last, before = dt.date(2024, 12, 31), dt.date(2023, 12, 31)
    found = replace(SOUND, accounts=(a_year(before), a_year(last)))
    theirs = [AccountsIn(closed_on=before, turnover=5.0), AccountsIn(closed_on=last, turnover=7.0)]
    typed = {"closed_on": "2025-12-31", "turnover": "9", "closed_on_2": "2024-12-31", "turnover_2": "8"}
    said = year_notes(found, typed, theirs, FR)
    assert set(said) == {"closed_on_2", "turnover_2"}
    assert said["closed_on_2"] == "BODACC A1, au 15/01/2026, lu le 02/03/2026"
    assert said["turnover_2"].startswith("Le registre dit 7 (BODACC A1")
    assert year_notes(found, typed | {"turnover_2": "7"}, theirs, FR)["turnover_2"].startswith("BODACC A1")


def test_accounts_kept_from_the_public_are_told():
    found = replace(SOUND, accounts=(a_year(dt.date(2024, 12, 31), confidential=True),))
    (remark,) = facts_view(found, FR).remarks
    assert "confidentiels" in remark
    assert "31/12/2024" in remark


def test_a_company_in_good_standing_has_neither_warnings_nor_remarks():
    view = facts_view(replace(SOUND, facts={"active": Fact(value=True, source="R", as_of=DAY)}), FR)
    assert (view.found, view.warnings, view.remarks) == (True, (), ())


@pytest.mark.parametrize("kind", ["safeguard", "receivership", "liquidation", "proceeding_ended", "closure"])
def test_a_filing_is_a_warning_with_its_day(kind: str):
    (warning,) = facts_view(replace(SOUND, notices=(a_notice(kind),)), FR).warnings
    assert "15/01/2026" in warning
    assert warning.startswith(FR(f"filing.{kind}"))


def test_a_sale_is_no_warning():
    assert facts_view(replace(SOUND, notices=(a_notice("sale"),)), FR).warnings == ()


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"ceased_on": Fact(dt.date(2025, 11, 30), "R", DAY)}, "30/11/2025"),
        ({"active": Fact(value=False, source="R", as_of=DAY)}, "15/01/2026"),
    ],
)
def test_a_company_that_has_ceased_is_a_warning(facts: dict[str, Fact], day: str):
    (warning,) = facts_view(replace(SOUND, facts=facts), FR).warnings
    assert day in warning


def test_a_judgment_that_is_not_understood_is_for_a_person_to_read():
    (warning,) = facts_view(replace(SOUND, unread=(a_notice("unknown", "Jugement rare"),)), FR).warnings
    assert "Jugement rare" in warning


def test_what_could_not_be_asked_is_named_and_why():
    away = {"Annuaire": NOT_ALLOWED, "Ratios": "it is away"}
    offline, others = facts_view(replace(SOUND, away=away), FR).remarks
    assert "n'appelle pas les registres" in offline
    assert "Annuaire" in offline
    assert "Ratios" in others


def test_without_notices_nobody_reads_that_there_are_none():
    remarks = facts_view(replace(SOUND, away={"BODACC": "it is away"}), FR).remarks
    assert any("procédure collective" in one for one in remarks)


def test_a_number_that_nobody_bears_is_told():
    view = facts_view(replace(SOUND, state="unknown", facts={}), FR)
    assert view.found is False
    assert "Aucune entreprise" in view.remarks[0]
