import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint
from models.ledger.ledger import Ledger, last_event
from pipelines.sources.fec import side_files as keeping
from pipelines.validation import history
from pipelines.validation.checks import check_run
from pipelines.validation.loading import load_rules
from pipelines.validation.results import CheckReport
from tests.pipelines.validation.builders import sound_ledger, with_value

MEASURED = [rule for rule in load_rules() if rule.what in {"volume", "newest", "inferred", "inferred_rise"}]


def run(ledger: Ledger, folder: Path, **how: object) -> CheckReport:
    as_of = how.pop("as_of", None) or last_event(ledger)
    return check_run(ledger, folder, as_of, fingerprint(ledger), MEASURED, **how)


def fewer(ledger: Ledger, n: int = 1) -> Ledger:
    return replace(ledger, invoices=ledger.invoices.iloc[:-n])


def broken(report: CheckReport) -> list[tuple[str, str]]:
    return [(one.table, one.rule) for one in report.results if not one.ok]


def test_a_first_run_has_nothing_to_compare_with_and_says_so(tmp_path: Path):
    report = run(sound_ledger(), tmp_path)
    assert report.ok
    assert not any(one.compared for one in report.results)
    assert {outcome[3] for outcome in report.summary()["rules"]} == {"not_compared"}


def test_the_same_data_twice_gives_the_same_report_and_one_run(tmp_path: Path):
    first = run(sound_ledger(), tmp_path)
    kept = (tmp_path / "checks" / "runs.json").read_bytes()
    assert run(sound_ledger(), tmp_path) == first
    assert (tmp_path / "checks" / "runs.json").read_bytes() == kept


def test_rows_that_went_missing_are_an_error_each_time_it_is_asked(tmp_path: Path):
    run(sound_ledger(), tmp_path)
    for _ in range(2):
        report = run(fewer(sound_ledger()), tmp_path)
        assert ("invoices", "no fewer than 80 % of the last run's invoices") in broken(report)
        (fault,) = report.errors[:1]
        assert fault.examples == ("3 (2024-06-30) → 2",)


def test_a_broken_run_is_not_what_the_next_is_held_against(tmp_path: Path):
    run(sound_ledger(), tmp_path)
    run(fewer(sound_ledger()), tmp_path)
    assert not run(fewer(sound_ledger(), 2), tmp_path).ok
    assert run(with_value(sound_ledger(), "customers", "name", "Martin"), tmp_path).ok


def test_what_a_person_accepts_is_the_new_measure(tmp_path: Path):
    run(sound_ledger(), tmp_path)
    less = fewer(sound_ledger())
    assert not run(less, tmp_path).ok
    assert run(less, tmp_path, accept=True).ok
    assert run(less, tmp_path).ok
    assert run(with_value(less, "customers", "name", "Martin"), tmp_path).ok


def test_a_newest_day_that_goes_back_is_an_error(tmp_path: Path):
    run(sound_ledger(), tmp_path)
    older = with_value(sound_ledger(), "invoices", "due_on", pd.Timestamp("2024-02-01"))
    frame = older.invoices.assign(issued_on=older.invoices["issued_on"] - pd.Timedelta(days=3))
    report = run(replace(older, invoices=frame), tmp_path)
    assert broken(report) == [("invoices", "the newest is no older than at the last run")]


def test_a_day_of_the_past_is_not_held_against_later_runs(tmp_path: Path):
    run(sound_ledger(), tmp_path)
    past = {"as_of": dt.date(2024, 1, 31), "only_until": True}
    assert not any(one.compared for one in run(fewer(sound_ledger(), 2), tmp_path, **past).results)


def test_inferred_matches_are_measured_where_the_ledger_tells_of_them(tmp_path: Path):
    def matched(how: list[str]) -> None:
        ids = ["P1", "P2", "P3", "P4"]
        notes = pd.DataFrame({"table": "payments", "id": ids, "settled_by": how})
        notes.to_parquet(tmp_path / history.NOTES)

    matched(["letter", "letter", "on_account", "letter"])
    assert run(sound_ledger(), tmp_path).ok
    matched(["inferred", "inferred", "on_account", "letter"])
    report = run(with_value(sound_ledger(), "customers", "name", "Martin"), tmp_path)
    assert [one.examples for one in report.warnings] == [("66.7%",), ("0.0% (2024-06-30) → 66.7%",)]


def test_the_side_file_is_the_one_that_imports_write():
    assert history.NOTES == keeping.NOTES


def test_runs_that_cannot_be_read_are_said(tmp_path: Path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "runs.json").write_text(json.dumps([{"as_of": "never"}]))
    with pytest.raises(LedgerError, match="cannot be read"):
        run(sound_ledger(), tmp_path)
