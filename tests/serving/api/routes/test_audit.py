from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app

ASSESS = "/v1/assessments"


def test_the_log_is_read_page_by_page_from_the_newest_on(store: Store):
    app = an_app(store, FakeAssessor())
    analyst = a_client(app, store, "analyst")
    ids = [analyst.post(ASSESS, json={"customer_id": "C1"}).json()["answer_id"] for _ in range(3)]
    first = analyst.get("/v1/audit", params={"limit": 2}).json()
    second = analyst.get("/v1/audit", params={"limit": 2, "before": first["next_before"]}).json()
    seen = [entry["answer_id"] for entry in first["items"] + second["items"]]
    assert seen == ids[::-1]
    assert second["next_before"] is None


def test_it_is_filtered_by_customer_and_by_who_asked(store: Store):
    app = an_app(store, FakeAssessor())
    analyst, sales = a_client(app, store, "analyst"), a_client(app, store, "sales")
    analyst.post(ASSESS, json={"customer_id": "C1"})
    sales.post(ASSESS, json={"customer_id": "411/B"})

    def who(**asked: str) -> list[str]:
        return [entry["who"] for entry in analyst.get("/v1/audit", params=asked).json()["items"]]

    assert who() == ["test sales", "test analyst"]
    assert who(customer_id="C1") == ["test analyst"]
    assert who(who="test sales") == ["test sales"]


def test_only_analysts_and_admins_read_it(store: Store):
    app = an_app(store, FakeAssessor())
    roles = ("sales", "batch", "analyst", "admin")
    codes = {role: a_client(app, store, role).get("/v1/audit").status_code for role in roles}
    assert codes == {"sales": 403, "batch": 403, "analyst": 200, "admin": 200}


def test_values_out_of_bounds_name_their_field(store: Store):
    client: TestClient = a_client(an_app(store, FakeAssessor()), store, "analyst")
    for asked in ({"limit": 0}, {"limit": 501}, {"before": 0}, {"before": 2**40}, {"who": "x" * 201}):
        response = client.get("/v1/audit", params=asked)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == next(iter(asked))
