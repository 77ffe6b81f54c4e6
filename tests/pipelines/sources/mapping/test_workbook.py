"""What spreadsheets do to a list, and what they must not do to it."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.source_files import ImportBounds
from pipelines.sources.mapping.importing import ImportSummary, import_files
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.mapping.reading import read_contents, read_rows
from tests.pipelines.sources.mapping.builders import FILE, HEADER, INVOICES, mapping_at

Row = list[object]
DAY = pd.Timestamp(2024, 2, 1).to_pydatetime()


def book(folder: Path, *rows: Row, since_1904: bool = False, header: str = HEADER) -> Path:
    made = openpyxl.Workbook()
    if since_1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(header.split(";"))
    for row in rows:
        made.active.append(row)
    made.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def import_book(folder: Path, *rows: Row, since_1904: bool = False) -> ImportSummary:
    return import_files(mapping_at(folder), [book(folder, *rows, since_1904=since_1904)], folder / "ledger")


def test_cells_at_the_end_that_are_not_stored_are_empty(tmp_path: Path):
    summary = import_book(tmp_path, ["F1", 17, "F", DAY, None, 10, "EUR"], ["F2", 17, None, DAY, None, 20])
    assert (summary.rows_read, summary.rows_refused) == (2, 0)
    assert read_ledger(tmp_path / "ledger").invoices["amount_cents"].tolist() == [1000, 2000]


def test_a_filled_cell_beyond_the_header_refuses_its_row(tmp_path: Path):
    summary = import_book(tmp_path, ["F1", 17, "F", DAY, None, 10, "EUR", None, "?"])
    assert summary.rows_refused == 1


@pytest.mark.parametrize("since_1904", [False, True])
@pytest.mark.parametrize("stored", [int, float, str])
def test_a_day_without_a_date_format_is_read(tmp_path: Path, stored: type, since_1904: bool):
    epoch = pd.Timestamp(1904, 1, 1) if since_1904 else pd.Timestamp(1899, 12, 30)
    serial = stored((DAY - epoch).days)
    import_book(tmp_path, ["F1", 17, "F", serial, None, 10, "EUR"], since_1904=since_1904)
    row = read_ledger(tmp_path / "ledger").invoices.iloc[0]
    assert (row.issued_on, row.due_on) == (pd.Timestamp(DAY), pd.Timestamp(2024, 3, 2))


@pytest.mark.parametrize("serial", [17, 20240201, 99999, "45323x"])
def test_what_is_no_day_of_the_calendar_stays_refused(tmp_path: Path, serial: object):
    assert import_book(tmp_path, ["F1", 17, "F", serial, None, 10, "EUR"]).rows_refused == 1


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123450),
        ("1234,50", 123450),
        ("1234.50", 123450),
        ("1,234.5", 123450),
        ("1 234,50", 123450),
        ("1\u202f234.50", 123450),
        ("1'234.50", 123450),
        ("0.07", 7),
        ("1.234", 123400),
    ],
)
def test_a_figure_stored_as_text_is_read_where_it_can_mean_one_thing(tmp_path: Path, text: str, cents: int):
    assert import_book(tmp_path, ["F1", 17, "F", DAY, None, text, "EUR"]).rows_refused == 0
    assert read_ledger(tmp_path / "ledger").invoices["amount_cents"].tolist() == [cents]


@pytest.mark.parametrize("text", ["1,234.567", "12.34.56", "1.2345,00", "1,23,4.50", "dix"])
def test_a_figure_that_could_mean_two_things_is_refused(tmp_path: Path, text: str):
    assert import_book(tmp_path, ["F1", 17, "F", DAY, None, text, "EUR"]).rows_refused == 1


def test_a_csv_keeps_the_notation_that_its_mapping_says(tmp_path: Path):
    source = tmp_path / "export.csv"
    source.write_text(f"{HEADER}\nF1;C1;F;01/02/2024;;1234.50;EUR\nF2;C1;F;45323;;1,00;EUR\n")
    assert import_files(mapping_at(tmp_path), [source], tmp_path / "ledger").rows_refused == 2


def test_a_workbook_with_more_columns_or_rows_than_is_usual_is_refused_by_name(tmp_path: Path):
    mapping = load_mapping(mapping_at(tmp_path, FILE + INVOICES))
    wide = read_contents([book(tmp_path, ["F1"] * 12)])
    with pytest.raises(LedgerError, match="ENCOURS_IMPORT_COLUMNS"):
        read_rows(wide, mapping, bounds=ImportBounds(columns=10))
    long = read_contents([book(tmp_path, *(["F1"] for _ in range(4)))])
    with pytest.raises(LedgerError, match="ENCOURS_IMPORT_ROWS"):
        read_rows(long, mapping, bounds=ImportBounds(rows=3))
