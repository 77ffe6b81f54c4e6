import pytest

from serving.schemas.portfolio import AlertPageOut
from tests.serving.served import served


def test_every_alert_is_found_once_by_following_the_links():
    client, url, found = served().client(), "/v1/alerts?limit=7", []
    while url:
        answer = client.get(url)
        AlertPageOut.model_validate(answer.json())
        found += [item["customer_id"] for item in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert len(found) == len(set(found)) == answer.json()["total"]
    assert answer.json()["next_offset"] is None


@pytest.mark.parametrize(
    "query", [{"severity": "high"}, {"cause": "data"}, {"severity": "low", "cause": "data"}]
)
def test_alerts_are_chosen_by_severity_and_cause(query: dict[str, str]):
    found = served().client().get("/v1/alerts", params=query).json()["items"]
    assert all(item[name] == value for item in found for name, value in query.items())


def test_an_alert_tells_the_parts_that_make_its_change():
    for item in served().client().get("/v1/alerts").json()["items"]:
        for measure in ("pd_12m", "limit_eur"):
            before, after = item["before"][measure], item["after"][measure]
            if before is not None and after is not None:  # none is shown of what has happened already
                assert abs(sum(item["effects"][measure].values()) - (after - before)) < 1e-6


@pytest.mark.parametrize("query", ["severity=urgent", "cause=luck", "limit=0", "limit=501", "offset=-1"])
def test_what_cannot_be_asked_is_named(query: str):
    answer = served().client().get(f"/v1/alerts?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query.split("=", maxsplit=1)[0]
