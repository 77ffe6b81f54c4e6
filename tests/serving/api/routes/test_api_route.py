"""A body that says a thing twice is refused, whichever way it goes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.api.problems import DuplicateKeyError
from serving.api.routes.api_route import parse
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app

JSON = {"Content-Type": "application/json"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_what_a_machine_writes_says_each_thing_once(value: Any):  # noqa: ANN401  # JSON values of any kind
    assert parse(json.dumps(value).encode()) == value


@given(st.text(), VALUES, VALUES)
def test_a_key_twice_is_found_however_it_is_written(key: str, one: Any, other: Any):  # noqa: ANN401  # as above
    escaped = "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in key)
    body = f'[{{"x": {{{json.dumps(key)}: {json.dumps(one)}, "{escaped}": {json.dumps(other)}}}}}]'
    with pytest.raises(DuplicateKeyError) as caught:
        parse(body.encode())
    assert caught.value.key == (key if len(key) <= 100 else f"{key[:100]}…")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/assessments", '{"customer_id": "C1", "customer_id": "411/B"}'),
        ("/v1/assessments", '{"customer_id": "C1", "amount_eur": 1, "amount_eur": 1}'),
        ("/v1/assessments", '{"prospect": {"name": "A", "naf": "43.21A", "name": "B"}}'),
        (
            "/v1/assessments/batch",
            '{"items": [{"customer_id": "C1"}, {"customer_id": "C1", "customer_id": "C2"}]}',
        ),
        ("/v1/decisions", '{"customer_id": "C1", "amount_eur": 1, "terms_days": 30, "amount_eur": 9}'),
        ("/v1/penalties", '{"amount_eur": "1", "amount_eur": "2"}'),
    ],
)
def test_it_is_refused_by_every_operation_and_named(store: Store, path: str, body: str):
    client = a_client(an_app(store, FakeAssessor()), store, "admin")
    for _ in range(2):
        answer = client.post(path, content=body.encode(), headers=JSON)
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:encours:problem:repeated-key"
        assert answer.json()["errors"][0]["field"] in {"customer_id", "amount_eur", "name"}
    assert store.audit().items == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-le"])
def test_it_is_found_in_every_encoding_that_is_read(client: TestClient, encoding: str):
    body = '{"customer_id": "C1", "customer_id": "411/B"}'.encode(encoding)
    assert client.post("/v1/assessments", content=body, headers=JSON).status_code == 400


def test_a_body_in_parts_is_put_together(client: TestClient):
    whole = b'{"customer_id": "C1", "amount_eur": 10.0}'
    answer = client.post("/v1/assessments", content=(bytes([one]) for one in whole), headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["request"]["amount_eur"] == 10.0
