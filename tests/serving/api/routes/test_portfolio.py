from serving.schemas.portfolio import PortfolioOut
from tests.serving.fakes import TestClient
from tests.serving.served import served


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
