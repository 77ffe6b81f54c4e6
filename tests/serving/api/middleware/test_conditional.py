import pytest

from serving.store import PackedPartition, Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app
from tests.serving.store.builders import a_customer, a_key, an_override

PATHS = ["/v1/customers", "/v1/customers/C1"]


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_not_sent_again(client: TestClient, path: str):
    first = client.get(path, headers={"Accept-Encoding": "identity"})
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_another_night_is_another_tag(client: TestClient, store: Store, path: str):
    tag = client.get(path).headers["ETag"]
    run = store.begin_run(a_key(data_hash="tomorrow"))
    document = store.customer("C1").row.assessment  # type: ignore[union-attr]
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1", assessment=document)], []))
    store.publish(run.run_id, {})
    answer = client.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_another_question_is_another_tag(client: TestClient):
    tags = {
        client.get("/v1/customers", params=query).headers["ETag"]
        for query in ({}, {"q": "bio"}, {"limit": 1}, {"limit": 1, "offset": 1})
    }
    assert len(tags) == 4


def test_an_override_makes_a_customers_tag_another_one(client: TestClient, store: Store):
    tag = client.get("/v1/customers/C1").headers["ETag"]
    store.add_override(an_override(customer_id="C1"))
    assert client.get("/v1/customers/C1", headers={"If-None-Match": tag}).status_code == 200


def test_an_answer_that_another_night_overtook_is_not_taken_for_that_nights(store: Store, monkeypatch):
    client = a_client(an_app(store, FakeAssessor()), store)
    found, listed = iter(range(100)), store.customer_list

    def overtaken(*asked: object):
        run = store.begin_run(a_key(data_hash=f"night {next(found)}"))
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1")], []))
        store.publish(run.run_id, {})
        return listed(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "customer_list", overtaken)
    answer = client.get("/v1/customers")
    assert answer.status_code == 200
    monkeypatch.setattr(store, "customer_list", listed)
    again = client.get("/v1/customers", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 200


def test_tagged_answers_are_kept_by_the_one_who_asked_only(client: TestClient):
    assert client.get("/v1/customers").headers["Cache-Control"] == "private, no-cache"
