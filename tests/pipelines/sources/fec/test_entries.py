from pathlib import Path

import pytest

from pipelines.sources.bookkeeping.lines import EntrySide
from tests.pipelines.sources.fec.builders import entry, line, paid, read, sale


def sides(folder: Path, *lines: str | list[str]) -> list[EntrySide]:
    return [EntrySide(value) for value in read(folder, *lines).lines["sides"]]


def test_what_stands_opposite_is_read_from_the_whole_entry(tmp_path: Path):
    found = sides(
        tmp_path,
        sale("1", "20250110", "C1", 12000),
        paid("1", "20250210", "C1", 12000),
        entry("OD", "1", "20250310", "C1", -12000, "654000", account="416000"),
    )
    assert found == [
        EntrySide.CUSTOMER | EntrySide.SALE,
        EntrySide.CUSTOMER | EntrySide.MONEY,
        EntrySide.DOUBTFUL | EntrySide.LOSS | EntrySide.CHARGE,
    ]


def test_an_unbalanced_entry_is_named_with_its_gap(tmp_path: Path):
    file = read(
        tmp_path,
        sale("1", "20250110", "C1", 12000),
        line("VE", "2", "20250110", "411000", 5000, CompAuxNum="C1"),
        line("VE", "2", "20250110", "707000", -4999),
    )
    assert [(one.journal, one.entry, one.line, one.gap_cents) for one in file.unbalanced] == [
        ("VE", "2", 4, 1)
    ]


def test_entries_that_spread_over_a_file_are_put_together(tmp_path: Path):
    first, second = sale("1", "20250110", "C1", 100), sale("2", "20250110", "C2", 200)
    file = read(tmp_path, first[0], second[1], second[0], first[1])
    assert file.unbalanced == ()
    assert set(file.lines["sides"]) == {EntrySide.CUSTOMER | EntrySide.SALE}


def test_numbers_that_begin_again_each_month_do_not_mix_entries(tmp_path: Path):
    file = read(tmp_path, sale("1", "20250110", "C1", 100), sale("1", "20250210", "C1", 200))
    assert file.unbalanced == ()
    assert file.lines["rank"].tolist() == [1, 3]


def test_a_program_that_numbers_every_line_is_understood_by_piece_and_day(tmp_path: Path):
    lines = []
    for nth in range(3):
        for place, one in enumerate(sale(f"F{nth}", f"2025011{nth}", "C1", 100 + nth)):
            cells = one.split("\t")
            cells[2] = str(2 * nth + place)
            lines.append("\t".join(cells))
    file = read(tmp_path, lines)
    assert file.unbalanced == ()
    assert set(file.lines["sides"]) == {EntrySide.CUSTOMER | EntrySide.SALE}


@pytest.mark.parametrize(
    ("code", "name"),
    [("AN", "x"), ("RAN", "x"), ("OUV", "x"), ("ANV", "x"), ("X1", "A nouveaux"), ("X1", "À-nouveau"),
     ("X1", "Balance initiale"), ("X1", "Journal d'ouverture"), ("X1", "REPORT A NOUVEAU")],
)  # fmt: skip
@pytest.mark.parametrize("opposite", ["120000", "471000"])
def test_balance_sheet_entries_of_a_usual_journal_open_the_year_on_its_first_day(
    tmp_path: Path, code: str, name: str, opposite: str
):
    found = sides(tmp_path, entry(code, "1", "20250101", "C1", 100, opposite, JournalLib=name))
    assert found == [EntrySide.CUSTOMER | EntrySide.OPENING]


def test_an_entry_against_equity_on_the_first_day_opens_the_year_in_any_journal(tmp_path: Path):
    lines = [entry("OD", "1", "20250101", "C1", 100, "101000"), sale("1", "20250102", "C1", 100)]
    assert sides(tmp_path, *lines) == [
        EntrySide.CUSTOMER | EntrySide.OPENING,
        EntrySide.CUSTOMER | EntrySide.SALE,
    ]


def test_a_journal_of_single_lines_with_equity_among_them_opens_the_year(tmp_path: Path):
    alone = [
        line("X1", "1", "20250101", "411000", 100, CompAuxNum="C1"),
        line("X1", "2", "20250101", "101000", -100),
    ]
    assert sides(tmp_path, alone, sale("1", "20250102", "C1", 5))[0] == EntrySide.CUSTOMER | EntrySide.OPENING


@pytest.mark.parametrize(
    ("code", "name"), [("BN", "Banque nouveau compte"), ("BQ", "Report de banque"), ("AN", "Agence Nord")]
)
def test_money_that_moves_through_the_year_is_no_opening_whatever_its_journal_is_called(
    tmp_path: Path, code: str, name: str
):
    found = sides(
        tmp_path,
        sale("1", "20250102", "C1", 100),
        entry(code, "1", "20250115", "C1", -60, "512000", JournalLib=name),
        entry(code, "2", "20250310", "C1", -40, "512000", JournalLib=name),
    )
    assert found[1:] == [EntrySide.CUSTOMER | EntrySide.MONEY] * 2


def test_money_on_the_first_day_is_no_opening(tmp_path: Path):
    lines = [paid("1", "20250101", "C1", 100), paid("2", "20250201", "C1", 100)]
    assert sides(tmp_path, *lines) == [EntrySide.CUSTOMER | EntrySide.MONEY] * 2


def test_an_opening_may_be_booked_after_the_first_entry_of_its_year(tmp_path: Path):
    lines = [sale("1", "20250630", "C1", 1), entry("AN", "1", "20250701", "C1", 100, "471000")]
    assert sides(tmp_path, *lines)[1] == EntrySide.CUSTOMER | EntrySide.OPENING


def test_a_sale_is_never_an_opening_whatever_its_journal_is_called(tmp_path: Path):
    assert sides(tmp_path, entry("AN", "1", "20250110", "C1", 100, "707000")) == [
        EntrySide.CUSTOMER | EntrySide.SALE
    ]
