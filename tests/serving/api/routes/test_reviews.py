import datetime as dt

from serving.store import AuditFilter, Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app

TODAY = dt.datetime.now(dt.UTC).date().isoformat()
BOTH = ["411/B", "C1"]


def analyst(store: Store) -> TestClient:
    return a_client(an_app(store, FakeAssessor()), store, "analyst")


def test_customers_are_marked_as_reviewed_once_each_and_it_is_in_their_logs(store: Store):
    client = analyst(store)
    made = client.post("/v1/reviews", json={"customer_ids": [*BOTH, "C1"], "note": " comptes lus "})
    assert made.status_code == 201, made.text
    found = [
        (one["customer_id"], one["who"], one["reviewed_on"], one["note"]) for one in made.json()["items"]
    ]
    assert found == [(one, "test analyst", TODAY, "comptes lus") for one in BOTH]
    page = client.get("/v1/reviews", params={"customer_id": "C1"}).json()
    assert (page["total"], page["items"]) == (1, made.json()["items"][1:])
    (entry,) = store.audit(about=AuditFilter("C1")).items
    assert (entry.action, entry.who, entry.question["note"]) == ("review", "test analyst", "comptes lus")


def test_nothing_is_recorded_where_one_customer_or_the_user_is_unknown(store: Store):
    client = analyst(store)
    for noun, more, status, kind in (
        ("reviews", {}, 404, "unknown-customer"),
        ("assignments", {"assignee": None}, 404, "unknown-customer"),
    ):
        answer = client.post(f"/v1/{noun}", json={"customer_ids": ["C1", "C9"], **more})
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:encours:problem:{kind}")
    answer = client.post("/v1/assignments", json={"customer_ids": ["C1"], "assignee": "personne"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:encours:problem:unknown-user")
    assert store.newest_follow_up() == (0, 0)
    assert store.audit().items == ()


def test_customers_are_assigned_to_a_user_who_is_there_and_taken_back(store: Store):
    store.add_user("anne", "analyst", "un mot de passe assez long")
    store.add_user("parti", "analyst", "un mot de passe assez long")
    store.disable_user("parti")
    client = analyst(store)
    made = client.post("/v1/assignments", json={"customer_ids": BOTH, "assignee": "anne"})
    assert [(one["customer_id"], one["assignee"]) for one in made.json()["items"]] == [
        (one, "anne") for one in BOTH
    ]
    gone = client.post("/v1/assignments", json={"customer_ids": ["C1"], "assignee": "parti"})
    assert gone.status_code == 422
    client.post("/v1/assignments", json={"customer_ids": ["C1"], "assignee": None})
    found = client.get("/v1/assignments", params={"assignee": "anne"}).json()["items"]
    assert [one["customer_id"] for one in found] == ["411/B"]
    assert len(store.audit(about=AuditFilter("C1")).items) == 2
