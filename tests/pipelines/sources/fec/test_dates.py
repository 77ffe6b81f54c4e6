"""Which of a file's two dates counts, as exporters write them."""

from pathlib import Path

import pandas as pd
import pytest

from models.ledger.files import read_ledger
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import HEADER, fec, imported, opening, paid, sale, with_columns

DOLIBARR = f"{HEADER}\tDateLimitReglmt\tNumFacture"


def days(folder: Path) -> tuple[list[str], list[str]]:
    ledger = read_ledger(folder / "ledger")
    issued, paid_on = ledger.invoices["issued_on"], ledger.payments["paid_on"]
    return issued.dt.strftime("%m%d").tolist(), paid_on.dt.strftime("%m%d").tolist()


def test_a_piece_dated_after_its_entry_is_dated_by_its_transfer(tmp_path: Path):
    summary, _ = imported(
        tmp_path,
        sale("1", "20250110", "C1", 100, PieceDate="20250415"),
        paid("1", "20250212", "C1", 100, PieceDate="20250415"),
    )
    assert days(tmp_path) == (["0110"], ["0212"])
    found = summary.files[0].recognised
    assert (found.transferred, found.later_pieces) == (False, 2)


def transferred(folder: Path, header: str = HEADER, **cells: str) -> Path:
    """Two sales and a payment, put into the books on one day."""
    lines = [
        *sale("1", "20250415", "C1", 100, PieceDate="20250110"),
        *sale("2", "20250415", "C1", 50, PieceDate="20250305"),
        *paid("1", "20250415", "C1", 100, PieceRef="V1", PieceDate="20250212"),
    ]
    return fec(folder, with_columns(lines, **cells) if cells else lines, header=header)


@pytest.mark.parametrize("cells", [{}, {"DateLimitReglmt": "", "NumFacture": ""}], ids=["norm", "dolibarr"])
def test_entries_dated_by_their_transfer_count_on_their_pieces_day(tmp_path: Path, cells: dict[str, str]):
    summary = import_fec([transferred(tmp_path, DOLIBARR if cells else HEADER, **cells)], tmp_path / "ledger")
    assert summary.files[0].recognised.transferred
    assert days(tmp_path) == (["0110", "0305"], ["0212"])


def test_one_payment_is_enough_where_the_program_is_known(tmp_path: Path):
    lines = [
        *sale("1", "20250114", "C1", 100, PieceDate="20250110"),
        *paid("1", "20250301", "C1", 100, PieceRef="V1", PieceDate="20250212"),
    ]
    path = fec(tmp_path, with_columns(lines, DateLimitReglmt="", NumFacture=""), header=DOLIBARR)
    import_fec([path], tmp_path / "ledger")
    assert days(tmp_path)[1] == ["0212"]


def test_a_payment_that_carries_its_invoices_date_keeps_its_entrys(tmp_path: Path):
    lines = [
        sale("F1", "20250131", "C1", 100, PieceDate="20250110"),
        sale("F2", "20250131", "C1", 70, PieceDate="20250112"),
        paid("P1", "20250131", "C1", 100, PieceRef="F1", PieceDate="20250110"),
        paid("P2", "20250131", "C1", 70, PieceRef="F2", PieceDate="20250112"),
    ]
    imported(tmp_path, *lines)
    assert days(tmp_path)[1] == ["0131", "0131"]


def test_opening_balances_do_not_make_their_day_a_transfers(tmp_path: Path):
    imported(
        tmp_path,
        opening("1", "20250101", "C1", 100, PieceDate="20241105"),
        opening("2", "20250101", "C1", 70, PieceDate="20241205"),
        paid("P1", "20250131", "C1", 100, PieceDate="20250130"),
    )
    assert days(tmp_path)[1] == ["0131"]


def test_a_column_of_due_dates_comes_before_the_label(tmp_path: Path):
    lines = with_columns(sale("1", "20250110", "C1", 100, EcritureLib="à 60 j"), Due="20250209")
    lines += with_columns(sale("2", "20250110", "C1", 100, EcritureLib="à 60 j"), Due="")
    lines += with_columns(sale("3", "20250110", "C1", 100), Due="20240101")
    path = fec(tmp_path, lines, header=f"{HEADER}\tDateEcheance")
    summary = import_fec([path], tmp_path / "ledger")
    due = read_ledger(tmp_path / "ledger").invoices["due_on"]
    assert due.tolist() == [pd.Timestamp(2025, 2, 9), pd.Timestamp(2025, 3, 11), pd.Timestamp(2025, 2, 9)]
    assert summary.due_from == {"column": 1, "label": 1, "default": 1}
    assert [(one.line, one.text) for one in summary.unreadable_due] == [(6, "2024-01-01")]
