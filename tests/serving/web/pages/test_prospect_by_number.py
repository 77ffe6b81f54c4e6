"""The page about a prospect begins with a number: registers fill the form, each value with its source."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx2 import Response

from serving.app import create_app
from serving.settings import Settings
from tests.models.fitted import fitted
from tests.serving.asked_registers import asked, insolvent, registers, sound
from tests.serving.fakes import TestClient
from tests.serving.registers.local_server import Reply, busy
from tests.serving.registers.samples import ONE, TWO
from tests.serving.web.visiting import PEOPLE, Visitor, said, with_people

SPACED = f"{ONE[:3]} {ONE[3:6]} {ONE[6:]}"


@contextmanager
def visiting(by_path: Callable[[str], Reply], folder: Path, *, online: bool = True) -> Iterator[Visitor]:
    """Sign somebody in to pages whose server looks up in registers of this machine."""
    with asked(by_path, folder, online=online) as (lookups, _):
        settings = Settings(_env_file=None, rate_per_minute=0)
        app = create_app(settings, fitted().assessor, with_people().store, lookups)
        token = with_people().store.begin_session(PEOPLE["sales"])
        client = TestClient(app, headers={"Accept": "text/html"}, raise_server_exceptions=False)
        client.cookies.set("encours_session", token)
        yield Visitor(client, with_people().store.find_session(token).csrf_token)


def fields(page: Response) -> dict[str, str]:
    """Return the fields of the long form as a browser would send them."""
    form = page.text[page.text.index('<section id="form"') :]
    found = re.findall(r'<input[^>]*name="([a-z_0-9]+)"[^>]*>', form)
    values = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', form)[0] for name in found}
    made = {name: re.search(r'value="([^"]*)"', tag)[1] for name, tag in values.items()}
    return {name: value for name, value in made.items() if name != "csrf_token"}


def test_the_page_begins_with_one_form_for_who_how_much_and_when(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect").text
    main = page.partition("<main")[2]
    shown = [tag for tag in re.findall(r"<input[^>]*>", main) if 'type="hidden"' not in tag]
    assert [re.search('name="([a-z]+)"', tag)[1] for tag in shown] == ["siren", "amount", "terms"]
    assert "/prospect?by=hand" in page


def test_who_has_no_number_gets_the_whole_form(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", by="hand").text
    assert 'id="turnover"' in page


@pytest.mark.parametrize("typed", [ONE, SPACED])
def test_a_number_alone_is_answered_with_the_form_filled_in_and_its_sources(tmp_path: Path, typed: str):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=typed)
    text = said(page)
    assert page.status_code == 200
    assert "Réponse pour ESSAI DES BOIS" in text
    assert "Annuaire des entreprises, au 15/01/2026, lu le" in text
    filled = fields(page)
    assert (filled["naf"], filled["headcount"], filled["created_on"]) == ("43.21A", "34,5", "2011-04-01")
    assert filled["looked_up"] == ONE
    assert (filled["closed_on"], filled["closed_on_2"], filled["closed_on_3"]) == (
        "2024-12-31",
        "2023-12-31",
        "",
    )
    assert filled["years_shown"] == "2023-12-31,2024-12-31"


def test_the_answer_stands_before_the_form_that_changes_it(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE).text
    assert page.index('id="standing"') < page.index('id="limit"') < page.index('<section id="form"')


def test_the_filled_form_sent_again_unchanged_gives_the_same_answer(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        first = with_people().store.audit(1).items[0]
        person.get("/prospect", **fields(page))
        second = with_people().store.audit(1).items[0]
    assert first.answer_id != second.answer_id
    assert first.features_hash == second.features_hash
    assert first.answer["limit"] == second.answer["limit"]


def test_a_year_emptied_in_the_form_counts_no_more_and_does_not_come_back(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        emptied = fields(page) | {name: "" for name in fields(page) if name.endswith("_2")}
        again = person.get("/prospect", **emptied)
        third = person.get("/prospect", **fields(again))
        logged = with_people().store.audit(2).items
    for shown in (again, third):
        assert (fields(shown)["closed_on"], fields(shown)["closed_on_2"]) == ("2024-12-31", "")
    for entry in logged:
        assert [one["closed_on"] for one in entry.question["prospect"]["accounts"]] == ["2024-12-31"]


def test_a_year_typed_by_hand_joins_theirs_and_stands_with_them_again(tmp_path: Path):
    typed = {"siren": ONE, "closed_on": "2025-12-31", "turnover": "900 000"}
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", **typed)
        again = person.get("/prospect", **fields(page))
        second, first = with_people().store.audit(2).items
    for shown in (page, again):
        days = [fields(shown)[name] for name in ("closed_on", "closed_on_2", "closed_on_3")]
        assert days == ["2025-12-31", "2024-12-31", "2023-12-31"]
    assert first.features_hash == second.features_hash


def test_a_corrected_value_counts_and_the_registers_stand_beside_it(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        again = person.get("/prospect", **fields(page) | {"headcount": "3", "naf": ""})
        logged = with_people().store.audit(1).items[0]
    assert logged.question["prospect"]["headcount"] == 3.0
    assert "naf" not in logged.question["prospect"]
    text = said(again)
    assert "Le registre dit 34,5 (Annuaire des entreprises" in text
    assert "Le registre dit 43.21A" in text


def test_an_open_proceeding_is_said_first_and_cannot_be_edited_away(tmp_path: Path):
    with visiting(insolvent(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        again = person.get("/prospect", **fields(page) | {"headcount": "3"})
    for shown in (page, again):
        assert "Redressement judiciaire, publication du 08/01/2026 (BODACC)" in said(shown)
    assert with_people().store.audit(1).items[0].answer["limit"]["limit_eur"] == 0.0


@pytest.mark.parametrize("typed", ["900000018", "123", "", "abc"])
def test_a_wrong_key_is_told_beside_the_one_field(tmp_path: Path, typed: str):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=typed)
    assert page.status_code == 422
    assert page.text.count('aria-invalid="true"') == 1
    assert 'id="turnover"' not in page.text


def test_where_registers_are_away_the_form_is_there_to_be_filled_in_and_says_so(tmp_path: Path):
    with visiting(lambda path: busy(503), tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        text = said(page)
        assert page.status_code == 200
        assert "N'ont pas pu être consultés" in text
        assert "Annuaire des entreprises" in text
        assert "Réponse pour" not in text
        again = person.get("/prospect", **fields(page) | {"name": "Essai"})
    assert "Réponse pour Essai" in said(again)


def test_a_server_that_may_not_call_out_says_so(tmp_path: Path):
    with visiting(sound(), tmp_path, online=False) as person:
        assert "n'appelle pas les registres" in said(person.get("/prospect", siren=ONE))


def test_a_number_that_nobody_bears_is_told(tmp_path: Path):
    with visiting(registers(None), tmp_path) as person:
        text = said(person.get("/prospect", siren=ONE))
    assert "Aucune entreprise connue" in text
    assert "Réponse pour" not in text


def test_a_sole_trader_is_flagged(tmp_path: Path):
    hidden = {"nature_juridique": "1000", "nom_raison_sociale": None, "nom_complet": "[ND]"}
    with visiting(sound(**hidden), tmp_path) as person:
        text = said(person.get("/prospect", siren=ONE))
    assert "personne physique" in text
    assert "Réponse pour SIREN" in text


def test_a_number_changed_in_the_filled_form_is_looked_up_anew(tmp_path: Path):
    def by_siren(path: str) -> Reply:
        named = {"nom_raison_sociale": "AUTRE SOCIETE"}
        return sound(TWO, **named)(path) if TWO in path else sound()(path)

    with visiting(by_siren, tmp_path) as person:
        page = person.get("/prospect", siren=ONE)
        other = person.get("/prospect", **fields(page) | {"siren": TWO, "amount": "900"})
    assert "Réponse pour AUTRE SOCIETE" in said(other)
    assert fields(other)["amount"] == "900"


def test_the_other_language_asks_the_same_again(tmp_path: Path):
    with visiting(sound(), tmp_path) as person:
        page = person.get("/prospect", siren=ONE).text
        english = person.get("/prospect", siren=ONE, lang="en")
    assert f'href="/prospect?siren={ONE}&amp;lang=en"' in page
    assert "Answer for ESSAI DES BOIS" in said(english)
    assert fields(english)["headcount"] == "34.5"
