"""What came in is what went in, plus quarantine, plus what was left out on purpose: by lines and by cents."""

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.sources.bookkeeping.customers import name_customers
from pipelines.sources.fec.importing import import_fec
from pipelines.validation.checks import check_ledger
from tests.pipelines.sources.fec.builders import (
    HEADER,
    balance,
    entry,
    fec,
    imported,
    line,
    opening,
    paid,
    quarantine,
    read_fec,
    sale,
)

COUNTERPARTS = (
    *("707000", "512000", "654000", "665000", "419100", "401000", "120000", "467000", "766000", "477000"),
    "758000",
)


@st.composite
def entries(draw: st.DrawFn) -> list[list[str]]:
    """Entries of any kind, with letters used again, moves, openings and customers nobody named."""
    made = []
    for nth in range(draw(st.integers(1, 20))):
        day = f"2025{draw(st.integers(1, 12)):02d}{draw(st.integers(1, 28)):02d}"
        letter = draw(st.sampled_from(["", "", "A", "a", "B"]))
        cells = {"EcritureLet": letter, "DateLet": draw(st.sampled_from(["", day, "20251231"]))}
        customer = draw(st.sampled_from(["C1", "C2", "C3", ""]))
        cents = draw(st.integers(-50_000, 50_000))
        what = draw(st.sampled_from(["entry", "move", "across", "opening", "negative"]))
        if what in {"move", "across"}:
            account = {"CompAuxNum": customer or "C1"}
            other = account if what == "move" else {"CompAuxNum": draw(st.sampled_from(["C2", "C4"]))}
            to = draw(st.sampled_from(["416000", "413000", "411700", "411000"]))
            made.append(
                [line("OD", f"M{nth}", day, to, abs(cents), **account, **cells),
                 line("OD", f"M{nth}", day, "411000", -abs(cents), **other)]
            )  # fmt: skip
        elif what == "opening":
            piece = draw(st.sampled_from(["20190101", "20241120"]))
            made.append(opening(f"A{nth}", "20250101", customer, cents, PieceDate=piece, **cells))
        else:
            other = draw(st.sampled_from(COUNTERPARTS))
            account = draw(st.sampled_from(["411000", "416000"]))
            made.append(entry("J", f"E{nth}", day, customer, cents, other, account=account, **cells))
    return [sale("F0", "20250105", "C1", 100), *made]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries())
def test_the_ledger_owes_what_the_accounts_owe_customer_by_customer(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
):
    folder = tmp_path_factory.mktemp("fec")
    path = fec(folder, *lines)
    summary = import_fec([path], folder / "ledger")
    ledger = read_ledger(folder / "ledger")
    file = name_customers(read_fec(path).lines).lines
    owed = (file["debit"] - file["credit"]).groupby(file["customer_id"]).sum()
    if (folder / "ledger" / "fec_old.csv").exists():
        old = pd.read_csv(folder / "ledger" / "fec_old.csv")
        apart = (old["amount_eur"] * 100).round().astype(int).groupby(old["customer_id"]).sum()
        owed = owed.sub(apart, fill_value=0)
    assert balance(ledger) == {str(who): int(cents) for who, cents in owed.items() if cents}
    assert summary.open_cents == summary.balance_cents == sum(balance(ledger).values())
    told = summary.files[0]
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
    assert check_ledger(ledger).ok


DIRT = (
    {3: "00000000"},
    {3: "0000-00-00"},
    {3: ""},
    {11: "10,00", 12: "10,00"},
    {11: "12 EUR"},
    {12: "1,234"},
    {4: "CLIENT"},
    {6: ""},
    {11: "0,00", 12: "0,00"},
)
"""Cells that break a line, by the position of their column."""


def dirtied(lines: list[str], rng: random.Random) -> list[str]:
    """Break about half of the lines, in every way that exports are broken."""
    made = []
    for one in lines:
        cells = one.split("\t")
        ways: list[list[list[str]]] = [
            [[cell.get(at, text) for at, text in enumerate(cells)]] for cell in DIRT
        ]
        ways += [[cells[: rng.randrange(1, 18)]], [[*cells, "more"]], [[HEADER], [""], [""] * 18, cells]]
        chosen = rng.choice(ways) if rng.random() < 0.5 else [cells]
        made += ["\t".join(row) for row in chosen]
    return made


def clean() -> list[str]:
    """Eighty invoices with a payment each."""
    made: list[str] = []
    for nth in range(80):
        made += sale(f"F{nth}", "20250110", f"C{nth % 7}", 1000 + nth)
        made += paid(f"P{nth}", "20250210", f"C{nth % 7}", 900 + nth)
    return made


@pytest.mark.parametrize("seed", range(12))
def test_on_any_dirt_what_came_in_is_what_went_in_plus_quarantine_plus_what_was_left_out(
    tmp_path: Path, seed: int
):
    lines = dirtied(clean(), random.Random(seed))
    summary = import_fec([fec(tmp_path, sale("F", "20250101", "C1", 1), lines)], tmp_path / "ledger")
    told = summary.files[0]
    assert told.n_lines == len(lines) + 2
    assert told.n_lines == told.n_others + told.n_blank + sum(one.lines for one in told.fates.values())
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
    in_quarantine = {row["line"] for row in quarantine(summary)}
    assert len(in_quarantine) == told.n_refused > 0
    assert summary.open_cents == summary.balance_cents
    assert told.unbalanced
    assert {row["file"] for row in quarantine(summary)} == {"999000003FEC20251231.txt"}


def test_the_totals_are_those_of_the_file_read_by_hand(tmp_path: Path):
    lines = [
        sale("F1", "20250110", "C1", 12345),
        paid("P1", "20250210", "C1", 2345),
        sale("F2", "20250310", "C2", -99),
    ]
    path = fec(tmp_path, *lines)
    debit = credit = 0
    for one in path.read_text().splitlines()[1:]:
        cells = one.split("\t")
        if cells[4].startswith(("411", "413", "416")):
            debit += int(cells[11].replace(",", ""))
            credit += int(cells[12].replace(",", ""))
    told = import_fec([path], tmp_path / "ledger").files[0]
    assert (told.debit, told.credit) == (debit, credit) == (12345, 2444)


def test_refused_cents_are_counted_where_they_can_be_read(tmp_path: Path):
    bad = line("VE", "2", "00000000", "411000", 700, CompAuxNum="C1")
    told = imported(tmp_path, sale("F1", "20250110", "C1", 100), bad)[0].files[0]
    assert (told.debit, told.fates["refused"].debit, told.fates["taken"].debit) == (800, 700, 100)


def test_closing_entries_are_left_out_and_counted(tmp_path: Path):
    closing = entry("CLO", "1", "20251231", "C1", -100, "891000")
    summary, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100), closing)
    assert balance(ledger) == {"C1": 100}
    assert summary.files[0].fates["closing"].credit == 100


def test_a_file_without_customers_is_refused(tmp_path: Path):
    with pytest.raises(LedgerError, match="has no line on 411 or 416"):
        imported(tmp_path, entry("AC", "1", "20250110", "S1", -100, "607000", account="401000"))


def test_a_file_whose_customers_are_all_refused_says_why_of_the_first(tmp_path: Path):
    bad = sale("F1", "20250110", "C1", 100, EcritureDate="0000-00-00")
    with pytest.raises(
        LedgerError, match=r"of its 2 lines 1 are bad, the first of them line 2: EcritureDate"
    ):
        imported(tmp_path, bad)


def test_no_file_and_a_ledger_that_is_a_file_are_refused(tmp_path: Path):
    with pytest.raises(LedgerError, match="give at least one FEC"):
        import_fec([], tmp_path)
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100))
    with pytest.raises(LedgerError, match="is a file; a ledger is a folder"):
        import_fec([path], path)


def test_what_other_sources_brought_stays(tmp_path: Path):
    from models.ledger.files import write_ledger
    from models.ledger.ledger import from_frames

    day = pd.Timestamp(2024, 1, 1)
    customer = {"customer_id": "C1", "name": "Déjà connu", "siren": "552032534", "naf": "43.21A"}
    invoice = {"invoice_id": "X1", "customer_id": "C1", "kind": "invoice", "issued_on": day, "due_on": day,
               "amount_cents": 5, "currency": "EUR"}  # fmt: skip
    held = {"customers": pd.DataFrame([customer]), "invoices": pd.DataFrame([invoice])}
    write_ledger(from_frames(held), tmp_path / "ledger")
    _, ledger = imported(tmp_path, sale("F1", "20250110", "C1", 100, CompAuxLib=""))
    assert ledger.invoices["amount_cents"].tolist() == [100, 5]
    assert ledger.customers[["name", "siren", "naf"]].to_numpy().tolist() == [
        ["Déjà connu", "552032534", "43.21A"]
    ]


def test_a_damaged_side_file_is_told_with_what_to_do(tmp_path: Path):
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100))
    import_fec([path], tmp_path / "ledger")
    (tmp_path / "ledger" / "fec_lines.parquet").write_bytes(b"x")
    with pytest.raises(LedgerError, match="delete it and import every year again"):
        import_fec([path], tmp_path / "ledger")
