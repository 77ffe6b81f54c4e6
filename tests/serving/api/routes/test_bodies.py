"""What cannot be read is refused with a problem document that says what to send."""

import json

import pytest

from serving.api.problems import LARGEST_BODY_BYTES
from tests.serving.fakes import TestClient

JSON = {"Content-Type": "application/json"}


def refused(client: TestClient, content: object, headers: dict[str, str] | None = None) -> dict[str, object]:
    answer = client.post("/v1/assessments", content=content, headers=headers or JSON)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, object] = answer.json()
    assert found["status"] == answer.status_code
    return found


def test_a_body_that_says_it_is_too_long_is_refused(client: TestClient):
    found = refused(client, b"x" * (LARGEST_BODY_BYTES + 1))
    assert (found["status"], found["type"]) == (413, "urn:encours:problem:too-large")
    assert "1,000,000 bytes" in str(found["detail"])


def test_a_body_that_grows_too_long_while_it_is_read_is_refused(client: TestClient):
    found = refused(client, (b"[" + b" " * 100_000 for _ in range(12)))
    assert (found["status"], found["type"]) == (413, "urn:encours:problem:too-large")


def test_a_body_of_the_longest_length_is_read(client: TestClient):
    question = json.dumps({"customer_id": "C1"}).encode()
    padded = question + b" " * (LARGEST_BODY_BYTES - len(question))
    assert client.post("/v1/assessments", content=padded, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe{", '{"customer_id": "caf\xe9"}'.encode("latin-1"), b"[" * 200_000, b"1" * 5_000],
    ids=["binary", "latin-1", "deep", "a number without end"],
)
def test_a_body_that_is_no_readable_json_is_refused(client: TestClient, content: bytes):
    found = refused(client, content)
    assert found["status"] in {400, 422}
    assert str(found["detail"]).endswith(".")


def test_another_type_of_content_is_told_which_one_to_send(client: TestClient):
    found = refused(client, b'{"customer_id": "C1"}', {"Content-Type": "text/plain"})
    assert found["status"] == 422
    assert "Content-Type: application/json" in str(found["errors"])
