from pathlib import Path

import pandas as pd
import pytest

from models.ledger.files import fingerprint, read_ledger
from models.ledger.ledger import Ledger
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.fec.summary import FecSummary
from tests.pipelines.sources.fec.builders import balance, fec, imported, opening, paid, sale

LAST_YEAR = [
    sale("F1", "20250110", "C1", 100, EcritureLet="A"),
    paid("P1", "20250210", "C1", 100, EcritureLet="A"),
    sale("F2", "20251101", "C1", 200),
    sale("F3", "20251201", "C1", 300),
]
DETAILED = [
    opening("1", "20260101", "C1", 200, PieceRef="F2", PieceDate="20251101", EcritureLet="A"),
    opening("1", "20260101", "C1", 300, PieceRef="F3", PieceDate="20251201"),
]
ONE_BALANCE = [opening("1", "20260101", "C1", 500, PieceRef="-", PieceDate="20260101")]
PAID = paid("P2", "20260115", "C1", 200, EcritureLet="A")


def both(folder: Path, this_year: list[list[str]]) -> tuple[FecSummary, Ledger]:
    files = [fec(folder, *LAST_YEAR), fec(folder, *this_year, year=2026)]
    summary = import_fec(files, folder / "ledger")
    return summary, read_ledger(folder / "ledger")


@pytest.mark.parametrize("opened", [DETAILED, ONE_BALANCE], ids=["detailed", "one balance"])
def test_opening_lines_go_on_from_last_year_and_nothing_is_doubled(tmp_path: Path, opened: list[list[str]]):
    summary, ledger = both(tmp_path, [*opened, PAID])
    assert ledger.invoices["amount_cents"].tolist() == [100, 200, 300]
    assert ledger.invoices["issued_on"].dt.month.tolist() == [1, 11, 12]
    assert balance(ledger) == {"C1": 300}
    assert summary.files[1].fates["joined"].debit == 500
    assert summary.opening == 0


def test_a_letter_on_an_opening_line_ties_last_years_invoice(tmp_path: Path):
    newest = [
        opening("1", "20260101", "C1", 200, PieceRef="F2"),
        opening("1", "20260101", "C1", 300, PieceRef="F3", EcritureLet="B"),
    ]
    _, ledger = both(tmp_path, [*newest, paid("P2", "20260115", "C1", 300, EcritureLet="B")])
    tied = ledger.payments[ledger.payments["paid_on"] == pd.Timestamp(2026, 1, 15)]
    assert tied["invoice_id"].str.contains("-F3-").tolist() == [True]


def test_a_letter_on_one_balance_ties_all_that_was_open(tmp_path: Path):
    one = [opening("1", "20260101", "C1", 500, PieceRef="-", EcritureLet="A")]
    _, ledger = both(tmp_path, [*one, paid("P2", "20260115", "C1", 500, EcritureLet="A")])
    notes = pd.read_parquet(tmp_path / "ledger" / "fec_notes.parquet")
    assert set(notes.loc[notes["table"] == "payments", "settled_by"]) == {"letter"}
    assert balance(ledger) == {}


def test_without_last_year_an_opening_line_is_the_item_with_its_own_day(tmp_path: Path):
    summary, ledger = imported(tmp_path, *DETAILED, PAID, year=2026)
    assert ledger.invoices["issued_on"].dt.strftime("%Y%m%d").tolist() == ["20251101", "20251201"]
    assert summary.opening == 2
    assert balance(ledger) == {"C1": 300}


def test_an_old_opening_item_is_set_apart_and_listed_not_hugely_late(tmp_path: Path):
    summary, ledger = imported(
        tmp_path,
        opening("1", "20260101", "C1", 900, PieceRef="OLD", PieceDate="20210315", EcritureLib="=cmd()"),
        opening("1", "20260101", "C1", 200, PieceRef="F2", PieceDate="20251101"),
        paid("P2", "20260115", "C1", 200),
        year=2026,
    )
    assert ledger.invoices["amount_cents"].tolist() == [200]
    assert balance(ledger) == {}
    assert (summary.old, summary.files[0].fates["old"].debit) == ((1, 900), 900)
    assert summary.balance_cents == summary.open_cents
    listed = pd.read_csv(tmp_path / "ledger" / "fec_old.csv")
    assert listed[["customer_id", "piece", "issued_on", "amount_eur", "label"]].to_numpy().tolist() == [
        ["C1", "OLD", "2021-03-15", 9.0, "'=cmd()"]
    ]


def test_no_text_of_an_old_item_runs_as_a_formula_where_it_is_listed(tmp_path: Path):
    texts = {"CompAuxNum": "=1+1", "PieceRef": "@A1", "EcritureLib": "+cmd()"}
    imported(tmp_path, opening("1", "20260101", "", 900, PieceDate="20210315", **texts), year=2026)
    listed = pd.read_csv(tmp_path / "ledger" / "fec_old.csv", dtype="str")
    assert listed[["customer_id", "piece", "label"]].to_numpy().tolist() == [["'=1+1", "'@A1", "'+cmd()"]]


def test_an_old_opening_item_that_a_letter_ties_to_a_payment_was_really_so_late(tmp_path: Path):
    summary, ledger = imported(
        tmp_path,
        opening("1", "20260101", "C1", 900, PieceRef="OLD", PieceDate="20210315", EcritureLet="A"),
        paid("P2", "20260115", "C1", 900, EcritureLet="A"),
        year=2026,
    )
    assert summary.old == (0, 0)
    assert ledger.payments["invoice_id"].tolist() == ledger.invoices["invoice_id"].tolist()


def test_an_opening_that_is_not_the_close_before_is_kept_as_one_item_and_told(tmp_path: Path):
    more = [*DETAILED, opening("1", "20260101", "C1", 50, PieceRef="X"), opening("1", "20260101", "C2", 7)]
    summary, ledger = both(tmp_path, more)
    assert summary.opening_gaps == (2, 57)
    assert balance(ledger) == {"C1": 550, "C2": 7}
    assert summary.balance_cents == summary.open_cents == 557


def test_a_customer_whose_balance_is_gone_from_the_opening_owes_nothing(tmp_path: Path):
    summary, ledger = both(tmp_path, [opening("1", "20260101", "C9", 1), sale("F9", "20260105", "C9", 5)])
    assert balance(ledger) == {"C9": 6}
    assert summary.opening_gaps == (2, -499)


def test_a_year_without_opening_goes_on_and_says_so(tmp_path: Path):
    summary, ledger = both(tmp_path, [sale("F9", "20260105", "C1", 5)])
    assert balance(ledger) == {"C1": 505}
    assert summary.without_opening == ("999000003FEC20261231.txt",)


def test_years_given_one_by_one_in_any_order_make_the_same_ledger(tmp_path: Path):
    files = [fec(tmp_path, *LAST_YEAR), fec(tmp_path, *DETAILED, PAID, year=2026)]
    prints = set()
    for nth, order in enumerate([files, files[::-1], files[:1] * 2 + files[1:]]):
        for path in order:
            import_fec([path], tmp_path / str(nth))
        prints.add(fingerprint(read_ledger(tmp_path / str(nth))))
    import_fec(files, tmp_path / "at once")
    prints.add(fingerprint(read_ledger(tmp_path / "at once")))
    assert len(prints) == 1


def test_three_years_carry_an_item_from_the_first(tmp_path: Path):
    files = [
        fec(tmp_path, *LAST_YEAR),
        fec(tmp_path, *DETAILED, PAID, year=2026),
        fec(
            tmp_path,
            opening("1", "20270101", "C1", 300, PieceRef="F3", PieceDate="20251201", EcritureLet="A"),
            paid("P3", "20270110", "C1", 300, EcritureLet="A"),
            year=2027,
        ),
    ]
    summary = import_fec(files, tmp_path / "ledger")
    ledger = read_ledger(tmp_path / "ledger")
    assert (len(ledger.invoices), balance(ledger), summary.opening_gaps) == (3, {}, (0, 0))
    last = ledger.payments[ledger.payments["paid_on"] == pd.Timestamp(2027, 1, 10)]
    assert last["invoice_id"].str.contains("-F3-").tolist() == [True]
