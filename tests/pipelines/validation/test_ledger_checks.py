import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.ledger_parts import LedgerInMemory
from pipelines.validation.history import read_runs
from pipelines.validation.ledger_checks import check_folder, night_check
from pipelines.workers import ThisProcess
from tests.pipelines.validation.builders import sound_ledger

DAY = dt.date(2024, 6, 30)


def test_a_day_of_the_past_is_checked_as_it_was_known_then(tmp_path: Path):
    check_folder(sound_ledger(), tmp_path)
    report = check_folder(sound_ledger(), tmp_path, dt.date(2024, 1, 25))
    assert {one.n_rows for one in report.results if one.rule == "an amount is above zero"} == {2}
    assert [run.as_of for run in read_runs(tmp_path)] == [DAY, dt.date(2024, 1, 25)]
    assert not [one for one in report.errors if "last run" in one.rule]


def test_the_night_stops_where_rows_vanished_and_keeps_that_it_did(tmp_path: Path):
    check = night_check(tmp_path, only_until=False)
    known = sound_ledger()
    assert check(LedgerInMemory.of(known, DAY), ThisProcess()).ok
    fewer = replace(known, invoices=known.invoices.iloc[:1])
    with pytest.raises(LedgerError, match=r"no fewer than 80 % .*\(3 \(2024-06-30\) → 1\)"):
        check(LedgerInMemory.of(fewer, DAY), ThisProcess())
    assert [run.ok for run in read_runs(tmp_path)] == [True, False]
