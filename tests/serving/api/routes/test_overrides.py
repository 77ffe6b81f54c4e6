import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from serving.store import PackedPartition, Store
from tests.models.policy.builders import a_case
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app, an_assessment
from tests.serving.store.builders import a_customer, a_key, an_override

OVERRIDES = "/v1/overrides"
TODAY = dt.datetime.now(dt.UTC).date()
REASON = "the parent company has signed a guarantee"


def a_wish(**changes: object) -> dict[str, object]:
    wish: dict[str, object] = {
        "customer_id": "C1",
        "kind": "limit",
        "value": 12_000.0,
        "reason": REASON,
        "valid_until": (TODAY + dt.timedelta(days=30)).isoformat(),
    }
    return wish | changes


@pytest.fixture
def analyst(store: Store) -> TestClient:
    return a_client(an_app(store, FakeAssessor()), store, "analyst")


def added(client: TestClient, **changes: object) -> dict[str, Any]:
    response = client.post(OVERRIDES, json=a_wish(**changes))
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def test_an_override_is_set_listed_and_withdrawn_and_all_of_it_stays(analyst: TestClient, store: Store):
    made = added(analyst)
    assert (made["who"], made["value"], made["own"]["grade"]) == ("test analyst", 12_000.0, "B")
    listed = analyst.get(OVERRIDES, params={"customer_id": "C1"}).json()["items"]
    assert listed == [made | {"in_force": True}]
    number = made["override_id"]
    ended = analyst.delete(f"{OVERRIDES}/{number}", params={"reason": "the guarantee has ended today"})
    assert ended.status_code == 200, ended.text
    assert (ended.json()["withdrawn_by"], ended.json()["reason"]) == ("test analyst", REASON)
    assert analyst.get(OVERRIDES, params={"in_force": True}).json()["items"] == []
    assert [one["in_force"] for one in analyst.get(OVERRIDES).json()["items"]] == [False]
    assert [entry.action for entry in store.audit().items] == ["override", "override"]


def test_a_grade_may_be_set_too(analyst: TestClient):
    assert added(analyst, kind="grade", value="C")["value"] == "C"


def test_what_the_policy_does_not_allow_is_named_all_at_once_and_not_kept(analyst: TestClient, store: Store):
    wish = a_wish(value=1e8, reason="because", valid_until=(TODAY + dt.timedelta(days=900)).isoformat())
    response = analyst.post(OVERRIDES, json=wish)
    assert response.status_code == 422
    assert {fault["field"] for fault in response.json()["errors"]} == {"value", "reason", "valid_until"}
    assert store.overrides() == ()
    assert store.audit().items == ()


@pytest.mark.parametrize("stop", [{"open_proceeding": True}, {"closed": True}])
def test_no_override_is_set_against_a_stop(store: Store, stop: dict[str, bool]):
    case = replace(a_case(), **stop)
    answer = an_assessment(Party("C9"), CreditRequest())
    answer = replace(answer, case=case, limit=recommend_limit(case, load_policy()))
    run = store.begin_run(a_key(data_hash="stopped"))
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer("C9", assessment=answer.document())], [])
    )
    store.publish(run.run_id, {})
    client = a_client(an_app(store, FakeAssessor()), store, "admin")
    response = client.post(OVERRIDES, json=a_wish(customer_id="C9", value=100.0))
    assert response.status_code == 422
    assert "no override lifts it" in response.json()["detail"]


def test_only_analysts_and_admins_set_and_withdraw(store: Store):
    app = an_app(store, FakeAssessor())
    for role, status in (("sales", 403), ("batch", 403), ("analyst", 201), ("admin", 201)):
        client = a_client(app, store, role)
        assert client.post(OVERRIDES, json=a_wish()).status_code == status
        assert client.get(OVERRIDES).status_code == 200
        reason = {"reason": "no longer needed from today on"}
        deleted = client.delete(f"{OVERRIDES}/1", params=reason).status_code
        assert deleted in ({403} if status == 403 else {200, 404, 409})


def test_a_second_withdrawal_is_409_an_unknown_override_404_and_a_thin_reason_422(analyst: TestClient):
    number = added(analyst)["override_id"]
    path, reason = f"{OVERRIDES}/{number}", {"reason": "the guarantee has ended today"}
    assert analyst.delete(path, params={"reason": "over"}).status_code == 422
    assert analyst.delete(path, params=reason).status_code == 200
    assert analyst.delete(path, params=reason).status_code == 409
    assert analyst.delete(f"{OVERRIDES}/99", params=reason).status_code == 404


def test_an_unknown_customer_is_404(analyst: TestClient):
    assert analyst.post(OVERRIDES, json=a_wish(customer_id="nobody")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": -1}, "value"),
        ({"value": "F"}, "value"),
        ({"kind": "terms"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_value_of_the_wrong_shape_names_its_field(
    analyst: TestClient, changes: dict[str, object], field: str
):
    response = analyst.post(OVERRIDES, json=a_wish(**changes))
    assert response.status_code == 422
    assert {fault["field"].split(".")[0] for fault in response.json()["errors"]} == {field}


@pytest.mark.parametrize("value", [-3, "F", None, [1]])
def test_a_value_of_no_kind_is_told_by_its_field(analyst: TestClient, value: object):
    response = analyst.post(OVERRIDES, json=a_wish(value=value))
    assert response.status_code == 422
    assert {fault["field"] for fault in response.json()["errors"]} == {"value"}


def test_they_are_listed_stretch_by_stretch_and_each_comes_once(store: Store):
    client = a_client(an_app(store, FakeAssessor()), store)
    for n in range(5):
        store.add_override(an_override(customer_id=f"C{n}"))
    seen, offset = [], 0
    for _ in range(3):
        found = client.get(OVERRIDES, params={"limit": 2, "offset": offset}).json()
        assert (found["total"], found["limit"], found["offset"]) == (5, 2, offset)
        seen += [one["customer_id"] for one in found["items"]]
        offset = found["next_offset"]
    assert seen == [f"C{n}" for n in range(5)]
    assert offset is None
    for asked in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"offset": 10_000_001}):
        assert client.get(OVERRIDES, params=asked).status_code == 422
