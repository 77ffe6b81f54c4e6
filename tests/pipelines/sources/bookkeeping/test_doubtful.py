from pathlib import Path

import pandas as pd
import pytest

from models.features.book import open_book
from models.features.default_events import DefaultEvents
from models.ledger.files import read_ledger, write_ledger
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import balance, entry, fec, imported, line, opening, sale


def loss(number: str, day: str, customer: str, cents: int, account: str = "416000") -> list[str]:
    return [
        line("OD", number, day, "654000", round(cents / 1.2)),
        line("OD", number, day, "445710", cents - round(cents / 1.2)),
        line("OD", number, day, account, -cents, CompAuxNum=customer),
    ]


def move(number: str, day: str, customer: str, cents: int) -> list[str]:
    return [
        line("OD", number, day, "416000", cents, CompAuxNum=customer),
        line("OD", number, day, "411000", -cents, CompAuxNum=customer),
    ]


def signals(folder: Path, *lines: list[str]) -> list[tuple[str, str, str]]:
    _, ledger = imported(folder, *lines)
    frame = ledger.signals
    return [
        (row.customer_id, row.kind, f"{row.seen_on:%Y%m%d}")
        for row in frame.itertuples()
        if row.source == "FEC"
    ]


def test_a_transfer_to_416_is_a_signal_and_a_loss_a_write_off(tmp_path: Path):
    lines = [
        sale("F1", "20250110", "C1", 12000),
        move("1", "20250601", "C1", 12000),
        loss("2", "20251101", "C1", 12000),
    ]
    assert signals(tmp_path, *lines) == [("C1", "doubtful", "20250601"), ("C1", "write_off", "20251101")]
    assert balance(read_ledger(tmp_path / "ledger")) == {}


def test_a_write_off_is_a_default_from_its_day(tmp_path: Path):
    _, ledger = imported(
        tmp_path, sale("F1", "20250110", "C1", 12000), loss("2", "20250301", "C1", 12000, "411000")
    )
    events = DefaultEvents.of(ledger, open_book(ledger))
    assert events.final.tolist() == [(pd.Timestamp(2025, 3, 1) - pd.Timestamp(1970, 1, 1)).days]


def test_a_loss_of_a_few_euros_tidies_up_and_says_nothing(tmp_path: Path):
    assert (
        signals(tmp_path, sale("F1", "20250110", "C1", 12000), loss("2", "20250301", "C1", 4999, "411000"))
        == []
    )


def test_a_doubtful_opening_balance_is_a_signal(tmp_path: Path):
    opened = opening("1", "20250101", "C1", 500, account="416000", PieceDate="20241101")
    assert signals(tmp_path, opened) == [("C1", "doubtful", "20250101")]


@pytest.mark.parametrize(
    ("customer", "told"), [("C1", [("C1", "doubtful", "20251231")]), ("", []), ("C9", [])]
)
def test_a_provision_is_a_signal_where_it_names_a_customer(tmp_path: Path, customer: str, told: list[object]):
    provision = entry("OD", "9", "20251231", customer, -500, "681740", account="491000")
    summary, _ = imported(tmp_path, sale("F1", "20250110", "C1", 12000), provision)
    assert signals(tmp_path, sale("F1", "20250110", "C1", 12000), provision) == told
    assert summary.unnamed_provisions == (0 if told else 1)


def test_a_bill_returned_unpaid_is_a_signal_and_leaves_the_invoice_open(tmp_path: Path):
    bill = entry("OD", "1", "20250115", "C1", -12000, "413000")
    back = entry("OD", "2", "20250315", "C1", 12000, "413000")
    assert signals(tmp_path, sale("F1", "20250110", "C1", 12000), bill, back) == [
        ("C1", "returned_debit", "20250315")
    ]
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 12000}


def test_signals_noted_by_hand_stay_and_stale_ones_of_a_fec_go(tmp_path: Path):
    from dataclasses import replace

    from models.ledger.ledger import conform
    from models.ledger.tables import SIGNALS

    lines = [sale("F1", "20250110", "C1", 12000), move("1", "20250601", "C1", 12000)]
    assert signals(tmp_path, *lines) == [("C1", "doubtful", "20250601")]
    held = read_ledger(tmp_path / "ledger")
    row = {"customer_id": "C1", "kind": "dispute", "seen_on": pd.Timestamp(2025, 2, 1), "source": "phone"}
    by_hand = conform(pd.concat([held.signals, pd.DataFrame([row])]), SIGNALS)
    write_ledger(replace(held, signals=by_hand), tmp_path / "ledger")
    import_fec([fec(tmp_path, lines[0])], tmp_path / "ledger", replace_year=True)
    assert read_ledger(tmp_path / "ledger").signals["kind"].tolist() == ["dispute"]


def test_a_doubtful_debt_is_told_once_not_again_at_every_opening(tmp_path: Path):
    first = fec(tmp_path, sale("F1", "20250110", "C1", 12000), move("1", "20250601", "C1", 12000))
    opened = opening("1", "20260101", "C1", 12000, account="416000", PieceRef="1")
    import_fec([first, fec(tmp_path, opened, year=2026)], tmp_path / "ledger")
    ledger = read_ledger(tmp_path / "ledger")
    assert ledger.signals["seen_on"].dt.year.tolist() == [2025]
    assert balance(ledger) == {"C1": 12000}
