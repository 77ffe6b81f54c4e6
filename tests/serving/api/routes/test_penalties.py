import pytest

from serving.schemas.penalties import PenaltyOut
from tests.serving.fakes import TestClient

QUESTION = {"amount_eur": "15000.00", "due_on": "2025-01-31", "paid_on": "2025-03-02"}


def test_late_interest_comes_line_by_line_exact_to_the_cent(client: TestClient):
    answer = client.post("/v1/penalties", json=QUESTION | {"contract_rate": 0.15})
    found = answer.json()
    PenaltyOut.model_validate(found)
    assert (found["interest_eur"], found["indemnity_eur"], found["total_eur"]) == (
        "184.93",
        "40.00",
        "224.93",
    )


def test_numbers_and_texts_are_the_same_amount(client: TestClient):
    one, other = (client.post("/v1/penalties", json=QUESTION | {"amount_eur": a}) for a in (15000, "15000"))
    assert one.json() == other.json()


def test_a_half_year_without_rates_is_a_fault_and_never_a_guess(client: TestClient):
    answer = client.post("/v1/penalties", json=QUESTION | {"paid_on": "2099-12-31"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:encours:problem:missing-rates")
    assert "/" not in answer.json()["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"amount_eur": 0},
        {"amount_eur": -5},
        {"amount_eur": "1.005"},
        {"amount_eur": "NaN"},
        {"amount_eur": "Infinity"},
        {"amount_eur": 1e300},
        {"contract_rate": 1.5},
        {"due_on": "31/01/2025"},
        {"payments": [{"paid_on": "2025-02-01", "amount_eur": 20_000}]},
        {"payments": [{"paid_on": "2025-02-01", "amount_eur": 1}] * 101},
        {"more": 1},
    ],
    ids=str,
)
def test_what_cannot_be_computed_is_refused(client: TestClient, change: dict[str, object]):
    answer = client.post("/v1/penalties", json=QUESTION | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_half_years_that_lack_are_named(client: TestClient):
    detail = client.post("/v1/penalties", json=QUESTION | {"paid_on": "2099-12-31"}).json()["detail"]
    assert "2099-S2" not in detail, "the first three are enough"
    assert "ENCOURS_RATES_PATH" in detail
    early = client.post("/v1/penalties", json=QUESTION | {"due_on": "2010-06-01", "paid_on": "2010-06-09"})
    assert early.json()["detail"].startswith("The rates of 2010-S1 are missing")
