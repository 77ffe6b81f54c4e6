"""The page of provisions shows the kept closing, its files, and what a missing one is."""

import io
from functools import cache

from openpyxl import load_workbook

from serving.callers import Caller
from serving.usecases.provisions import Provisions
from tests.models.portfolio.provision_cases import AS_OF, a_claim, a_closing
from tests.serving.served import served
from tests.serving.web.visiting import said, visitor


@cache
def kept() -> None:
    claims = a_claim(1, 45), a_claim(2, 10), a_claim(6, 120, reason="receivership")
    provisions = Provisions(lambda: served().store)
    provisions.keep(a_closing(*claims), Caller("anne", "system", "command"))


def test_a_closing_is_shown_with_the_invoices_of_a_customer():
    kept()
    text = said(visitor().get(f"/provisions?as_of={AS_OF}&customer=C1"))
    assert "Redressement judiciaire" in text
    assert "F6" in text
    assert "F2" not in text
    assert "Probabilités inconnues" in text


def test_the_files_of_a_closing_are_taken_away():
    kept()
    sheet = visitor().get(f"/exports/provisions.xlsx?as_of={AS_OF}")
    assert load_workbook(io.BytesIO(sheet.content)).sheetnames[0] == "Synthèse"
    entries = visitor().get("/exports/provision-entries.txt").text
    assert entries.startswith("JournalCode\tJournalLib")
    assert f"PROV{AS_OF:%Y%m%d}-00001" in entries


def test_a_day_without_a_closing_is_not_found():
    kept()
    assert visitor().get("/provisions?as_of=2001-01-01").status_code == 404
    assert served().client().get("/v1/provisions/2001-01-01").json()["type"].endswith("unknown-closing")


def test_the_api_lists_closings_and_the_invoices_of_the_customer_asked_for():
    kept()
    client = served().client()
    assert [one["as_of"] for one in client.get("/v1/provisions").json()["items"]] == [str(AS_OF)]
    found = client.get(f"/v1/provisions/{AS_OF}?customer_id=C1").json()
    assert [line["invoice_id"] for line in found["lines"]] == ["F1", "F6"]
    assert found["totals"]["french_eur"] == 700.0
