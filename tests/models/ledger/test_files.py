from pathlib import Path

import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger, write_ledger
from tests.builders import a_ledger, a_payment, a_signal, an_invoice
from tests.random_ledger import draw_ledger


def test_a_ledger_read_back_is_the_one_written(tmp_path: Path):
    ledger = draw_ledger(5)
    write_ledger(ledger, tmp_path)
    back = read_ledger(tmp_path)
    assert fingerprint(back) == fingerprint(ledger)
    pd.testing.assert_frame_equal(back.invoices, ledger.invoices)


def test_tables_without_a_row_need_no_file_and_the_three_that_count_have_one(tmp_path: Path):
    write_ledger(a_ledger(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "customers.parquet",
        "invoices.parquet",
        "payments.parquet",
    ]
    assert read_ledger(tmp_path).signals.empty


def test_a_table_that_became_empty_leaves_no_old_rows_behind(tmp_path: Path):
    write_ledger(a_ledger(signals=[a_signal("dispute", 3)]), tmp_path)
    write_ledger(a_ledger(), tmp_path)
    assert read_ledger(tmp_path).signals.empty


def test_no_draft_is_left_beside_the_files(tmp_path: Path):
    write_ledger(draw_ledger(1), tmp_path)
    assert not list(tmp_path.glob(".*"))


def test_a_folder_without_customers_is_no_ledger(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"customers\.parquet is missing"):
        read_ledger(tmp_path)


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path):
    write_ledger(a_ledger(), tmp_path)
    (tmp_path / "payments.parquet").write_bytes(b"no parquet")
    with pytest.raises(LedgerError, match=r"payments\.parquet cannot be read"):
        read_ledger(tmp_path)


def test_a_fingerprint_changes_with_any_cell_row_or_table():
    base = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40)])
    others = [
        a_ledger([an_invoice("F1", 0, 31)], [a_payment("F1", 40)]),
        a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40, 999.99)]),
        a_ledger([an_invoice("F1", 0, 30)]),
        a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40)], signals=[a_signal("dispute", 3)]),
    ]
    assert len({fingerprint(ledger) for ledger in (base, *others)}) == 5
