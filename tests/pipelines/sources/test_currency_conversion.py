"""A converted folder holds what stood beside the first one's tables, twice as once, and never replaces it."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import LedgerError, RateError
from models.ledger.currency import ExchangeRateTable
from models.ledger.decision_file import append_decision, read_decisions
from models.ledger.entities import EntityDecision
from models.ledger.files import fingerprint, read_ledger
from models.ledger.versions import writing
from pipelines.sources.currency_conversion import convert_folder
from pipelines.sources.registers.notice_file import keep_notices, read_notices
from serving.registers.notices import SAYS, Notice
from tests.pipelines.sources.registers.builders import ONE, a_portfolio

DAY = dt.date(2024, 1, 1)
RATES = ExchangeRateTable({"USD": (DAY,)}, {"USD": (Decimal("1.25"),)}, "here")
NOTICE = Notice("A202401012", ONE, "receivership", DAY, DAY, "", SAYS)
DECISION = EntityDecision(dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "join", "C1", "C3", "ana", "one owner")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = a_portfolio(tmp_path / "ledger")
    keep_notices(made, [NOTICE])
    append_decision(made, DECISION)
    return made


def test_notices_and_decisions_go_along_and_twice_is_as_once(folder: Path, tmp_path: Path):
    for _ in range(2):
        convert_folder(folder, RATES, tmp_path / "euros")
        assert read_notices(tmp_path / "euros") == [NOTICE]
        assert read_decisions(tmp_path / "euros") == (DECISION,)


def test_what_was_decided_on_the_converted_folder_stays(folder: Path, tmp_path: Path):
    convert_folder(folder, RATES, tmp_path / "euros")
    later = EntityDecision(dt.datetime(2024, 2, 1, tzinfo=dt.UTC), "split", "C1", "C3", "ana", "sold")
    with writing(tmp_path / "euros") as draft:
        append_decision(draft, later)
    convert_folder(folder, RATES, tmp_path / "euros")
    assert read_decisions(tmp_path / "euros") == (DECISION, later)


def test_the_ledger_itself_is_never_written_over(folder: Path):
    before = fingerprint(read_ledger(folder))
    with pytest.raises(LedgerError, match="is the ledger itself; give --out another folder"):
        convert_folder(folder, RATES, folder / ".." / folder.name)
    assert fingerprint(read_ledger(folder)) == before


def test_a_missing_rate_writes_nothing(folder: Path, tmp_path: Path):
    invoices = read_ledger(folder).invoices.assign(currency="GBP")
    invoices.to_parquet(folder / "invoices.parquet", index=False)
    with pytest.raises(RateError, match="no rate of GBP"):
        convert_folder(folder, RATES, tmp_path / "euros")
    assert not (tmp_path / "euros").exists()
