"""A company looked up over the API, alone or as a prospect: filled in, dated, stopped where it must be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serving.app import create_app
from serving.schemas.decisions import BatchOut, DecisionOut
from serving.schemas.records import AnsweredAssessmentOut
from serving.schemas.registers import FactsOut
from serving.settings import Settings
from tests.models.fitted import fitted
from tests.serving.asked_registers import asked, insolvent, registers, sound, today
from tests.serving.fakes import TestClient
from tests.serving.registers.local_server import Reply, busy
from tests.serving.registers.samples import ONE
from tests.serving.served import served

ASSESS = "/v1/assessments"


@contextmanager
def a_server(
    by_path: Callable[[str], Reply], folder: Path, role: str = "sales", *, online: bool = True
) -> Iterator[TestClient]:
    """Serve a small demo with registers on this machine."""
    with asked(by_path, folder, online=online) as (lookups, _):
        settings = Settings(_env_file=None, rate_per_minute=0)
        app = create_app(settings, fitted().assessor, served().store, lookups)
        headers = {"X-API-Key": served().keys[role]}
        yield TestClient(app, headers=headers, raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with a_server(sound(), tmp_path) as found:
        yield found


def test_the_facts_alone_are_answered_each_with_its_source_and_days(client: TestClient):
    answer = client.get(f"/v1/registers/{ONE[:3]} {ONE[3:6]} {ONE[6:]}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    FactsOut.model_validate(found)
    assert (found["siren"], found["state"], found["away"]) == (ONE, "found", {})
    assert found["facts"]["naf"] == {
        "value": "43.21A",
        "source": "Annuaire des entreprises",
        "as_of": "2026-01-15",
        "fetched_on": today().isoformat(),
    }
    assert [year["closed_on"] for year in found["accounts"]] == ["2023-12-31", "2024-12-31"]


def test_what_is_no_siren_names_the_field(client: TestClient):
    answer = client.get("/v1/registers/123456789")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["siren"]


def test_nobody_looks_up_without_a_key(client: TestClient):
    assert client.get(f"/v1/registers/{ONE}", headers={"X-API-Key": "none"}).status_code == 401


def test_a_siren_alone_is_assessed_as_the_same_company_described(client: TestClient):
    answer = client.post(ASSESS, json={"prospect": {"siren": ONE}, "amount_eur": 4_000.0})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    AnsweredAssessmentOut.model_validate(found)
    assert (found["party"]["name"], found["party"]["headcount"]) == ("ESSAI DES BOIS", 34.5)
    assert set(found["facts"]["filled"]) == {
        "name",
        "naf",
        "legal_form",
        "headcount",
        "created_on",
        "accounts",
    }
    logged = served().store.audit_entry(found["answer_id"])
    described = dict(logged.question["prospect"]) | {"look_up": False}
    again = client.post(ASSESS, json={"prospect": described, "amount_eur": 4_000.0}).json()
    assert "facts" not in again
    same = ("pd_12m", "p_late30", "limit", "grade", "features_hash")
    assert [found[name] for name in same] == [again[name] for name in same]


def test_what_the_caller_gives_wins(client: TestClient):
    prospect = {"siren": ONE, "name": "Ma fiche", "headcount": 3, "accounts": []}
    found = client.post(ASSESS, json={"prospect": prospect}).json()
    assert (found["party"]["name"], found["party"]["headcount"]) == ("Ma fiche", 3.0)
    assert set(found["facts"]["filled"]) == {"naf", "legal_form", "created_on"}


def test_the_answer_is_computed_again_without_registers(client: TestClient):
    answer_id = client.post(ASSESS, json={"prospect": {"siren": ONE}}).json()["answer_id"]
    replayed = served().client("analyst").get(f"{ASSESS}/{answer_id}/replay").json()
    assert (replayed["equal"], replayed["differences"]) == (True, [])
    kept = served().client("analyst").get(f"{ASSESS}/{answer_id}").json()
    assert kept["question"]["prospect"]["naf"] == "43.21A"
    assert kept["answer"]["facts"]["facts"]["naf"]["source"] == "Annuaire des entreprises"


@pytest.mark.parametrize("given", [{}, {"name": "x", "naf": None, "legal_form": "5710", "accounts": []}])
def test_an_open_proceeding_stops_credit_whatever_is_given(tmp_path: Path, given: dict[str, object]):
    with a_server(insolvent(), tmp_path) as client:
        found = client.post(ASSESS, json={"prospect": {"siren": ONE, **given}, "amount_eur": 500}).json()
    assert found["case"]["open_proceeding"] is True
    assert found["limit"]["limit_eur"] == 0.0
    assert found["facts"]["notices"][0]["kind"] == "receivership"


def test_a_company_that_has_ceased_is_stopped(tmp_path: Path):
    gone = {"etat_administratif": "C", "date_fermeture": "2025-11-30"}
    with a_server(sound(**gone), tmp_path) as client:
        found = client.post(ASSESS, json={"prospect": {"siren": ONE}, "amount_eur": 500}).json()
    assert found["case"]["closed"] is True
    assert found["limit"]["limit_eur"] == 0.0


def test_a_sole_trader_waits_for_a_person_even_where_another_form_is_given(tmp_path: Path):
    with a_server(sound(nature_juridique="1000"), tmp_path) as client:
        for given in ({}, {"legal_form": "5710"}):
            found = client.post(ASSESS, json={"prospect": {"siren": ONE, **given}}).json()
            assert (found["needs_human"], found["party"]["natural_person"]) == (True, True)


def test_registers_that_are_away_leave_what_was_typed(tmp_path: Path):
    with a_server(lambda path: busy(503), tmp_path) as client:
        answer = client.post(ASSESS, json={"prospect": {"siren": ONE, "name": "Essai", "naf": "43.21A"}})
    found = answer.json()
    assert (answer.status_code, found["party"]["name"]) == (200, "Essai")
    assert (found["facts"]["state"], found["facts"]["filled"], len(found["facts"]["away"])) == ("away", [], 3)


def test_registers_that_lie_are_named_and_not_believed(tmp_path: Path):
    with a_server(lambda path: Reply(parts=[b"<html>"]), tmp_path) as client:
        found = client.post(ASSESS, json={"prospect": {"siren": ONE, "name": "Essai"}}).json()
    assert found["facts"]["filled"] == []
    assert all("cannot be used" in why for why in found["facts"]["away"].values())


def test_an_unknown_company_is_said_to_be_unknown(tmp_path: Path):
    with a_server(registers(None), tmp_path) as client:
        found = client.post(ASSESS, json={"prospect": {"siren": ONE}}).json()
    assert (found["facts"]["state"], found["party"]["name"]) == ("unknown", None)


def test_without_leave_to_call_out_nobody_is_asked(tmp_path: Path):
    with a_server(sound(), tmp_path, online=False) as client:
        found = client.get(f"/v1/registers/{ONE}").json()
    assert found["state"] == "away"
    assert all("may not call out" in why for why in found["away"].values())


@pytest.mark.parametrize("prospect", [{}, {"siren": ONE, "look_up": False}, {"naf": "43.21A"}])
def test_somebody_without_a_name_must_have_a_siren_to_look_up(client: TestClient, prospect):
    answer = client.post(ASSESS, json={"prospect": prospect})
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["prospect.name"]


def test_a_decision_on_a_prospect_counts_what_the_registers_say(tmp_path: Path):
    order = {"prospect": {"siren": ONE}, "amount_eur": 500.0, "terms_days": 30}
    with a_server(insolvent(), tmp_path) as client:
        answer = client.post("/v1/decisions", json=order)
    found = answer.json()
    DecisionOut.model_validate(found)
    assert found["outcome"] != "accept"
    assert found["facts"]["notices"][0]["kind"] == "receivership"
    replayed = served().client("analyst").get(f"{ASSESS}/{found['answer_id']}/replay").json()
    assert replayed["equal"] is True


def test_a_company_that_no_register_knows_waits_for_a_person(tmp_path: Path):
    order = {"prospect": {"siren": ONE, "name": "Essai"}, "amount_eur": 500.0, "terms_days": 30}
    with a_server(registers(), tmp_path) as client:
        found = client.post("/v1/decisions", json=order).json()
    assert found["outcome"] == "refer"
    assert "unlisted" in [one["code"] for one in found["reasons"]]
    assert found["assessment"]["party"]["unlisted"] is True
    replayed = served().client("analyst").get(f"{ASSESS}/{found['answer_id']}/replay").json()
    assert replayed["equal"] is True
    with a_server(lambda path: busy(503), tmp_path / "away") as client:
        away = client.post("/v1/decisions", json=order).json()
    assert away["assessment"]["party"]["unlisted"] is False


def test_a_batch_takes_what_is_kept_and_calls_nobody(tmp_path: Path):
    batch = {"items": [{"prospect": {"siren": ONE}}, {"prospect": {"name": "Essai"}}]}
    with a_server(sound(), tmp_path, "batch") as client:
        before = client.post(f"{ASSESS}/batch", json=batch).json()
        client.get(f"/v1/registers/{ONE}")
        after = client.post(f"{ASSESS}/batch", json=batch).json()
    BatchOut.model_validate(after)
    assert before["items"][0]["facts"]["state"] == "away"
    assert after["items"][0]["assessment"]["party"]["name"] == "ESSAI DES BOIS"
    assert "facts" not in after["items"][1]
