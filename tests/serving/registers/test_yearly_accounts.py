"""Accounts of every source end in the ledger's figures, in euros, known from their publication."""

import datetime as dt
from pathlib import Path

import pytest

from models.errors import RegisterError
from models.ledger.tables import FIGURES
from serving.registers import balance_sheets, ratios
from serving.registers.bodacc import notices_in
from serving.registers.client import RegisterClient
from serving.registers.yearly_accounts import published
from tests.serving.registers.local_server import said, serving, settings_for
from tests.serving.registers.samples import (
    ONE,
    READ_ON,
    TWO,
    a_ratio_row,
    a_record,
    a_sheet,
    an_answer,
)


def years(*rows: dict[str, object]):
    return ratios.accounts_in_answer(an_answer({"results": list(rows)}), ONE)


def test_only_fields_in_euros_become_figures():
    (year,) = years(a_ratio_row("2024-12-31"))
    assert year.figures == {
        "turnover": 1_200_000,
        "gross_profit": 700_000,
        "ebitda": 90_000,
        "ebit": 60_000,
        "net_income": 41_000,
    }


def test_a_groups_accounts_are_not_the_companys_own():
    own, group = a_ratio_row("2024-12-31"), a_ratio_row("2024-12-31", type_bilan="K", chiffre_d_affaires=9e9)
    assert [year.figures["turnover"] for year in years(own, group)] == [1_200_000]
    assert years(group) == []


def test_confidential_accounts_have_no_figures():
    (year,) = years(a_ratio_row("2024-12-31", confidentiality="Confidentiel"))
    assert (year.confidential, dict(year.figures)) == (True, {})


def test_accounts_whose_publication_is_not_told_count_from_the_day_the_set_was_made_or_read():
    (read,) = years(a_ratio_row("2024-12-31"))
    made = {"fields": a_ratio_row("2024-12-31"), "record_timestamp": "2025-09-12T15:25:19Z"}
    (dated,) = ratios.accounts_in_answer(an_answer({"records": [made]}), ONE)
    assert (read.known_on, dated.known_on) == (READ_ON, dt.date(2025, 9, 12))


def test_a_field_that_the_table_does_not_know_is_reported():
    row = ratios.row_of(a_ratio_row("2024-12-31", cote_interne=3), READ_ON)
    assert row.unknown == ("cote_interne",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (a_ratio_row("2024-12-31", TWO), f"answered about {TWO}, asked for {ONE}"),
        (a_ratio_row("jamais"), "need siren and date_cloture_exercice"),
        (a_ratio_row("2030-12-31"), "after it was read"),
    ],
)
def test_a_row_that_cannot_be_is_refused(row: dict[str, object], words: str):
    with pytest.raises(RegisterError, match=words):
        years(row)


def test_ratios_are_asked_over_http(tmp_path: Path):
    reply = said({"total_count": 1, "results": [a_ratio_row("2024-12-31")]})
    with serving(reply) as server, RegisterClient(settings_for(server.url, tmp_path)) as client:
        (year,) = ratios.fetch(client, ONE)
    assert year.siren == ONE
    assert "ratios_inpi_bce" in server.asked[0]


def test_lines_of_the_tax_return_make_figures():
    sheet = a_sheet(
        f2050={"BX": "900", "BY": "100", "CF": "50", "CJ": "2000", "CK": "150"},
        f2051={"DL": "1200", "EE": "4000", "EG": "1500", "DH": "80", "DG": "20"},
        f2052={"FL": "9000", "FS": "3000", "FT": "-200", "GG": "400"},
        f2053={"HN": "-30"},
        computed={"total_dettes_stables": "700", "excedent_brut_exploitation": "600"},
    )
    (year,) = balance_sheets.accounts_in({"data": [sheet]}, ONE, READ_ON)
    assert year.closed_on == dt.date(2024, 12, 31)
    assert year.figures == {
        "turnover": 9000,
        "cost_of_goods_sold": 2800,
        "gross_profit": 6200,
        "ebit": 400,
        "ebitda": 600,
        "net_income": -30,
        "total_assets": 4000,
        "current_assets": 1850,
        "receivables": 800,
        "cash": 50,
        "equity": 1200,
        "retained_earnings": 100,
        "total_liabilities": 2800,
        "current_liabilities": 1500,
        "long_term_debt": 700,
    }


def test_the_simplified_return_makes_figures_too():
    sheet = a_sheet(f2033A={"180": "500", "142": "120"}, f2033B={"210": "300", "218": "200", "310": "12"})
    figures = balance_sheets.figures_of(balance_sheets.lines_of(sheet["data"]))
    assert figures == {
        "turnover": 500,
        "net_income": 12,
        "total_assets": 500,
        "equity": 120,
        "total_liabilities": 380,
    }


def test_a_figure_whose_lines_are_missing_is_unknown_and_not_nothing():
    figures = balance_sheets.figures_of(balance_sheets.lines_of(a_sheet(f2051={"DL": "1200"})["data"]))
    assert figures == {"equity": 1200}


def test_every_recipe_makes_a_figure_of_the_ledger():
    assert {recipe.figure for recipe in balance_sheets.recipes()} <= {name for name, _ in FIGURES}
    assert set(filter(None, ratios.fields().values())) <= {name for name, _ in FIGURES}


@pytest.mark.parametrize("document", [{"errors": []}, [], {"data": {}}])
def test_an_answer_without_balance_sheets_is_refused(document: object):
    with pytest.raises(RegisterError, match="without a list of balance sheets"):
        balance_sheets.accounts_in(document, ONE, READ_ON)


def test_a_balance_sheet_without_its_date_is_refused():
    with pytest.raises(RegisterError, match="is no month or day"):
        balance_sheets.accounts_in({"data": [a_sheet("2024-13")]}, ONE, READ_ON)


def test_balance_sheets_are_asked_with_a_token_in_a_header(tmp_path: Path):
    with (
        serving(said({"data": [a_sheet(f2051={"DL": "1200"})]})) as server,
        RegisterClient(settings_for(server.url, tmp_path, balance_token="geheim")) as client,
    ):
        (year,) = balance_sheets.fetch(client, ONE)
    assert year.figures == {"equity": 1200}
    assert server.headers[0]["Authorization"] == "Bearer geheim"
    assert "geheim" not in server.asked[0]


def a_deposit(number: int, on: str, closed: str, words: str = ""):
    depot = f'{{"dateCloture": "{closed}", "descriptif": "{words}"}}'
    return notices_in(a_record(number, "dpc", on, depot=depot))


def test_a_published_deposit_says_from_when_accounts_are_known():
    given = years(a_ratio_row("2024-12-31"), a_ratio_row("2023-12-31"))
    known = published(given, a_deposit(1, "2025-07-20", "2024-12-31"))
    assert [year.known_on for year in known] == [READ_ON, dt.date(2025, 7, 20)]


def test_a_hidden_deposit_without_figures_is_a_confidential_year():
    hidden = a_deposit(1, "2025-07-20", "2024-12-31", "déclaration de confidentialité")
    (year,) = published([], hidden)
    assert (year.confidential, year.known_on, dict(year.figures)) == (True, dt.date(2025, 7, 20), {})
    assert published([], a_deposit(2, "2025-07-20", "2024-12-31")) == []
