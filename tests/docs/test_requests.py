"""Every request to the API that the documentation shows is answered."""

import json
from urllib.parse import urlsplit

import pytest

from tests.docs.shown import commands
from tests.serving.served import served

REQUESTS = list(dict.fromkeys(shown.words for shown in commands() if shown.words[0] == "curl"))


def test_requests_are_shown():
    assert len(REQUESTS) > 10


@pytest.mark.parametrize("words", REQUESTS, ids=lambda words: " ".join(words)[:120])
def test_a_request_is_answered(words: tuple[str, ...]):
    client, customer = served().client("admin"), served().owing
    address = urlsplit(
        next(word for word in words if word.startswith("localhost")).replace("localhost:8000", "", 1)
    )
    path = address.path.replace("C000278", customer)
    if "$ANSWER_ID" in path:
        answered = client.post("/v1/assessments", json={"customer_id": customer})
        path = path.replace("$ANSWER_ID", answered.headers["X-Answer-Id"])
    asked = {"params": address.query}
    if "-d" in words:
        body = words[words.index("-d") + 1].replace("C000278", customer)
        answer = client.post(path, json=json.loads(body), **asked)
    else:
        answer = client.get(path, **asked)
    assert answer.status_code == 200, answer.text
