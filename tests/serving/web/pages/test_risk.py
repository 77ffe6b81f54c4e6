"""The page of the portfolio's risk says what the API says, and its table holds everybody."""

import pytest

from models.wording.formats import LANGUAGES
from serving.web.words import words
from tests.serving.served import served
from tests.serving.web.visiting import said, visitor


def report():
    return served().client("analyst").get("/v1/risk").json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_figures_of_the_api(language):
    found, w = report(), words(language)
    text = said(visitor().get("/risk", lang=language))
    for name in ("expected_loss_eur", "value_at_risk_eur", "expected_shortfall_eur", "covered_eur"):
        assert " ".join(w.eur(found[name]).split()) in text
    first = found["contributions"][0]
    assert (first["name"] or first["customer_ids"][0]) in text


def test_the_table_holds_every_entity():
    answer = visitor().get("/exports/risk.csv", lang="en")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("customer number,name,grade")
    assert len(lines) - 1 == report()["entities_at_risk"]


def test_another_cover_is_compared_as_it_was_asked():
    now = {one["name"]: one for one in report()["covers"]}
    asked = served().client().get("/v1/risk?more_eur=0&covered_share=0").json()["covers"]
    then = {one["name"]: one for one in asked}
    assert then["largest"]["own_risk_eur"] >= now["largest"]["own_risk_eur"]
    assert then["share"]["own_risk_eur"] == pytest.approx(now["none"]["own_risk_eur"])


@pytest.mark.parametrize("query", ["covered_share=1.1", "more_eur=-1", "more_eur=beaucoup"])
def test_a_cover_that_cannot_be_is_refused(query):
    assert visitor().get(f"/risk?{query}").status_code == 422
    assert served().client().get(f"/v1/risk?{query}").status_code == 422
