"""A company is the same whichever register tells of it, and what a register does not say stays unknown."""

import datetime as dt
from pathlib import Path

import pytest

from models.errors import RegisterError
from serving.registers import company_search, sirene
from serving.registers.client import RegisterClient
from serving.registers.companies import SIZE_BANDS, headcount_of
from tests.serving.registers.local_server import busy, said, serving, settings_for
from tests.serving.registers.samples import ONE, READ_ON, TWO, a_unit, an_answer, found_company, search_answer


def searched(**more: object):
    return company_search.company_in_answer(an_answer(search_answer(found_company(ONE, **more))), ONE)


def unit(**more: object):
    return sirene.company_of(a_unit(ONE, **more), READ_ON)


def test_both_registers_tell_the_same():
    assert searched() == unit()
    assert unit().name == "ESSAI DES BOIS"
    assert (unit().naf, unit().legal_form, unit().headcount) == ("43.21A", "5710", 34.5)
    assert (unit().created_on, unit().known_on) == (dt.date(2011, 4, 1), dt.date(2026, 1, 15))


def test_the_size_is_the_companys_and_not_its_seats():
    assert searched().size_band == "12"


def test_a_place_is_that_of_the_seat_unless_hidden():
    seat = {"code_postal": "59000", "libelle_commune": "LILLE"}
    assert (searched(siege=seat).postcode, searched(siege=seat).town) == ("59000", "LILLE")
    hidden = searched(siege={"code_postal": "[ND]", "libelle_commune": None})
    assert (hidden.postcode, hidden.town) == (None, None)


def test_masked_fields_are_empty_however_a_register_masks_them():
    for mask in ("[ND]", "[NON-DIFFUSIBLE]", "[non diffusible]"):
        row = found_company(
            nom_complet=mask, nom_raison_sociale=None, siege={"code_postal": mask, "libelle_commune": mask}
        )
        company = company_search.company_of(row, READ_ON)
        assert (company.name, company.postcode, company.town) == (None, None, None)


def test_a_ceased_company_says_since_when():
    by_search = searched(etat_administratif="C", date_fermeture="2025-11-30")
    by_stock = unit(etatAdministratifUniteLegale="C", dateDebut="2025-11-30")
    assert by_search.active is by_stock.active is False
    assert by_search.ceased_on == by_stock.ceased_on == dt.date(2025, 11, 30)


def test_an_active_company_has_no_end_whatever_its_last_period_began():
    assert unit().ceased_on is None


def test_a_sole_trader_is_a_natural_person():
    assert unit(categorieJuridiqueUniteLegale="1000").natural_person
    assert not unit().natural_person


def test_a_persons_name_is_given_and_family_name_unless_hidden():
    more = {"denominationUniteLegale": "", "prenomUsuelUniteLegale": "CAMILLE", "nomUniteLegale": "ESSAI"}
    assert unit(**more).name == "CAMILLE ESSAI"
    assert unit(**more, nomUsageUniteLegale="EPREUVE").name == "CAMILLE EPREUVE"
    assert unit(**{**more, "nomUniteLegale": "[ND]", "prenomUsuelUniteLegale": "[ND]"}).name is None


def test_a_trade_of_an_older_edition_is_not_taken_for_one_of_todays():
    assert unit(nomenclatureActivitePrincipaleUniteLegale="NAFRev1").naf is None
    assert unit(activitePrincipaleUniteLegale="97.90").naf is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"siren": "123456789"}, "'123456789' is no SIREN"),
        ({"etatAdministratifUniteLegale": "X"}, "'X' is neither A nor C"),
        ({"dateCreationUniteLegale": "0000-00-00"}, "dateCreationUniteLegale '0000-00-00' is no day"),
        ({"dateDebut": "invalid_date"}, "dateDebut 'invalid_date' is no day"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(more: dict[str, object], words: str):
    with pytest.raises(RegisterError, match=words):
        sirene.company_of({**a_unit(), **more}, READ_ON)


def test_the_api_puts_the_current_period_on_top_and_finds_the_day_it_ceased():
    periods = [
        {"dateDebut": "2024-05-01", "etatAdministratifUniteLegale": "C", "denominationUniteLegale": "NEW"},
        {"dateDebut": "2023-02-01", "etatAdministratifUniteLegale": "C", "denominationUniteLegale": "OLD"},
        {"dateDebut": "2011-04-01", "etatAdministratifUniteLegale": "A", "denominationUniteLegale": "OLD"},
    ]
    own = {"siren": ONE, "dateCreationUniteLegale": "2011-04-01", "periodesUniteLegale": periods}
    company = sirene.company_in_answer(an_answer({"uniteLegale": own}), ONE)
    assert (company.name, company.ceased_on) == ("NEW", dt.date(2023, 2, 1))


def test_an_unknown_company_is_none():
    assert company_search.company_in_answer(an_answer(search_answer()), ONE) is None
    assert sirene.company_in_answer(an_answer(None), ONE) is None


def test_an_answer_about_somebody_else_is_refused():
    with pytest.raises(RegisterError, match=f"answered about {TWO}, asked for {ONE}"):
        company_search.company_in_answer(an_answer(search_answer(found_company(TWO))), ONE)
    with pytest.raises(RegisterError, match="asked for"):
        sirene.company_in_answer(an_answer({"uniteLegale": a_unit(TWO)}), ONE)


@pytest.mark.parametrize("document", [{"erreur": "x"}, [], "x", {"results": {}}])
def test_an_answer_that_is_no_list_of_companies_is_refused(document: object):
    with pytest.raises(RegisterError, match="without a list of results"):
        company_search.company_in_answer(an_answer(document), ONE)


def test_an_answer_saved_within_an_envelope_is_read_too():
    assert company_search.listed({"searchTerms": ONE, "result": search_answer(found_company())})


def test_the_search_is_asked_over_http(tmp_path: Path):
    reply = said(search_answer(found_company()))
    with (
        serving(busy(429, "0"), reply) as server,
        RegisterClient(settings_for(server.url, tmp_path)) as client,
    ):
        assert company_search.fetch(client, ONE).siren == ONE
    assert server.asked[0] == f"/search?q={ONE}&page=1&per_page=10"


def test_sirene_is_asked_with_its_key_in_a_header_and_not_in_the_address(tmp_path: Path):
    with (
        serving(said({"uniteLegale": a_unit()})) as server,
        RegisterClient(settings_for(server.url, tmp_path, sirene_key="geheim")) as client,
    ):
        assert sirene.fetch(client, ONE).siren == ONE
    assert server.asked == [f"/siren/{ONE}"]
    assert server.headers[0]["X-INSEE-Api-Key-Integration"] == "geheim"


@pytest.mark.parametrize("threshold", [10, 250, 5_000])
def test_a_bands_headcount_keeps_its_side_of_every_size_threshold(threshold: int):
    for band, (least, most) in SIZE_BANDS.items():
        staff = headcount_of(band)
        assert staff >= least
        assert (staff >= threshold) == (least >= threshold)
        assert most is None or staff <= most
