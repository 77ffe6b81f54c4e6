from itertools import pairwise

from serving.schemas.cash import CashForecastOut
from tests.serving.fakes import TestClient
from tests.serving.served import served


def test_the_weeks_follow_the_night_and_add_up_to_the_open_invoices():
    found = served().client().get("/v1/cash").json()
    CashForecastOut.model_validate(found)
    assert set(CashForecastOut.model_fields) == set(found)
    total = found["total"]
    expected = sum(round(week["expected_eur"] * 100) for week in total["weeks"])
    assert expected + round(total["later_eur"] * 100) == round(total["open_eur"] * 100)
    assert found["as_of"] == served().as_of.isoformat()
    days = [(week["first_day"], week["last_day"]) for week in total["weeks"]]
    assert days[0][0] > found["as_of"]
    assert all(last < first for (_, last), (first, _) in pairwise(days))


def test_before_the_first_forecast_it_says_what_to_run(client: TestClient):
    answer = client.get("/v1/cash")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:encours:problem:no-findings"
