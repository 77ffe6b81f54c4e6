import datetime as dt
from pathlib import Path
from typing import Never

import numpy as np
import pytest

from models.assessment.assessment import CreditRequest, CustomerState, RelatedExposure
from models.assessment.party import Party
from models.errors import NoChampionError, StoreError
from serving.api import wiring
from serving.store import Store, open_store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app, an_assessment
from tests.serving.store.builders import AS_OF, an_override

ASSESS = "/v1/assessments"


def fields_at_fault(client: TestClient, body: dict[str, object]) -> set[str]:
    response = client.post(ASSESS, json=body)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return {fault["field"] for fault in response.json()["errors"]}


def test_a_known_customer_is_assessed_from_its_stored_state(client: TestClient, assessor: FakeAssessor):
    response = client.post(ASSESS, json={"customer_id": "C1"})
    assert response.status_code == 200
    state = assessor.asked[0]["state"]
    assert isinstance(state, CustomerState)
    assert (state.as_of, state.party.customer_id) == (AS_OF, "C1")
    assert state.party.created_on == dt.date(2001, 2, 3)
    assert state.surroundings == RelatedExposure(0.0, 0.0, 1_000.0)
    assert state.vector.values.tobytes() == np.array([1.5, np.nan, -0.1]).tobytes()
    answered = response.json()
    assert answered.pop("answer_id") == response.headers["x-answer-id"]
    assert answered.pop("in_force")["limit_from"] == "model"
    assert answered == an_assessment(state.party, CreditRequest()).document()


def test_a_what_if_passes_amount_terms_and_forecast_on(client: TestClient, assessor: FakeAssessor):
    body = {"customer_id": "C1", "amount_eur": 0.1 + 0.2, "terms_days": 45, "yearly_forecast_eur": 1e6}
    response = client.post(ASSESS, json=body)
    assert assessor.asked[0]["request"] == CreditRequest(0.1 + 0.2, 45, 1e6)
    assert response.json()["request"]["amount_eur"] == 0.1 + 0.2


def test_a_prospect_is_assessed_with_its_accounts_and_the_peers_of_the_night(
    client: TestClient, assessor: FakeAssessor
):
    accounts = {"closed_on": "2025-12-31", "published_on": "2026-06-30", "turnover": 700000, "equity": -5.5}
    prospect = {
        "name": "Nouveau SARL",
        "siren": "732 829 320",
        "naf": "4321a",
        "legal_form": "5499",
        "headcount": 12,
        "created_on": "2019-05-01",
        "accounts": [accounts],
    }
    response = client.post(ASSESS, json={"prospect": prospect, "amount_eur": 5000})
    assert response.status_code == 200, response.text
    asked = assessor.asked[0]
    expected = Party(
        None,
        "Nouveau SARL",
        "732829320",
        "FR",
        "43.21A",
        "5499",
        12.0,
        dt.date(2019, 5, 1),
        natural_person=False,
    )
    assert asked["party"] == expected
    assert asked["peers"] == {"43": {"late30_share": 0.25}}
    # Its SIREN is that of customer C1: what C1 owes and how likely it fails count.
    assert asked["surroundings"] == RelatedExposure(
        0.0, 300.0, 1_000.0, entity_open_eur=1_200.0, entity_pd_12m=0.01
    )
    assert asked["as_of"] == dt.datetime.now(dt.UTC).date()
    (row,) = asked["accounts"]  # type: ignore[misc]  # one year came
    assert (row["closed_on"], row["published_on"]) == (dt.date(2025, 12, 31), dt.date(2026, 6, 30))
    assert (row["turnover"], row["equity"], row["cash"]) == (700_000.0, -5.5, None)


def test_an_unknown_customer_is_404_and_names_the_field(client: TestClient):
    response = client.post(ASSESS, json={"customer_id": "nobody"})
    assert response.status_code == 404
    assert response.json()["type"] == "urn:encours:problem:unknown-customer"
    assert response.json()["errors"][0]["field"] == "customer_id"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_eur": 0}, "amount_eur"),
        ({"amount_eur": -1}, "amount_eur"),
        ({"amount_eur": 1e9 + 1}, "amount_eur"),
        ({"amount_eur": "100"}, "amount_eur"),
        ({"amount_eur": True}, "amount_eur"),
        ({"terms_days": 366}, "terms_days"),
        ({"terms_days": -1}, "terms_days"),
        ({"terms_days": 30.5}, "terms_days"),
        ({"yearly_forecast_eur": -1}, "yearly_forecast_eur"),
        ({"amont_eur": 1}, "amont_eur"),
        ({"customer_id": ""}, "customer_id"),
        ({"customer_id": None}, "customer_id"),
        ({"prospect": {"name": "x"}}, "customer_id"),
    ],
)
def test_a_value_out_of_bounds_names_its_field(client: TestClient, changes: dict[str, object], field: str):
    assert fields_at_fault(client, {"customer_id": "C1", **changes}) == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siren": "732829321"}, "prospect.siren"),
        ({"siren": "１２３"}, "prospect.siren"),
        ({"name": ""}, "prospect.name"),
        ({"naf": "43"}, "prospect.naf"),
        ({"country": "France"}, "prospect.country"),
        ({"created_on": "yesterday"}, "prospect.created_on"),
        ({"headcount": -1}, "prospect.headcount"),
        ({"accounts": [{"closed_on": "2025-12-31", "equity": 1e16}]}, "prospect.accounts.0.equity"),
        (
            {"accounts": [{"closed_on": "2025-12-31", "published_on": "2025-01-01"}]},
            "prospect.accounts.0.published_on",
        ),
    ],
)
def test_a_faulty_prospect_names_the_field(client: TestClient, changes: dict[str, object], field: str):
    assert fields_at_fault(client, {"prospect": {"name": "x", **changes}}) == {field}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(client: TestClient, number: str):
    response = client.post(
        ASSESS,
        content=f'{{"customer_id": "C1", "amount_eur": {number}}}',
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 422
    assert [fault["field"] for fault in response.json()["errors"]] == ["amount_eur"]


def test_without_a_champion_the_answer_says_what_to_run(store: Store, monkeypatch: pytest.MonkeyPatch):
    def no_champion(policy_path: Path | None, store: Store) -> Never:
        raise NoChampionError("none")

    monkeypatch.setattr(wiring, "load_champions", no_champion)
    response = a_client(an_app(store), store).post(ASSESS, json={"customer_id": "C1"})
    assert response.status_code == 503
    assert "`encours promote`" in response.json()["detail"]


def test_before_the_first_night_the_answer_says_what_to_run(tmp_path: Path, assessor: FakeAssessor):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    client = a_client(an_app(empty, assessor), empty)
    for body in ({"customer_id": "C1"}, {"prospect": {"name": "x"}}):
        response = client.post(ASSESS, json=body)
        assert response.status_code == 503
        assert "`encours nightly`" in response.json()["detail"]
    empty.close()


def test_every_answer_is_in_the_log_with_its_question_before_it_goes_out(client: TestClient, store: Store):
    response = client.post(ASSESS, json={"customer_id": "C1", "amount_eur": 0.1 + 0.2})
    entry = store.audit_entry(response.json()["answer_id"])
    assert entry is not None
    assert (entry.who, entry.role, entry.via, entry.action) == ("test sales", "sales", "key", "assessment")
    assert entry.question == {"customer_id": "C1", "amount_eur": 0.1 + 0.2}
    assert entry.answer == response.json()
    assert (entry.late_model, entry.default_model, entry.policy_hash) == (
        "late/3",
        "default/2",
        "0123456789abcdef",
    )
    kept = store.stored_state(entry.state_hash or "")
    assert kept is not None
    assert kept.vector.values.tobytes() == np.array([1.5, np.nan, -0.1]).tobytes()


def test_where_the_log_cannot_be_written_nothing_is_answered(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
):
    def away(_: object) -> Never:
        raise StoreError("the store is away")

    with monkeypatch.context() as broken:
        broken.setattr(store, "record_prepared", away)
        response = client.post(ASSESS, json={"customer_id": "C1"})
        assert (response.status_code, response.json()["type"]) == (503, "urn:encours:problem:store-away")
        assert "pd_12m" not in response.text
    assert client.post(ASSESS, json={"customer_id": "C1"}).status_code == 200


def test_an_old_answer_is_found_by_its_id(client: TestClient):
    answer = client.post(ASSESS, json={"customer_id": "C1"}).json()
    found = client.get(f"{ASSESS}/{answer['answer_id']}").json()
    assert (found["answer"], found["question"], found["sound"]) == (answer, {"customer_id": "C1"}, True)


@pytest.mark.parametrize(("answer_id", "status"), [("f" * 32, 404), ("F" * 32, 422), ("x", 422)])
def test_an_unknown_answer_is_404_and_no_id_422(client: TestClient, answer_id: str, status: int):
    for path in (f"{ASSESS}/{answer_id}", f"{ASSESS}/{answer_id}/replay"):
        assert client.get(path).status_code == status


def test_an_override_in_force_stands_beside_the_models_own(client: TestClient, store: Store):
    store.add_override(an_override(value=9_000.0, valid_until=dt.date(2999, 1, 1)))
    answer = client.post(ASSESS, json={"customer_id": "C1"}).json()
    in_force = answer["in_force"]
    assert (in_force["limit_eur"], in_force["limit_from"]) == (9_000.0, "override")
    assert in_force["own_limit_eur"] == answer["limit"]["limit_eur"] != 9_000.0
    assert in_force["overrides"][0]["reason"] == an_override().reason
