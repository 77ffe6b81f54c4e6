from pathlib import Path

import pandas as pd

from pipelines.sources.bookkeeping.lines import LINE_COLUMNS
from pipelines.sources.fec.side_files import NOTES, OURS, read_lines, write_old
from tests.pipelines.sources.fec.builders import imported, opening, paid, sale


def test_lines_are_kept_as_they_were_read(tmp_path: Path):
    imported(tmp_path, sale("F1", "20250110", "C1", 100, EcritureLet="A"))
    kept = read_lines(tmp_path / "ledger")
    assert list(kept.columns) == list(LINE_COLUMNS)
    assert kept[["journal", "entry", "aux", "debit", "letter"]].to_numpy().tolist() == [
        ["VE", "F1", "C1", 100, "A"]
    ]


def test_nothing_kept_is_an_empty_table_of_the_same_columns(tmp_path: Path):
    assert read_lines(tmp_path).dtypes.equals(read_lines(tmp_path / "none").dtypes)
    assert len(read_lines(tmp_path)) == 0


def test_every_document_and_payment_has_its_note_and_an_id_of_ours(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        opening("1", "20250101", "C1", 500, PieceDate="20241105"),
        sale("F1", "20250110", "C1", 100),
        sale("A1", "20250111", "C1", -30),
        paid("P1", "20250210", "C1", 600),
    )
    notes = pd.read_parquet(tmp_path / "ledger" / NOTES)
    for table, ids in (
        ("invoices", ledger.invoices["invoice_id"]),
        ("payments", ledger.payments["payment_id"]),
    ):
        assert sorted(notes.loc[notes["table"] == table, "id"]) == sorted(ids)
        assert ids.str.match(OURS).all()
    assert notes.set_index("id")["opening"].sum() == 1
    assert set(notes["due_from"]) == {"default", ""}


def test_a_list_of_old_items_that_is_empty_goes(tmp_path: Path):
    (tmp_path / "fec_old.csv").write_text("stale")
    assert write_old(pd.DataFrame({"customer_id": []}), tmp_path) is None
    assert not (tmp_path / "fec_old.csv").exists()
