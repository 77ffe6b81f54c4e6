"""Commands do their work, and say what is wrong in one line with exit code 2."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from models.ledger.files import write_ledger
from pipelines.cli import app as cli
from pipelines.training.findings.peek import Peek
from pipelines.training.row_files import read_rows
from serving.settings import Settings
from tests.models.fitted import fitted

ROOT = Path(__file__).parents[3]


def test_help_lists_every_command_without_loading_what_is_heavy():
    code = (
        "import sys; from typer.testing import CliRunner; from pipelines.cli.app import app\n"
        "print(CliRunner().invoke(app, ['--help']).output)\n"
        "heavy = {'lightgbm', 'mlflow', 'shap', 'pandas', 'sklearn', 'fastapi', 'pydantic'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    for name in ("import", "simulate", "check", "train", "promote", "nightly", "score", "serve", "backtest"):
        assert name in shown.stdout
    assert "heavy: []" in shown.stdout


def test_simulate_then_check(place: Path):
    made = CliRunner().invoke(
        cli.app, ["simulate", "--customers", "40", "--months", "12", "--seed", "3", "--out", "ledger"]
    )
    assert made.exit_code == 0, made.output
    assert (place / "ledger_truth").is_dir()
    checked = CliRunner().invoke(cli.app, ["check", "--ledger", "ledger", "--out", "check.json"])
    assert checked.exit_code == 0, checked.output
    assert json.loads((place / "check.json").read_text())["ok"]


def test_import_says_how_many_rows_were_refused_and_ends_with_3(place: Path):
    (place / "list.csv").write_text(
        "doc_id,cust_number,due_date,clear_date,amount\nA1,C1,2019-01-31,2019-02-02,10.00\n"
        "A2,C1,not a day,2019-02-02,10.00\n"
    )
    mapping = str(ROOT / "data" / "mappings" / "highradius.toml")
    done = CliRunner().invoke(cli.app, ["import", mapping, "list.csv", "--ledger", "ledger"])
    assert done.exit_code == 3, done.output
    assert "1 lignes refusées sur 2" in done.output
    assert "quarantine" in done.output


def test_a_missing_column_changes_nothing_and_ends_with_2(place: Path, run):
    (place / "list.csv").write_text("doc_id,cust_number\nA1,C1\n")
    mapping = str(ROOT / "data" / "mappings" / "highradius.toml")
    done = run("import", mapping, "list.csv", "--ledger", "ledger")
    assert done.code == 2
    assert done.err.startswith("encours: ")
    assert len(done.err.strip().splitlines()) == 1
    assert not (place / "ledger").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nightly",), "ne contient pas de grand livre"),
        (("score", "C1"), "aucune évaluation n'est encore publiée"),
        (("score", "C1", "--amount", "-5"), "--amount vaut -5"),
        (("train", "lateness", "--ledger", "L"), "late, default"),
        (("promote", "late"), "lancez `encours train late`"),
        (("keys", "add", "anne", "--role", "boss"), "sales, analyst, batch"),
        (("report",), "lancez `encours train`"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(place: Path, run, words: tuple[str, ...], told: str):
    write_ledger(fitted().ledger, place / "L")
    done = run(*words)
    assert done.code == 2
    assert done.err.startswith("encours: ")
    assert told in done.err


def test_rows_carry_what_came_of_making_some_again_as_of_their_day(place: Path):
    write_ledger(fitted().ledger, place / "ledger")
    done = CliRunner().invoke(cli.app, ["features", "default", "--ledger", "ledger", "--out", "rows.parquet"])
    assert done.exit_code == 0, done.output
    assert "made again as of" in done.output
    looked = Peek.from_checks(read_rows(place / "rows.parquet").checks)
    assert looked is not None
    assert looked.passed
    assert looked.rows > 0


def test_backtest_writes_the_answers(place: Path):
    write_ledger(fitted().ledger, place / "ledger")
    (place / "params.yaml").write_text(
        "late: {most_rows: 3000, max_rounds: 30, rounds: 10, num_leaves: 7, max_depth: 3}\n"
    )
    done = CliRunner().invoke(
        cli.app,
        ["backtest", "--target", "late", "--late-days", "15", "--ledger", "ledger", "--cut", "2026-03-31",
         "--until", "2026-05-15", "--out", "answers.parquet"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "auc" in done.output
    assert pd.read_parquet("answers.parquet")["p_late"].between(0, 1).all()


@pytest.mark.parametrize(
    ("lang", "said"), [("fr", "l'environnement est inutilisable"), ("en", "cannot be used")]
)
def test_a_wrong_variable_is_one_line_without_its_value(
    lang: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ENCOURS_AUDIT_KEY", "too-short-and-secret")
    monkeypatch.setattr(sys, "argv", ["encours", "nightly", f"--lang={lang}"])
    monkeypatch.setattr(cli, "app", Settings)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr().err
    assert ended.value.code == 2
    assert shown.count("\n") == 1
    assert said in shown
    assert "ENCOURS_AUDIT_KEY" in shown
    assert "too-short-and-secret" not in shown


def test_another_fault_of_a_value_is_not_hidden(monkeypatch: pytest.MonkeyPatch):
    def fails() -> None:
        raise ValueError("a fault of the program")

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(ValueError, match="a fault of the program"):
        cli.main()
