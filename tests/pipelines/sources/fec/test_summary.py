import datetime as dt
from pathlib import Path

from pipelines.sources.fec.importing import import_fec
from pipelines.sources.fec.reading import Recognised
from pipelines.sources.fec.summary import FileSummary, LineTotals
from tests.pipelines.sources.fec.builders import entry, fec, imported, line, opening, paid, sale


def test_every_figure_is_counted(tmp_path: Path):
    summary, _ = imported(
        tmp_path,
        opening("1", "20250101", "C1", 500, PieceDate="20241105"),
        sale("F1", "20250110", "C1", 1000, EcritureLet="A"),
        paid("P1", "20250210", "C1", 1000, EcritureLet="A"),
        sale("A1", "20250111", "C2", -30),
        paid("P2", "20250211", "C3", 70),
        paid("P3", "20250212", "C1", 200),
    )
    assert summary.customers == 3
    assert summary.invoices == LineTotals(2, 1500, 0)
    assert (summary.credit_notes, summary.payments, summary.opening) == (1, 3, 1)
    assert summary.settled == {"letter": (1, 1000), "inferred": (1, 200), "on_account": (1, 70)}
    assert summary.open_cents == summary.balance_cents == 500 - 30 - 70 - 200


def test_a_line_that_nothing_accounts_for_would_show_as_a_gap():
    told = FileSummary(
        "a", None, dt.date(2025, 12, 31), 5, 2, 0, 0, 100, 50, {"taken": LineTotals(2, 90, 50)}, (), {}, None,
        Recognised(None, "EcritureLet", None, (), transferred=False, later_pieces=0),
    )  # fmt: skip
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (10, 0, 1)


def test_provisions_stand_outside_the_totals(tmp_path: Path):
    summary, _ = imported(
        tmp_path,
        sale("F1", "20250110", "C1", 1000),
        entry("OD", "1", "20251231", "", -500, "681740", account="491000"),
    )
    told = summary.files[0]
    assert (told.credit, told.gap_credit, told.fates["provision"].credit) == (0, 0, 500)


def test_under_one_percent_refused_ends_well(tmp_path: Path):
    lines = [sale(f"F{nth}", "20250110", "C1", 100) for nth in range(60)]
    bad = line("BQ", "9", "00000000", "512000", 5)
    assert imported(tmp_path / "a", *lines, bad)[0].exit_code == 0
    assert imported(tmp_path / "b", *lines[:40], bad)[0].exit_code == 3


def test_figures_are_of_all_years_and_files_of_those_given(tmp_path: Path):
    import_fec([fec(tmp_path, sale("F1", "20250110", "C1", 100))], tmp_path / "ledger")
    summary = import_fec([fec(tmp_path, sale("F2", "20260110", "C1", 100), year=2026)], tmp_path / "ledger")
    assert (len(summary.files), summary.years, summary.invoices.lines) == (1, 2, 2)
