from pathlib import Path

import pytest

from models.errors import LedgerError
from tests.pipelines.sources.fec.builders import (
    HEADER,
    fec,
    imported,
    line,
    paid,
    quarantine,
    read,
    read_fec,
    sale,
)

GOOD = sale("1", "20250110", "C1", 12000)


def faults(folder: Path, *lines: str | list[str]) -> list[tuple[int, str, str, str]]:
    return [(one.line, one.column, one.value, one.reason) for one in read(folder, GOOD, *lines).faults]


def test_a_clean_file_has_no_fault(tmp_path: Path):
    assert faults(tmp_path) == []


@pytest.mark.parametrize("day", ["00000000", "0000-00-00", "20250230", ""])
def test_an_entry_without_a_day_is_refused(tmp_path: Path, day: str):
    assert faults(tmp_path, line("BQ", "2", day, "512000", 5)) == [
        (4, "EcritureDate", day, "is no date written YYYYMMDD")
    ]


def test_debit_and_credit_both_filled_are_refused(tmp_path: Path):
    bad = line("BQ", "2", "20250110", "411000", 0, CompAuxNum="C1", Debit="10,00", Credit="7,00")
    assert faults(tmp_path, bad) == [
        (4, "Debit | Credit", "10,00 | 7,00", "debit and credit are both filled: a line has one side")
    ]


def test_an_amount_that_is_none_is_refused_with_its_value(tmp_path: Path):
    bad = line("BQ", "2", "20250110", "512000", 0, Debit="12,3 EUR")
    assert [one[:3] for one in faults(tmp_path, bad)] == [(4, "Debit", "12,3 EUR")]


def test_a_second_header_is_refused_and_what_follows_is_taken(tmp_path: Path):
    file = read(tmp_path, GOOD, HEADER, sale("2", "20250111", "C1", 5000))
    assert [(one.line, one.column) for one in file.faults] == [(4, "CompteNum")]
    assert "the header again: two exports were joined" in file.faults[0].reason
    assert file.lines["debit"].tolist() == [12000, 5000]


def test_a_line_with_other_columns_is_refused_whole_and_lines_keep_their_numbers(tmp_path: Path):
    bad = line("BQ", "2", "20250110", "512000", 5)[: -len("\t\t20250110")]
    file = read(tmp_path, GOOD, bad, "a;b", "", sale("2", "20250111", "C1", 5000))
    assert [(one.line, one.reason) for one in file.faults] == [
        (4, "16 columns where the header has 18"),
        (5, "is not separated as the header is, which has 18 columns"),
    ]
    assert (file.n_blank, file.lines["line"].tolist()) == (1, [2, 7])


def test_empty_columns_beyond_the_headers_do_no_harm(tmp_path: Path):
    assert faults(tmp_path, f"{line('BQ', '2', '20250110', '512000', 0)}\t\t") == []


def test_a_file_that_ends_within_a_line_is_refused_as_a_whole(tmp_path: Path):
    path = fec(tmp_path, GOOD, paid("2", "20250210", "C1", 12000))
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(LedgerError, match=r"is cut short: line 5 ends after \d+ of 18 columns"):
        read_fec(path)


def test_a_file_without_an_end_of_line_at_its_end_is_whole(tmp_path: Path):
    path = fec(tmp_path, GOOD)
    whole = read_fec(path)
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    assert read_fec(path).lines.drop(columns="digest").equals(whole.lines.drop(columns="digest"))


def test_an_account_that_is_no_number_is_refused(tmp_path: Path):
    assert [one[1:3] for one in faults(tmp_path, line("BQ", "2", "20250110", "BANK", 5))] == [
        ("CompteNum", "BANK")
    ]


def test_zero_bytes_are_refused_where_they_stand(tmp_path: Path):
    bad = line("BQ", "2", "20250110", "512000", 5, EcritureLib="a\x00b")
    assert [(one[0], one[3]) for one in faults(tmp_path, bad)] == [
        (4, "holds a zero byte; the file was damaged")
    ]


def test_a_refused_line_lands_in_quarantine_with_file_line_column_value_and_reason(tmp_path: Path):
    summary, _ = imported(tmp_path, GOOD, line("BQ", "2", "00000000", "512000", 5))
    assert quarantine(summary) == [
        {
            "file": "999000003FEC20251231.txt",
            "line": "4",
            "column": "EcritureDate",
            "value": "00000000",
            "reason": "is no date written YYYYMMDD",
        }
    ]
    assert summary.exit_code == 3


def test_a_formula_in_a_refused_line_does_not_run_in_a_spreadsheet(tmp_path: Path):
    summary, _ = imported(tmp_path, GOOD, '=HYPERLINK("http://x";"y")')
    assert quarantine(summary)[0]["value"].startswith("'=HYPERLINK")


def test_no_side_is_refused(tmp_path: Path):
    header = HEADER.replace("Debit", "Montant").replace("Credit", "Sens")
    sided = [one.replace("120,00\t0,00", "120,00\tD").replace("0,00\t120,00", "120,00\tX") for one in GOOD]
    file = read(tmp_path, sided, header=header)
    assert [(one.column, one.value, one.reason) for one in file.faults] == [
        ("Sens", "X", "is no side: D or C, +1 or -1")
    ]
