import gzip

import pytest

from serving.web.rendering import static_address
from tests.serving.fakes import TestClient
from tests.serving.served import served
from tests.serving.web.visiting import visitor

SHEET = static_address("encours.css")


@pytest.mark.parametrize(
    ("site", "is_compressed"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False), (None, False)],
)
def test_a_page_is_compressed_only_where_no_foreign_page_asked_for_it(
    site: str | None, is_compressed: bool
):  # a case
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    answer = visitor().client.get("/portfolio?q=csrf_token", headers=headers)
    assert answer.status_code == 200
    assert ("content-encoding" in answer.headers) == is_compressed


def test_a_program_with_a_key_gets_the_same_answer_compressed():
    plain = served().client().get("/v1/portfolio", headers={"Accept-Encoding": "identity"})
    small = served().client().get("/v1/portfolio", headers={"Accept-Encoding": "gzip"})
    assert small.json() == plain.json()
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.content) / 2
    assert "Accept-Encoding" in plain.headers["vary"]
    assert small.headers["etag"] == f"W/{plain.headers['etag']}"
    for tag in (small.headers["etag"], plain.headers["etag"]):
        assert served().client().get("/v1/portfolio", headers={"If-None-Match": tag}).status_code == 304


def test_answers_to_post_and_short_ones_go_out_as_they_are(client: TestClient):
    assert "content-encoding" not in client.get("/healthz").headers
    answer = client.post("/v1/assessments", json={"customer_id": "C1"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_a_table_that_is_streamed_arrives_whole():
    person = visitor()
    plain = person.get("/exports/customers.csv")
    with person.client.stream(
        "GET", "/exports/customers.csv", headers={"Sec-Fetch-Site": "same-origin"}
    ) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content


def test_a_browser_gets_the_style_sheet_compressed(client: TestClient):
    assert client.get(SHEET).headers["content-encoding"] == "gzip"
