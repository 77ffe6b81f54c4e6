from tests.serving.served import served
from tests.serving.web.visiting import said, visitor


def test_thirteen_weeks_are_shown_with_their_band_and_groups():
    answer = visitor().get("/cash")
    assert answer.text.count('href="/cash?by=grade&amp;week=') == 2 * 13  # in the chart and in the table
    assert "huit fois sur dix" in said(answer)
    assert 'href="/cash?by=grade&amp;name=C"' in answer.text


def test_a_week_opens_its_largest_invoices_with_their_customers():
    found = served().client().get("/v1/cash").json()["largest"][0]["invoices"][0]
    answer = visitor().get("/cash?week=1")
    assert found["invoice_id"] in said(answer)
    assert f'href="/customers/{found["customer_id"]}"' in answer.text


def test_a_group_shows_its_own_weeks_and_leads_back_to_all():
    grade = served().client().get("/v1/cash").json()["by"]["grade"][0]["name"]
    answer = visitor().get(f"/cash?by=grade&name={grade}")
    assert f"Note {grade}" in said(answer)
    assert 'href="/cash?by=grade"' in answer.text


def test_a_grouping_or_a_week_that_is_none_is_refused():
    assert visitor().get("/cash?by=colour").status_code == 422
    assert visitor().get("/cash?week=14").status_code == 422


def test_the_export_has_every_week_of_every_group():
    found = served().client().get("/v1/cash").json()
    groups = 1 + sum(len(lines) for lines in found["by"].values())
    assert len(visitor().get("/exports/cash.csv").text.strip().splitlines()) == 1 + 13 * groups
