from pathlib import Path

import pytest

from serving.answers import CustomerOut
from serving.store import Store, open_store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app
from tests.serving.store.builders import AS_OF


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
    assert set(body) == set(CustomerOut.model_fields)
    CustomerOut.model_validate(body)


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
