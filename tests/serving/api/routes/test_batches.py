from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from models.assessment.assessment import Assessment, CreditRequest, CustomerState
from models.errors import CreditError, NoChampionError, StoreError
from serving.app import create_app
from serving.schemas.decisions import BatchOut
from serving.settings import Settings
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app
from tests.serving.served import served

PROSPECT = {"name": "Menuiserie Exemple", "naf": "43.32A"}


@dataclass
class Stumbling(FakeAssessor):
    """Cannot assess one customer."""

    over: str = ""
    with_error: CreditError | None = None

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        if state.party.customer_id == self.over and self.with_error is not None:
            raise self.with_error
        return super().assess(state, request)

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        return [self.assess(state, request) for state, request in zip(states, requests, strict=True)]


def stumbling(store: Store, error: CreditError) -> TestClient:
    return a_client(an_app(store, Stumbling(over="C1", with_error=error)), store, "batch")


def ids(count: int) -> list[str]:
    return [line.customer_id for line in served().store.search("", count).items]


def test_a_batch_answers_each_as_if_it_were_asked_alone():
    questions = [{"customer_id": who, "amount_eur": 700.0, "terms_days": 45} for who in ids(5)]
    questions.append({"prospect": PROSPECT})
    answer = served().client("batch").post("/v1/assessments/batch", json={"items": questions})
    found = answer.json()
    BatchOut.model_validate(found)
    assert (found["answered"], found["refused"]) == (6, 0)
    for question, item in zip(questions, found["items"], strict=True):
        alone = served().client("batch").post("/v1/assessments", json=question).json()
        assert item["problem"] is None
        assert item["assessment"]["pd_12m"] == alone["pd_12m"]
        assert item["assessment"]["limit"] == alone["limit"]
        assert item["in_force"] == alone["in_force"]


def test_each_question_of_a_batch_counts(store: Store):
    app = create_app(Settings(_env_file=None, rate_per_minute=60), Stumbling(), store)
    client = a_client(app, store, "batch")
    asked = {"items": [{"customer_id": "C1"}] * 9}
    assert client.post("/v1/assessments/batch", json=asked).status_code == 200
    refused = client.post("/v1/assessments/batch", json=asked)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:encours:problem:too-many-requests")


def test_a_fault_in_one_question_leaves_the_others():
    first, second = ids(2)
    questions = [
        {"customer_id": first},
        {"customer_id": "nobody"},
        {"customer_id": first, "amount_eur": -5},
        "not an object",
        {"customer_id": first, "prospect": PROSPECT},
        {"customer_id": second},
    ]
    found = served().client("batch").post("/v1/assessments/batch", json={"items": questions}).json()
    assert (found["answered"], found["refused"]) == (2, 4)
    statuses = [item["problem"] and item["problem"]["status"] for item in found["items"]]
    assert statuses == [None, 404, 422, 422, 422, None]
    assert found["items"][2]["problem"]["errors"][0]["field"] == "amount_eur"
    assert found["items"][2]["problem"]["instance"] == "items/2"
    assert [item["assessment"] is None for item in found["items"]] == [False, True, True, True, True, False]


def test_a_thousand_are_answered_at_once_and_more_are_refused():
    customers = ids(250)
    questions = [{"customer_id": who} for who in customers * 4]
    found = served().client("batch").post("/v1/assessments/batch", json={"items": questions}).json()
    assert found["answered"] == 1_000
    assert found["items"][0]["assessment"] == found["items"][250]["assessment"]
    more = served().client("batch").post("/v1/assessments/batch", json={"items": [{}] * 1_001})
    assert more.status_code == 422
    assert more.json()["errors"][0]["field"] == "items"


def test_every_answer_is_in_the_log_before_it_goes_out():
    questions = [{"customer_id": who} for who in ids(3)]
    found = served().client("batch").post("/v1/assessments/batch", json={"items": questions}).json()
    for item in found["items"]:
        entry = served().store.audit_entry(item["answer_id"])
        assert entry is not None
        assert (entry.action, entry.who) == ("batch", "batch")
        assert entry.answer["pd_12m"] == item["assessment"]["pd_12m"]


def test_an_empty_batch_is_refused():
    answer = served().client("batch").post("/v1/assessments/batch", json={"items": []})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "status"), [("sales", 403), ("batch", 200), ("analyst", 200), ("admin", 200)]
)
def test_who_may_ask_for_many_at_once(role: str, status: int):
    body = {"items": [{"customer_id": ids(1)[0]}]}
    assert served().client(role).post("/v1/assessments/batch", json=body).status_code == status


def test_only_faults_need_no_model(client: TestClient):
    answer = served().client("batch").post("/v1/assessments/batch", json={"items": [{}, 3]})
    assert (answer.status_code, answer.json()["answered"]) == (200, 0)


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_customer_that_cannot_be_assessed_leaves_the_others(store: Store, place: int):
    questions = [{"customer_id": "411/B", "amount_eur": 10.0 + n} for n in range(5)]
    questions[place] = {"customer_id": "C1"}
    with stumbling(store, CreditError("its figures cannot be")) as client:
        found = client.post("/v1/assessments/batch", json={"items": questions}).json()
    BatchOut.model_validate(found)
    assert (found["answered"], found["refused"]) == (4, 1)
    refused = [n for n, item in enumerate(found["items"]) if item["problem"] is not None]
    assert refused == [place]
    assert found["items"][place]["problem"]["status"] == 500
    assert found["items"][place]["problem"]["instance"] == f"items/{place}"
    asked = [item["assessment"]["request"]["amount_eur"] for item in found["items"] if item["assessment"]]
    assert asked == [10.0 + n for n in range(5) if n != place]
    logged = [store.audit_entry(item["answer_id"]) for item in found["items"] if item["answer_id"]]
    assert [entry is not None and entry.action for entry in logged] == ["batch"] * 4


@pytest.mark.parametrize("error", [StoreError("away"), NoChampionError("none")])
def test_what_stands_in_everybodys_way_is_told_once(store: Store, error: CreditError):
    with stumbling(store, error) as client:
        answer = client.post(
            "/v1/assessments/batch", json={"items": [{"customer_id": "411/B"}, {"customer_id": "C1"}]}
        )
    assert answer.status_code == 503


def test_a_batch_of_one_that_cannot_be_assessed_is_a_problem_in_its_place(store: Store):
    with stumbling(store, CreditError("its figures cannot be")) as client:
        found = client.post("/v1/assessments/batch", json={"items": [{"customer_id": "C1"}]}).json()
    assert (found["answered"], found["refused"]) == (0, 1)
    assert found["items"][0]["problem"]["type"].endswith("unexpected")
