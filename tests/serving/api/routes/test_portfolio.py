from serving.schemas.portfolio import PortfolioHistoryOut, PortfolioOut
from tests.serving.fakes import TestClient
from tests.serving.served import overridden, served


def test_the_portfolios_figures_are_those_of_the_night():
    found = served().client().get("/v1/portfolio").json()
    PortfolioOut.model_validate(found)
    assert found["as_of"] == served().as_of.isoformat()
    assert set(PortfolioOut.model_fields) == set(found)
    assert found["customers"] == served().store.search("").total
    assert sum(line["customers"] for line in found["class_mix"]) == found["customers"]
    assert found["migration"] is not None


def test_before_the_first_figures_it_says_what_to_run(client: TestClient):
    answer = client.get("/v1/portfolio")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:encours:problem:no-findings"


def test_a_year_begins_with_reconstructed_months_and_ends_with_the_night():
    found = served().client().get("/v1/portfolio/history").json()
    PortfolioHistoryOut.model_validate(found)
    months, portfolio = found["months"], served().client().get("/v1/portfolio").json()
    assert len(months) == 12
    assert [month["source"] for month in months] == ["ledger"] * 10 + ["night"] * 2
    assert months[0]["grades"] is None
    assert months[-1]["exposure_eur"] == portfolio["aged_balance"]["exposure_eur"]
    assert months[-1]["dso"] == portfolio["dso"]
    assert months[-1]["over_limit"] == portfolio["over_limit"]
    assert found["first_night"] == months[-2]["as_of"] == found["quarters"][-1]["since"]


def test_a_limit_set_by_a_person_counts_at_once():
    client = served().client()
    lines = served().store.search("", 1000).items
    over = next(line for line in lines if line.open_eur > line.limit_eur)
    before = client.get("/v1/portfolio/history").json()["months"][-1]["over_limit"]
    with overridden(over.customer_id, "limit", over.open_eur + 1):
        after = client.get("/v1/portfolio/history").json()["months"][-1]["over_limit"]
    assert after["customers"] == before["customers"] - 1


def test_before_the_first_figures_there_is_no_history(client: TestClient):
    assert client.get("/v1/portfolio/history").json()["type"] == "urn:encours:problem:no-findings"
