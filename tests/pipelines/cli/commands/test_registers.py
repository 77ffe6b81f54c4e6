"""`encours registers` fills a ledger from files and over HTTP, says what it did, and ends as it went."""

from pathlib import Path

import pandas as pd
import pytest

from models.ledger.files import read_ledger
from models.ledger.versions import current
from models.wording.numerals import SPACE
from tests.builders import a_customer
from tests.pipelines.sources.registers.builders import a_csv, a_json, a_portfolio
from tests.serving.registers.local_server import said, serving
from tests.serving.registers.samples import ONE, a_judgment, a_ratio_row, a_unit, found_company, search_answer

OPENED = "Jugement d'ouverture de liquidation judiciaire"


@pytest.fixture
def ledger(place: Path) -> Path:
    return a_portfolio(place / "data/ledger", a_customer("C1", siren=ONE))


def test_every_command_of_files_reaches_the_ledger(place: Path, run, ledger: Path):
    stock = a_csv(place / "stock.csv", [a_unit(ONE)])
    dump = a_json(place / "dump.json", {"results": [a_judgment(1, OPENED, "2026-01-05", "2026-01-08")]})
    ratios = a_json(place / "ratios.json", {"results": [a_ratio_row("2024-12-31")]})
    steps = a_csv(
        place / "procol.csv",
        [{"Siren": ONE, "Dt_effet": "26MAY2014", "Lib_actx_stdx": "Redressement_ouverture"}],
        ";",
    )
    cover = {"customer_id": "C1", "limit_eur": "5000", "covered_share": "0.9", "valid_from": "2026-01-01"}
    score = {"siren": ONE, "scale": "allianz", "score": "3", "scored_on": "2026-01-31"}
    for command, path, words in (
        ("sirene", stock, "found: 1"),
        ("bodacc", dump, f"new proceedings: 1: {ONE}"),
        ("accounts", ratios, "1 kept"),
        ("urssaf", steps, f"new proceedings: 1: {ONE}"),
        ("insurance", a_csv(place / "cover.csv", [cover]), "insurance: 1"),
        ("scores", a_csv(place / "scores.csv", [score]), "scores: 1 read, 1 kept"),
    ):
        done = run("registers", "--lang", "en", command, str(path))
        assert done.code == 0, done.err
        assert words in done.out
    made = read_ledger(ledger)
    assert made.customers["naf"].tolist() == ["43.21A"]
    assert sorted(made.filings["kind"]) == ["liquidation", "receivership"]
    assert len(made.accounts) == len(made.insurance) == len(made.outside_scores) == 1


def test_refused_rows_end_with_3_and_say_where_they_are(place: Path, run, ledger: Path):
    stock = a_csv(place / "stock.csv", [a_unit(ONE, etatAdministratifUniteLegale="?")])
    done = run("registers", "sirene", str(stock))
    assert done.code == 3
    assert "1 refusées" in done.out
    assert "lignes refusées" in done.out
    assert f"introuvables{SPACE}: 1{SPACE}: {ONE}" in done.out


def test_a_file_that_cannot_be_used_ends_with_2_and_one_line(place: Path, run, ledger: Path):
    done = run("registers", "sirene", "nowhere.csv")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "nowhere.csv est introuvable" in done.err


def test_refresh_asks_where_the_environment_says(
    place: Path, run, ledger: Path, monkeypatch: pytest.MonkeyPatch
):
    def answer(path: str):
        return said(search_answer(found_company(ONE)) if path.startswith("/search") else {"results": []})

    with serving(by_path=answer) as server:
        for name in ("COMPANY_SEARCH", "BODACC", "RATIOS"):
            monkeypatch.setenv(f"ENCOURS_REGISTERS_{name}_URL", server.url)
        done = run("registers", "refresh")
        assert done.code == 0, done.err + done.out
        assert f"trouvées{SPACE}: 1" in done.out
        kept = run("registers", "refresh", "--offline")
        assert kept.code == 0
        assert len(server.asked) == 3


def test_refresh_offline_with_nothing_kept_ends_with_3(place: Path, run, ledger: Path):
    done = run("registers", "refresh", "--offline")
    assert done.code == 3
    assert f"injoignable{SPACE}: BODACC" in done.out
    assert "away: BODACC" in run("registers", "--lang", "en", "refresh", "--offline").out


def test_convert_writes_a_ledger_in_euros_with_the_originals(place: Path, run, ledger: Path):
    invoices = read_ledger(ledger).invoices.assign(currency="USD")
    invoices.to_parquet(ledger / "invoices.parquet", index=False)
    rates = place / "rates.csv"
    rates.write_text("Date,USD,\n2024-01-01,2.0,\n", encoding="utf-8")
    done = run("registers", "convert", str(rates), "--out", "euros")
    assert done.code == 0, done.err
    assert read_ledger(place / "euros").invoices["amount_cents"].tolist() == [50_000]
    assert pd.read_parquet(current(place / "euros") / "originals.parquet")["amount"].tolist() == [100_000.0]
    rates.write_text("Date,GBP,\n2024-01-01,2.0,\n", encoding="utf-8")
    refused = run("registers", "convert", str(rates), "--out", "euros")
    assert refused.code == 2
    assert "aucun cours USD pour le 2024-01-01" in refused.err
