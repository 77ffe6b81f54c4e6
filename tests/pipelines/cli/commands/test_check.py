import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from models.ledger.files import write_ledger
from models.ledger.ledger import Ledger
from pipelines.cli import app as cli
from pipelines.cli.console import console
from pipelines.validation.quarantine import write_quarantine
from tests.pipelines.validation.builders import sound_ledger, with_value


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console._OUT, "_width", 200)  # tables as wide as a desk's terminal
    write_ledger(sound_ledger(), tmp_path / "ledger")
    return tmp_path


def check(*asked: str, ledger: Ledger | None = None) -> tuple[int, str]:
    if ledger is not None:
        write_ledger(ledger, Path("ledger"))
    done = CliRunner().invoke(cli.app, ["check", "--ledger", "ledger", *asked])
    return done.exit_code, done.output


def test_a_sound_ledger_ends_with_0_and_says_that_it_is_a_first_run(place: Path):
    code, shown = check()
    assert code == 0
    assert "0 erreurs" in shown
    assert "première exécution" in shown


def test_a_broken_ledger_ends_with_2_and_a_line_a_rule_in_the_language_asked(place: Path):
    broken = with_value(sound_ledger(), "invoices", "customer_id", "C9")
    code, shown = check(ledger=broken)
    assert code == 2
    assert "le client d'une facture existe" in shown
    assert "an invoice's customer exists" in check("--lang", "en")[1]


def test_all_shows_what_holds_too(place: Path):
    assert "une quotité garantie est comprise entre 0 et 1" in check("--all")[1]


def test_json_is_the_whole_report(place: Path):
    code, shown = check("--json", "--out", "out/check.json")
    assert code == 0
    assert json.loads(shown) == json.loads((place / "out" / "check.json").read_text())


@pytest.mark.slow
def test_rows_that_vanish_stop_until_a_person_accepts_it(place: Path):
    check()
    code, shown = check(ledger=replace(sound_ledger(), invoices=sound_ledger().invoices.iloc[:1]))
    assert code == 2
    assert "3 (2024-06-30) → 1" in shown
    assert "--accept" in shown
    assert check("--accept")[0] == 2  # a payment's invoice is gone: that is no matter of volume
    assert "3 (2024-06-30) → 1" not in check()[1]


@pytest.mark.slow
def test_a_ledger_that_is_simulated_anew_is_held_against_nothing(place: Path):
    sizes = ["--months", "14", "--seed", "1"]
    for customers in ("40", "20"):
        made = CliRunner().invoke(cli.app, ["simulate", "--out", "ledger", "--customers", customers, *sizes])
        assert made.exit_code == 0, made.output
        assert check()[0] == 0


@pytest.mark.slow
def test_docs_are_written_and_rules_of_ones_own_are_used(place: Path):
    (place / "rules").mkdir()
    (place / "rules" / "customers.toml").write_text(
        '[[rule]]\nfr = "rien"\nen = "nothing"\nlevel = "error"\nwhat = "filled"\ncolumns = ["name"]\n'
    )
    code, shown = check("--docs", "docs", "--suites", "rules")
    assert code == 2
    assert "rien" in shown
    assert (place / "docs" / "index.html").is_file()


def test_a_ledger_that_saw_nothing_yet_is_checked_too(place: Path):
    alone = sound_ledger()
    empty = {name: alone.table(name).iloc[:0] for name in ("invoices", "payments", "filings", "accounts")}
    empty |= {name: alone.table(name).iloc[:0] for name in ("insurance", "signals", "outside_scores")}
    assert check(ledger=replace(alone, **empty))[0] == 0


def test_rows_in_quarantine_are_said_for_no_rule_sees_them(place: Path):
    assert "quarantaine" not in check()[1]
    faults = pd.DataFrame([[4, "a", "x", "bad"], [4, "b", "y", "bad"], [7, "a", "z", "bad"]])
    faults.columns = pd.Index(["line", "column", "value", "reason"])
    write_quarantine(place / "ledger", place / "export.csv", "0123456789abcdef", faults)
    code, shown = check()
    assert code == 0
    assert "2 lignes de 1 fichiers sont en quarantaine" in shown
    assert "2 rows of 1 files are in quarantine, in none of these figures" in check("--lang", "en")[1]
