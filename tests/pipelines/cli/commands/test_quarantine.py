import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.wording.numerals import SPACE
from pipelines.cli import app as cli
from pipelines.cli.console import console
from pipelines.sources.fec.importing import import_fec
from pipelines.validation.quarantine import quarantined
from tests.pipelines.sources.fec.builders import fec, sale
from tests.pipelines.sources.mapping.builders import GOOD, import_lines


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console._OUT, "_width", 200)  # tables as wide as a desk's terminal
    import_lines(tmp_path, GOOD, "F2;C2;F;31/02/2024;;8,00;EUR", "F3;C[2];F;never;;x;EUR")
    return tmp_path


def ask(*asked: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, ["quarantine", *asked, "--ledger", "ledger"])
    return done.exit_code, done.output or str(done.exception)


def source() -> str:
    return next(iter(quarantined(Path("ledger"))))


def corrected(date: str) -> None:
    text = Path("sheet.csv").read_text("utf-8-sig").splitlines()
    rows = [dict(zip(text[0].split(";"), row, strict=True)) for row in csv.reader(text[1:], delimiter=";")]
    rows[0]["Date"] = date
    with Path("corrected.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_the_list_says_file_rows_reasons_and_how_to_mend(place: Path):
    code, shown = ask("list")
    assert code == 0
    for told in (source(), "export.csv", "2", "n'est pas une date écrite comme", "quarantine export"):
        assert told in shown
    assert "à corriger par" in shown
    assert "correct by" in ask("list", "--lang", "en")[1]


def test_show_tells_line_column_value_and_reason(place: Path):
    shown = ask("show", source())[1]
    assert "31/02/2024" in shown
    assert "Montant" in shown


def test_export_then_retry_brings_a_row_in_and_says_the_sums(place: Path):
    assert ask("export", source(), "--out", "sheet.csv")[0] == 0
    corrected("28/02/2024")
    code, shown = ask("retry", "corrected.csv")
    assert code == 0
    assert "1 lignes reprises, 1 inchangées, 0 déjà reprises, 1 encore en quarantaine" in shown
    assert f"lues 3 l. / 1{SPACE}242,50, entrées 2 l. / 1{SPACE}242,50" in shown
    assert "1 montants illisibles" in shown
    again = ask("retry", "corrected.csv", "--lang", "en")[1]
    assert "0 rows brought in, 1 unchanged, 1 in already, 1 still in quarantine" in again


def test_retry_ends_with_3_where_a_mended_row_is_bad_still(place: Path):
    ask("export", source(), "--out", "sheet.csv")
    corrected("30/02/2024")
    code, shown = ask("retry", "corrected.csv")
    assert code == 3
    assert "30/02/2024" in shown


def test_a_source_that_is_none_is_refused(place: Path):
    for command in (["show", "nothing"], ["export", "../..", "--out", "sheet.csv"]):
        code, shown = ask(*command)
        assert code != 0
        assert "the quarantine holds no file" in shown


def test_a_line_of_a_fec_goes_out_to_a_sheet_and_comes_back_with_the_sums_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console._OUT, "_width", 200)
    bad = sale("F2", "20250111", "C2", 800)
    lines = [*sale("F1", "20250110", "C1", 500), bad[0].replace("20250111", "00000000", 1), bad[1]]
    import_fec([fec(tmp_path, *lines)], Path("ledger"))
    assert "quarantine export" in ask("list")[1]
    assert ask("export", source(), "--out", "sheet.csv")[0] == 0
    sheet = Path("sheet.csv")
    sheet.write_bytes(sheet.read_bytes().replace(b";00000000;", b";20250111;"))
    code, shown = ask("retry", "sheet.csv")
    assert code == 0
    assert "1 lignes reprises, 0 inchangées, 0 déjà reprises, 0 encore en quarantaine" in shown
    assert "solde des comptes 13,00 € ; ouvert dans le registre 13,00 € ; écart 0,00 €" in shown.replace(
        "\u202f", " "
    )
    assert ask("list") == (0, "La quarantaine est vide.\n")


def test_an_empty_quarantine_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("ledger").mkdir()
    assert ask("list") == (0, "La quarantaine est vide.\n")


def test_a_ledger_that_is_not_there_is_not_taken_for_an_empty_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    code, shown = ask("list")
    assert code != 0
    assert "there is no ledger in ledger; say with --ledger where it is" in shown
