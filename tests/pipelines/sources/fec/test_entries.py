from pathlib import Path

import pytest

from pipelines.sources.fec.entries import Side
from tests.pipelines.sources.fec.builders import entry, line, paid, read, sale


def sides(folder: Path, *lines: str | list[str]) -> list[Side]:
    return [Side(value) for value in read(folder, *lines).lines["sides"]]


def test_what_stands_opposite_is_read_from_the_whole_entry(tmp_path: Path):
    found = sides(
        tmp_path,
        sale("1", "20250110", "C1", 12000),
        paid("1", "20250210", "C1", 12000),
        entry("OD", "1", "20250310", "C1", -12000, "654000", account="416000"),
    )
    assert found == [
        Side.CUSTOMER | Side.SALE,
        Side.CUSTOMER | Side.MONEY,
        Side.DOUBTFUL | Side.LOSS | Side.CHARGE,
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
    assert set(file.lines["sides"]) == {Side.CUSTOMER | Side.SALE}


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
    assert set(file.lines["sides"]) == {Side.CUSTOMER | Side.SALE}


@pytest.mark.parametrize(
    ("code", "name"),
    [("AN", "x"), ("RAN", "x"), ("OUV", "x"), ("ANV", "x"), ("X1", "A nouveaux"), ("X1", "À-nouveau"),
     ("X1", "Balance initiale"), ("X1", "Journal d'ouverture"), ("X1", "REPORT A NOUVEAU")],
)  # fmt: skip
def test_an_opening_journal_is_known_by_its_code_or_its_name(tmp_path: Path, code: str, name: str):
    found = sides(tmp_path, entry(code, "1", "20250101", "C1", 100, "120000", JournalLib=name))
    assert found == [Side.CUSTOMER | Side.OPENING]


def test_a_sale_is_never_an_opening_whatever_its_journal_is_called(tmp_path: Path):
    assert sides(tmp_path, entry("AN", "1", "20250110", "C1", 100, "707000")) == [Side.CUSTOMER | Side.SALE]
