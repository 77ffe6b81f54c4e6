"""Entries that move a debt and pay nothing: retentions, bills, factors, differences, new numbers."""

from pathlib import Path

import pandas as pd
import pytest

from models.ledger.ledger import Ledger
from pipelines.sources.fec.summary import FecSummary
from tests.pipelines.sources.fec.builders import balance, entry, imported, line, opening, paid, sale


def move(
    number: str, day: str, to: tuple[str, str], of: tuple[str, str], cents: int, **cells: str
) -> list[str]:
    """Write an entry that moves cents between accounts, each with the number of its customer."""
    return [
        line("OD", number, day, to[0], cents, CompAuxNum=to[1], **cells),
        line("OD", number, day, of[0], -cents, CompAuxNum=of[1], **cells),
    ]


def documents(ledger: Ledger) -> list[tuple[str, int, str]]:
    due = ledger.invoices["due_on"].dt.strftime("%Y%m%d")
    return sorted(zip(ledger.invoices["customer_id"], ledger.invoices["amount_cents"], due, strict=True))


def agrees(summary: FecSummary) -> bool:
    told = summary.files[0]
    return summary.open_cents == summary.balance_cents and not (
        told.gap_debit or told.gap_credit or told.gap_lines
    )


@pytest.mark.parametrize(
    ("account", "number"),
    [("416000", "C1"), ("416000", ""), ("413000", "C1"), ("413000", ""), ("411000", "C1")],
)
def test_a_move_within_a_customer_pays_nothing(tmp_path: Path, account: str, number: str):
    lines = move("1", "20250301", (account, number), ("411000", "C1"), 100)
    summary, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100), lines)
    assert documents(ledger) == [("C1", 100, "20250209")]
    assert ledger.payments.empty
    assert summary.files[0].fates["moved"].lines == 2
    assert agrees(summary)


def test_a_retention_is_part_of_its_invoice_that_falls_due_later(tmp_path: Path):
    retained = move("1", "20250110", ("411700", "C1"), ("411000", "C1"), 500, PieceRef="F1")
    lines = [sale("F0", "20250105", "C1", 900), sale("F1", "20250110", "C1", 10_000), retained]
    summary, ledger = imported(tmp_path, *lines, paid("P1", "20250301", "C1", 10_400))
    assert documents(ledger) == [("C1", 500, "20260110"), ("C1", 900, "20250204"), ("C1", 9_500, "20250209")]
    assert ledger.payments["paid_on"].unique().tolist() == [pd.Timestamp(2025, 3, 1)]
    assert balance(ledger) == {"C1": 500}
    assert summary.due_from == {"default": 2, "retention": 1}
    assert agrees(summary)


def test_a_retention_falls_due_when_its_label_says(tmp_path: Path):
    label = "RG F1 éch. 15/09/2025"
    retained = move(
        "1", "20250110", ("411700", "C1"), ("411000", "C1"), 500, PieceRef="F1", EcritureLib=label
    )
    _, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 10_000), retained)
    assert documents(ledger)[0] == ("C1", 500, "20250915")


def test_a_customers_own_account_that_begins_as_retentions_do_is_no_retention(tmp_path: Path):
    lines = [
        entry("VE", str(nth), "20250110", "", 100, "707000", account=account, CompteLib=f"Client {nth} SARL")
        for nth, account in enumerate(["411712", "411713"])
    ]
    summary, _ = imported(tmp_path, *lines)
    assert (summary.customers, summary.due_from) == (2, {"default": 2})


def test_a_bill_is_paid_when_money_comes_in(tmp_path: Path):
    drawn = move("1", "20250115", ("413000", ""), ("411000", "C1"), 100, PieceRef="T1")
    cashed = entry("BQ", "2", "20250228", "", -100, "512000", account="413000", PieceRef="T1")
    summary, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100), drawn, cashed)
    assert ledger.payments["paid_on"].tolist() == [pd.Timestamp(2025, 2, 28)]
    assert balance(ledger) == {}
    assert agrees(summary)


def test_a_bill_account_that_names_nobody_is_left_out_and_its_bills_pay_when_drawn(tmp_path: Path):
    drawn = move("1", "20250115", ("413000", ""), ("411000", "C1"), 100)
    cashed = entry("BQ", "2", "20250228", "", -70, "512000", account="413000")
    summary, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100), drawn, cashed)
    assert ledger.payments["paid_on"].tolist() == [pd.Timestamp(2025, 1, 15)]
    assert summary.files[0].fates["bill"].lines == 2
    assert agrees(summary)


def test_an_invoice_assigned_to_a_factor_is_neither_open_nor_paid(tmp_path: Path):
    assigned = entry("OD", "1", "20250112", "C1", -300, "467100", EcritureLib="Cession F2")
    lines = [sale("F1", "20250110", "C1", 100), sale("F2", "20250111", "C1", 300), assigned]
    summary, ledger = imported(tmp_path, *lines)
    assert documents(ledger) == [("C1", 100, "20250209")]
    assert ledger.payments.empty
    assert summary.files[0].fates["assigned"].credit == 300
    assert agrees(summary)


def test_an_assignment_of_a_part_leaves_the_rest_open(tmp_path: Path):
    lines = [sale("F1", "20250110", "C1", 100), entry("OD", "1", "20250112", "C1", -60, "467100")]
    summary, ledger = imported(tmp_path, *lines)
    assert documents(ledger) == [("C1", 40, "20250209")]
    assert agrees(summary)


def test_money_through_a_payment_service_under_467_is_a_payment(tmp_path: Path):
    came = [
        line("OD", "1", "20250112", "411000", -100, CompAuxNum="C1"),
        line("OD", "1", "20250112", "467200", 100, CompteLib="Compte Stripe"),
    ]
    _, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100), came)
    assert ledger.payments["paid_on"].tolist() == [pd.Timestamp(2025, 1, 12)]


@pytest.mark.parametrize("letter", ["A", ""])
@pytest.mark.parametrize("account", ["766000", "477000", "658000"])
def test_a_difference_with_a_payment_is_no_sale(tmp_path: Path, account: str, letter: str):
    lines = [
        sale("F1", "20250110", "C1", 10_000, EcritureLet=letter),
        paid("P1", "20250301", "C1", 10_350, EcritureLet=letter),
        entry("OD", "1", "20250301", "C1", 350, account, EcritureLet=letter),
    ]
    summary, ledger = imported(tmp_path, *lines)
    assert ledger.invoices["amount_cents"].tolist() == [10_000]
    assert ledger.payments["amount_cents"].tolist() == [10_000]
    assert summary.files[0].fates["adjusted"].debit == 350
    assert agrees(summary)


def test_a_revaluation_and_its_reversal_are_nothing(tmp_path: Path):
    lines = [
        sale("F1", "20250110", "C1", 10_000),
        entry("OD", "1", "20250630", "C1", 200, "477000"),
        entry("OD", "2", "20250701", "C1", -200, "477000"),
    ]
    summary, ledger = imported(tmp_path, *lines)
    assert documents(ledger) == [("C1", 10_000, "20250209")]
    assert ledger.payments.empty
    assert agrees(summary)


def test_a_claim_of_other_income_without_a_payment_stays_a_claim(tmp_path: Path):
    summary, ledger = imported(tmp_path, entry("OD", "1", "20250110", "C1", 9_000, "758000"))
    assert documents(ledger) == [("C1", 9_000, "20250209")]
    assert agrees(summary)


OLD_SALE = sale("F1", "20250110", "OLD", 1_000, CompAuxLib="Dock")


def test_a_customer_with_a_new_number_takes_its_history_along(tmp_path: Path):
    renumbered = move("1", "20250901", ("411000", "NEW"), ("411000", "OLD"), 1_000, CompAuxLib="Dock et fils")
    early = [*sale("F0", "20250105", "OLD", 70), *paid("P0", "20250220", "OLD", 70)]
    summary, ledger = imported(tmp_path, early, OLD_SALE, renumbered, paid("P1", "20250915", "NEW", 1_000))
    assert ledger.customers["customer_id"].tolist() == ["NEW"]
    assert summary.renumbered == {"OLD": "NEW"}
    assert documents(ledger) == [("NEW", 70, "20250204"), ("NEW", 1_000, "20250209")]
    assert ledger.payments["paid_on"].dt.strftime("%m%d").tolist() == ["0220", "0915"]
    assert agrees(summary)


def test_several_new_numbers_lead_to_the_last(tmp_path: Path):
    first = move("1", "20250901", ("411000", "MID"), ("411000", "OLD"), 1_000)
    second = move("2", "20251001", ("411000", "NEW"), ("411000", "MID"), 1_000)
    summary, ledger = imported(tmp_path, OLD_SALE, first, second)
    assert documents(ledger) == [("NEW", 1_000, "20250209")]
    assert agrees(summary)


def test_a_debt_that_another_customer_takes_over_is_not_paid_by_the_first(tmp_path: Path):
    taken = move(
        "1", "20250901", ("411000", "C2"), ("411000", "C1"), 1_000, PieceRef="F1", PieceDate="20250110"
    )
    lines = [sale("F1", "20250110", "C1", 1_000), sale("F2", "20250111", "C2", 5), taken]
    summary, ledger = imported(tmp_path, *lines, sale("F3", "20251001", "C1", 7))
    assert summary.renumbered == {}
    assert documents(ledger) == [("C1", 7, "20251031"), ("C2", 5, "20250210"), ("C2", 1_000, "20250209")]
    assert ledger.payments.empty
    assert agrees(summary)


def test_a_payment_booked_on_the_wrong_customer_is_brought_to_the_right_one(tmp_path: Path):
    lines = [
        sale("F1", "20250110", "C1", 100),
        sale("F2", "20250110", "C2", 100),
        paid("P1", "20250301", "C1", 100),
        move("1", "20250310", ("411000", "C1"), ("411000", "C2"), 100),
        sale("F3", "20251001", "C2", 7),
        sale("F4", "20251001", "C1", 8),
    ]
    summary, ledger = imported(tmp_path, *lines)
    assert balance(ledger) == {"C1": 108, "C2": 7}
    assert len(ledger.invoices) == 4
    assert agrees(summary)


def test_a_retention_of_last_year_is_carried_on(tmp_path: Path):
    _, ledger = imported(
        tmp_path, opening("1", "20250101", "C1", 500, account="411700", PieceDate="20240601")
    )
    assert documents(ledger) == [("C1", 500, "20250601")]
