from pathlib import Path

import pandas as pd
import pytest

from tests.pipelines.sources.fec.builders import balance, entry, imported, line, opening, paid, sale


def kinds(folder: Path, *lines: str | list[str]) -> list[tuple[str, int]]:
    """Documents and payments of one file: what each is and its cents."""
    _, ledger = imported(folder, *lines)
    documents = list(zip(ledger.invoices["kind"], ledger.invoices["amount_cents"], strict=True))
    return [*documents, *(("money", cents) for cents in ledger.payments["amount_cents"])]


@pytest.mark.parametrize(
    ("opposite", "debit", "credit"),
    [
        ("707000", ("invoice", 100), ("credit_note", 100)),
        ("445710", ("invoice", 100), ("credit_note", 100)),
        ("512000", ("money", -100), ("money", 100)),
        ("511200", ("money", -100), ("money", 100)),
        ("413000", None, None),
        ("467000", ("invoice", 100), ("money", 100)),
        ("766000", ("money", -100), ("credit_note", 100)),
        ("654000", ("invoice", 100), ("credit_note", 100)),
        ("665000", ("invoice", 100), ("credit_note", 100)),
        ("419100", ("invoice", 100), ("money", 100)),
        ("401000", ("invoice", 100), ("money", 100)),
    ],
)
def test_what_stands_opposite_says_what_a_line_is(
    tmp_path: Path, opposite: str, debit: tuple[str, int] | None, credit: tuple[str, int] | None
):
    owed, settled = ([] if one is None else [one] for one in (debit, credit))
    assert kinds(tmp_path / "d", entry("OD", "1", "20250110", "C1", 100, opposite)) == owed
    assert kinds(tmp_path / "c", entry("OD", "1", "20250110", "C1", -100, opposite)) == settled


def test_a_negative_debit_is_a_credit(tmp_path: Path):
    lines = [
        line("VE", "1", "20250110", "411000", 0, CompAuxNum="C1", Debit="-100,00"),
        line("VE", "1", "20250110", "707000", 0, Credit="-100,00"),
    ]
    summary, ledger = imported(tmp_path, lines)
    assert ledger.invoices[["kind", "amount_cents"]].to_numpy().tolist() == [["credit_note", 10000]]
    assert (summary.files[0].debit, summary.files[0].unbalanced) == (-10000, ())


def test_a_sale_paid_at_once_in_one_entry_is_an_invoice_and_its_payment(tmp_path: Path):
    lines = [
        line("CA", "1", "20250110", "411000", 120, CompAuxNum="C1"),
        line("CA", "1", "20250110", "707000", -120),
        line("CA", "1", "20250110", "530000", 120),
        line("CA", "1", "20250110", "411000", -120, CompAuxNum="C1"),
    ]
    assert kinds(tmp_path, lines) == [("invoice", 120), ("money", 120)]


def test_a_payment_with_a_discount_in_its_entry_is_one_payment(tmp_path: Path):
    lines = [
        line("BQ", "1", "20250110", "411000", -100, CompAuxNum="C1"),
        line("BQ", "1", "20250110", "512000", 98),
        line("BQ", "1", "20250110", "665000", 2),
    ]
    assert kinds(tmp_path, lines) == [("money", 100)]


def test_each_instalment_of_an_invoice_is_a_document_with_its_own_due_date(tmp_path: Path):
    lines = [
        line("VE", "1", "20250110", "411000", 60, CompAuxNum="C1", EcritureLib="F1 Ech. 31/01/2025"),
        line("VE", "1", "20250110", "411000", 60, CompAuxNum="C1", EcritureLib="F1 Ech. 28/02/2025"),
        line("VE", "1", "20250110", "707000", -120),
    ]
    _, ledger = imported(tmp_path, lines)
    assert ledger.invoices["due_on"].dt.strftime("%d/%m").tolist() == ["31/01", "28/02"]


def test_a_move_between_411_and_416_is_no_payment(tmp_path: Path):
    move = [
        line("OD", "1", "20250601", "416000", 100, CompAuxNum="C1"),
        line("OD", "1", "20250601", "411000", -100, CompAuxNum="C1"),
    ]
    summary, ledger = imported(tmp_path, sale("1", "20250110", "C1", 100), move)
    assert ledger.payments.empty
    assert balance(ledger) == {"C1": 100}
    assert summary.files[0].fates["moved"].lines == 2


def test_a_document_keeps_its_own_day_and_money_the_entrys(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        sale("1", "20250131", "C1", 100, PieceDate="20250110"),
        paid("1", "20250228", "C1", 100, PieceDate="20250215"),
    )
    assert ledger.invoices["issued_on"].tolist() == [pd.Timestamp(2025, 1, 10)]
    assert ledger.payments["paid_on"].tolist() == [pd.Timestamp(2025, 2, 28)]


@pytest.mark.parametrize("piece", ["00000000", "20150110", "20350110", ""])
def test_a_documents_day_that_cannot_be_gives_way_to_the_entrys(tmp_path: Path, piece: str):
    _, ledger = imported(tmp_path, sale("1", "20250131", "C1", 100, PieceDate=piece))
    assert ledger.invoices["issued_on"].tolist() == [pd.Timestamp(2025, 1, 31)]


def test_ids_name_seller_year_journal_entry_and_place(tmp_path: Path):
    _, ledger = imported(tmp_path, sale("F7", "20250131", "C1", 100), opening("1", "20250101", "C2", 5))
    assert ledger.invoices["invoice_id"].tolist() == [
        "999000003-20251231-AN-1-1",
        "999000003-20251231-VE-F7-1",
    ]
