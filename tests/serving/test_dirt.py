"""Whatever dirt is sent to whatever operation, the answer is a clear problem and never a fault of ours."""

import json
from typing import Any

import pytest
from httpx2 import Response

from serving.api.description import EXAMPLES
from serving.api.problems import LARGEST_BODY_BYTES
from tests.serving.fakes import TestClient
from tests.serving.served import served

FOUND: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
PATHS = {
    "/v1/assessments": "assessments_assess",
    "/v1/assessments/batch": "assessments_assess_many",
    "/v1/decisions": "decisions_decide",
    "/v1/penalties": "penalties_penalties",
    "/v1/overrides": "overrides_add",
}
RAW = {
    "oversized": b'{"a": "' + b"x" * LARGEST_BODY_BYTES + b'"}',
    "nested deep": b'{"prospect":' * 50_000 + b"1" + b"}" * 50_000,
    "a list nested deep": b"[" * 100_000,
    "not UTF-8": '{"customer_id": "Société"}'.encode("latin-1"),
    "cut off": b'{"customer_id": "C1"',
    "nothing": b"",
    "no object": b"[]",
    "a word": b"NaN",
    "a number of 10,000 digits": b'{"amount_eur": ' + b"9" * 10_000 + b"}",
    "a null byte": b'{"customer_id": "C\x001"}',
}
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "1e300", '"12"', "true", "[]", "{}"]


def client() -> TestClient:
    return served().client("admin")


def told(answer: Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["detail"]
    return found


@pytest.mark.parametrize("kind", RAW)
@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_no_question_is_refused(path: str, kind: str):
    answer = client().post(path, content=RAW[kind], headers={"Content-Type": "application/json"})
    told(answer, 400, 413, 422)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "/", ""]
)
@pytest.mark.parametrize("path", PATHS)
def test_another_type_of_content_is_refused(path: str, content_type: str):
    question = json.dumps(FOUND[PATHS[path]]["question"]).encode()
    told(client().post(path, content=question, headers={"Content-Type": content_type}), 415, 422)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("path", ["/v1/assessments", "/v1/decisions"])
def test_an_amount_that_is_no_amount_is_named(path: str, number: str):
    question = FOUND["decisions_decide"]["question"] | {"amount_eur": "X"}
    text = json.dumps(question).replace('"X"', number)
    found = told(
        client().post(path, content=text.encode(), headers={"Content-Type": "application/json"}), 422
    )
    assert found["errors"][0]["field"] == "amount_eur"


@pytest.mark.parametrize("number", [number for number in NUMBERS if number != '"12"'])
def test_an_amount_of_a_penalty_that_is_none_is_named(number: str):
    question = json.dumps(FOUND["penalties_penalties"]["question"] | {"amount_eur": "X"}).replace(
        '"X"', number
    )
    answer = client().post(
        "/v1/penalties", content=question.encode(), headers={"Content-Type": "application/json"}
    )
    assert told(answer, 422)["errors"][0]["field"] == "amount_eur"


DAYS = ["9999-12-31", "2101-01-01", "99999-01-01", "0001-01-01", "2026-02-30", "tomorrow", 1e20, [], True]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("field", ["created_on", "closed_on", "published_on"])
def test_a_day_of_a_prospect_that_cannot_be_is_named(field: str, day: object):
    prospect = FOUND["assessments_assess"]["question"]["prospect"]
    year = prospect["accounts"][0]
    changed = {field: day} if field == "created_on" else {"accounts": [year | {field: day}]}
    found = told(client().post("/v1/assessments", json={"prospect": prospect | changed}), 422)
    assert found["errors"][0]["field"].endswith(field)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("field", ["due_on", "paid_on"])
def test_a_day_of_a_penalty_that_cannot_be_is_named(field: str, day: object):
    question = FOUND["penalties_penalties"]["question"] | {field: day}
    found = told(client().post("/v1/penalties", json=question), 422)
    assert found["errors"][0]["field"] == field


@pytest.mark.parametrize("name", ["\\ud800", "\\udfff\\ud800", "\\u0000", "a\\u0007b"])
def test_broken_unicode_and_control_characters_are_refused(name: str):
    text = '{"prospect": {"name": "' + name + '"}}'
    found = told(
        client().post("/v1/assessments", content=text.encode(), headers={"Content-Type": "application/json"}),
        400,
        422,
    )
    json.dumps(found).encode("utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers?q=%ff%fe",
        "/v1/customers?q=%00",
        "/v1/customers?offset=99999999999999999999",
        "/v1/customers?limit=1e3",
        "/v1/customers?q=" + "x" * 5_000,
        "/v1/customers/%00",
        "/v1/customers/" + "x" * 5_000,
        "/v1/customers/%ed%a0%80",
        "/v1/alerts?limit=-1",
        "/v1/worklist?offset=nan",
        "/v1/assessments/../../etc/passwd",
        "/v1/nothing",
    ],
)
def test_a_path_or_query_of_dirt_is_answered_clearly(path: str):
    answer = client().get(path)
    told(answer, 404, 422)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_that_is_not_there_is_refused(method: str):
    told(client().request(method, "/v1/portfolio"), 405)
