"""`encours import fec` from the command line: what it takes, what it says, and how it ends."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import CreditError
from models.ledger.files import read_ledger
from models.ledger.versions import current
from pipelines.cli import app as cli
from tests.pipelines.sources.fec.builders import entry, fec, line, opening, paid, sale


def run(*arguments: object):
    return CliRunner().invoke(cli.app, ["import", "fec", *map(str, arguments)], env={"COLUMNS": "120"})


def plain(output: str) -> str:
    return " ".join(output.replace("\u202f", " ").split())


@pytest.fixture
def year(tmp_path: Path) -> Path:
    return fec(
        tmp_path,
        opening("1", "20250101", "C1", 90_000, PieceDate="20200101"),
        sale("F1", "20250110", "C1", 123_456),
        paid("P1", "20250210", "C1", 100_000),
        entry("OD", "1", "20250601", "C2", 5, "758000"),
        line("VE", "9", "20250610", "707000", -1),
    )


def test_a_year_comes_in_and_the_summary_is_in_french(tmp_path: Path, year: Path):
    done = run(year, "--ledger", tmp_path / "ledger")
    assert done.exit_code == 0
    said = plain(done.output)
    assert "SIREN 999000003 · exercice clos le 31/12/2025" in said
    assert "comptes 411, 413 et 416 du fichier 2 134,61 € 1 000,00 €" in said
    assert "anciens non lettrés, mis à part : 1 (900,00 €)" in said
    assert "rapprochés par déduction, au plus ancien : 1 (1 000,00 €)" in said
    assert "écritures déséquilibrées : 1 (VE 9, ligne 10 : −0,01 €)" in said
    assert "solde des comptes 234,61 € ; ouvert dans le registre 234,61 € ; écart 0,00 €" in said


def test_the_summary_is_in_english_when_asked_for(tmp_path: Path, year: Path):
    said = plain(run(year, "--ledger", tmp_path / "ledger", "--lang", "en").output)
    assert "accounts 411, 413 and 416 of the file €2,134.61 €1,000.00" in said
    assert "due dates : by default 2" in said


def test_terms_and_the_age_of_old_items_are_options(tmp_path: Path, year: Path):
    run(year, "--ledger", tmp_path / "ledger", "--terms", 60, "--old-after", 9000)
    ledger = read_ledger(tmp_path / "ledger")
    assert set((ledger.invoices["due_on"] - ledger.invoices["issued_on"]).dt.days) == {60}
    assert 90_000 in ledger.invoices["amount_cents"].tolist()


def test_too_many_refused_lines_end_with_three_and_say_where_they_are(tmp_path: Path):
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100), line("BQ", "9", "00000000", "512000", 5))
    done = run(path, "--ledger", tmp_path / "ledger")
    assert done.exit_code == 3
    said = plain(done.output)
    assert "en quarantaine : 1 ; voir" in said
    source = next((current(tmp_path / "ledger") / "quarantine").glob("*.csv")).name.split(".")[-2]
    assert f"à corriger par : encours quarantine export {source} --out corrections.csv" in said


def test_a_name_beside_the_norm_is_said_with_the_close_that_was_taken(tmp_path: Path):
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100), name="export compta.txt")
    said = plain(run(path, "--ledger", tmp_path / "ledger").output)
    assert "SIREN non dit par le nom du fichier · exercice clos le 31/01/2025" in said


def test_an_unknown_language_is_refused(tmp_path: Path, year: Path):
    assert isinstance(run(year, "--ledger", tmp_path / "ledger", "--lang", "de").exception, CreditError)


def test_options_of_a_fec_are_refused_with_a_mapping(tmp_path: Path, year: Path):
    done = CliRunner().invoke(cli.app, ["import", "mapping.toml", str(year), "--terms", "30"])
    assert "--terms, --old-after and --replace go with fec" in str(done.exception)


def test_a_refused_file_ends_with_an_error_and_changes_nothing(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.touch()
    done = run(path, "--ledger", tmp_path / "ledger")
    assert isinstance(done.exception, CreditError)
    assert not (tmp_path / "ledger").exists()
