import datetime as dt
from pathlib import Path

import pytest

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party
from serving.schemas.customers import CustomerFileOut
from serving.store import Dossier, OutsideScore, PackedPartition, Store, open_store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app, an_assessment
from tests.serving.served import served
from tests.serving.store.builders import AS_OF, a_customer, a_key, an_override


def test_search_finds_by_name_siren_and_id(client: TestClient):
    for q, found in (("elan", ["C1"]), ("732829", ["C1"]), ("411/", ["411/B"]), ("%", ["411/B"]), ("zz", [])):
        page = client.get("/v1/customers", params={"q": q}).json()
        assert [line["customer_id"] for line in page["items"]] == found, q
        assert page["total"] == len(found)


def test_search_pages_through_everybody(client: TestClient):
    page = client.get("/v1/customers", params={"limit": 1, "offset": 1}).json()
    assert (page["total"], page["limit"], page["offset"]) == (2, 1, 1)
    assert [line["name"] for line in page["items"]] == ["Société Élan"]


def test_a_customer_comes_with_its_assessment_and_open_invoices(client: TestClient):
    body = client.get("/v1/customers/C1").json()
    assert body["as_of"] == AS_OF.isoformat()
    assert body["summary"]["name"] == "Société Élan"
    assert body["assessment"]["p_late30"]["value"] == 1 / 3
    assert [(line["invoice_id"], line["p_late30"]) for line in body["invoices"]] == [("F1", 0.3)]
    assert set(body) == set(CustomerFileOut.model_fields)
    CustomerFileOut.model_validate(body)


def test_what_others_say_stands_beside_our_own_with_its_scale(tmp_path: Path):
    told = (
        OutsideScore("banque_de_france", "G4-", dt.date(2026, 5, 4), "extract"),
        OutsideScore("allianz", "3", dt.date(2026, 3, 1)),
        OutsideScore("dnb_failure", "5", dt.date(2026, 1, 1)),
    )
    found = outside_of(tmp_path, told)
    assert [(one["scale"], one["score"], one["scored_on"]) for one in found] == [
        ("banque_de_france", "G4-", "2026-05-04"),
        ("allianz", "3", "2026-03-01"),
        ("dnb_failure", "5", "2026-01-01"),
    ]
    assert [(one["worst"], one["best"]) for one in found] == [("P", "1+"), ("10", "1"), ("5", "1")]
    assert [one["safety"] for one in found] == [0.45, 0.7778, 0.0]
    assert found[0]["label_fr"] == "Cote de crédit Banque de France"


def test_a_score_that_stands_for_no_grade_is_told_without_a_place_on_its_scale(tmp_path: Path):
    (found,) = outside_of(tmp_path, (OutsideScore("banque_de_france", "X0", dt.date(2026, 1, 1)),))
    assert (found["score"], found["safety"]) == ("X0", None)


def outside_of(folder: Path, told: tuple[OutsideScore, ...]) -> list[dict[str, object]]:
    """Return what others say of a customer as its file tells it."""
    store = open_store(f"sqlite:///{folder}/encours.db")
    run = store.begin_run(a_key())
    party = Party("C1", "Société C1")
    document = an_assessment(party, CreditRequest()).document()
    row = a_customer("C1", party=document["party"], assessment=document, dossier=Dossier(outside=told))
    store.write_partition(run.run_id, 0, PackedPartition.of([row], []))
    store.publish(run.run_id, {})
    found = a_client(an_app(store, FakeAssessor()), store).get("/v1/customers/C1").json()
    store.close()
    CustomerFileOut.model_validate(found)
    outside: list[dict[str, object]] = found["outside_scores"]
    return outside


def test_everybody_is_found_once_by_following_the_links():
    client, url, found = served().client(), "/v1/customers?limit=90", []
    while url:
        answer = client.get(url)
        found += [line["customer_id"] for line in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert len(found) == len(set(found)) == served().store.search("").total


def test_a_customers_file_fits_together():
    found = served().client().get(f"/v1/customers/{served().owing}").json()
    CustomerFileOut.model_validate(found)
    assert found["aged_balance"]["net_eur"] == pytest.approx(found["exposure"]["open_eur"])
    assert found["aged_balance"]["total_eur"] == pytest.approx(sum(i["open_eur"] for i in found["invoices"]))
    assert len(found["history"]) == 2
    assert found["history"][-1]["pd_12m"] == found["assessment"]["pd_12m"]["value"]
    assert found["paid"] == sorted(found["paid"], key=lambda paid: paid["paid_on"], reverse=True)
    limit, use = found["exposure"]["limit_eur"], found["exposure"]["limit_use"]
    assert use is None if limit == 0 else use == pytest.approx(found["exposure"]["open_eur"] / limit)
    assert found["counterfactuals"] is None


def test_what_would_move_the_answer_is_asked_where_it_is_wanted():
    asked = [
        served().client().get(f"/v1/customers/{line.customer_id}?counterfactuals=true")
        for line in served().store.customers_by_risk(40)[10:40:6]
    ]
    found = [answer.json()["counterfactuals"] for answer in asked]
    assert any(found)
    for answer, ways in zip(asked, found, strict=True):
        assert answer.headers["ETag"]
        own = answer.json()["assessment"]["limit"]["limit_eur"]
        assert all(way["limit_eur"] >= own for way in ways)


def test_an_override_in_force_stands_beside_the_models_own(client: TestClient, store: Store):
    own = client.get("/v1/customers/C1").json()["in_force"]
    today = dt.datetime.now(dt.UTC).date()
    kept = store.add_override(
        an_override(customer_id="C1", kind="limit", value=7_777.0, valid_until=today + dt.timedelta(days=9))
    )
    found = client.get("/v1/customers/C1").json()
    assert (found["in_force"]["limit_eur"], found["in_force"]["limit_from"]) == (7_777.0, "override")
    assert found["in_force"]["own_limit_eur"] == own["limit_eur"] == found["assessment"]["limit"]["limit_eur"]
    assert found["exposure"]["limit_eur"] == 7_777.0
    assert [one["override_id"] for one in found["overrides"]] == [kept.override_id]


@pytest.mark.parametrize("path", ["411/B", "411%2FB"])
def test_an_id_may_hold_a_slash(client: TestClient, path: str):
    assert client.get(f"/v1/customers/{path}").json()["summary"]["name"] == "100% Bio"


def test_an_unknown_customer_is_404_and_names_the_field(client: TestClient):
    response = client.get("/v1/customers/nobody")
    assert response.status_code == 404
    assert response.json()["errors"][0]["field"] == "customer_id"


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("offset=-1", "offset"), ("q=%00", "q")],
)
def test_a_faulty_query_names_the_field(client: TestClient, query: str, field: str):
    response = client.get(f"/v1/customers?{query}")
    assert response.status_code == 422
    assert [fault["field"] for fault in response.json()["errors"]] == [field]


def test_before_the_first_night_nobody_is_said_to_be_unknown(tmp_path: Path, assessor: FakeAssessor):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    client = a_client(an_app(empty, assessor), empty)
    for path in ("/v1/customers", "/v1/customers/C1"):
        response = client.get(path)
        assert response.status_code == 503
        assert "`encours nightly`" in response.json()["detail"]
    empty.close()


def test_a_store_that_goes_away_is_503(client: TestClient, store: Store, tmp_path: Path):
    store.close()
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "encours.db").mkdir()
    response = client.get("/v1/customers")
    assert response.status_code == 503
    assert response.json()["type"] == "urn:encours:problem:store-away"
    assert str(tmp_path) not in response.text
