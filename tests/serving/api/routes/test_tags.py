"""No GET of the API sends the same answer twice to who says that it has it."""

import datetime as dt

import pytest

from serving.api.description import UNDER, operations
from tests.models.portfolio.provision_cases import AS_OF
from tests.serving.asking import GETS, gets
from tests.serving.make_examples import keep_closing
from tests.serving.served import served


def a_case() -> int:
    """Send a request to the credit department and return its number."""
    sound = next(one for one in served().store.search("", 1000).items if one.grade == "B")
    limit = {"limit_eur": 1_000.0, "reason": "Commandes du printemps"}
    question = {"customer_id": sound.customer_id, **limit}
    return int(served().client("sales").post("/v1/cases", json=question).json()["case_id"])


def a_kept_closing() -> dt.date:
    """Keep the provisions of a day, and return it."""
    keep_closing(served())
    return AS_OF


OF_SOMETHING = {
    "cases_get": lambda: f"/v1/cases/{a_case()}",
    "provisions_closing": lambda: f"/v1/provisions/{a_kept_closing()}",
}
"""Addresses of what must be there to be asked about."""


@pytest.mark.parametrize("name", GETS)
def test_every_get_is_tagged_and_not_sent_again(name: str):
    client = served().client("admin")
    path = OF_SOMETHING[name]() if name in OF_SOMETHING else gets()[name]
    first = client.get(path)
    assert first.status_code == 200, first.text
    tag = first.headers["ETag"]
    assert tag.removeprefix("W/").startswith('"')  # weak where the answer is compressed
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag.removeprefix("W/")
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_every_get_says_so_in_the_description():
    described = served().app.openapi()
    listed = operations(described)
    assert set(gets()) == set(GETS)
    for name in GETS:
        assert "304" in listed[name]["responses"], name
        assert "ETag" in listed[name]["responses"]["200"]["headers"], name
    for path, methods in described["paths"].items():
        if not path.startswith(UNDER):
            assert "304" not in methods["get"]["responses"]


def test_what_grew_since_is_another_tag():
    client = served().client("admin")
    tag = client.get("/v1/audit").headers["ETag"]
    client.post("/v1/assessments", json={"customer_id": served().owing})
    answer = client.get("/v1/audit", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_a_problem_carries_no_tag():
    answer = served().client("sales").get("/v1/audit")
    assert answer.status_code == 403
    assert "ETag" not in answer.headers
