import datetime as dt
from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.sources.bookkeeping.lines import LINE_COLUMNS
from pipelines.sources.fec import stream
from tests.pipelines.sources.fec.builders import HEADER, fec, line, paid, read, read_fec, sale


def test_lines_of_customers_are_kept_and_all_others_counted(tmp_path: Path):
    file = read(tmp_path, sale("1", "20250110", "C1", 12000), line("OD", "1", "20251231", "491000", -10))
    assert list(file.lines.columns) == list(LINE_COLUMNS)
    assert file.lines["account"].tolist() == ["411000", "491000"]
    assert (file.n_lines, file.n_others, file.debit, file.credit) == (3, 1, 12000, 0)


def test_an_empty_file_is_refused(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    with pytest.raises(LedgerError, match=r"empty.txt is empty; a header and entries were expected"):
        read_fec(path)


def test_a_header_alone_is_refused(tmp_path: Path):
    with pytest.raises(LedgerError, match="has a header and no entry"):
        read(tmp_path)
    path = tmp_path / "bare.txt"
    path.write_text(HEADER)
    with pytest.raises(LedgerError, match="has a header and no entry"):
        read_fec(path)


def test_a_file_of_which_no_line_can_be_read_says_why_of_the_first(tmp_path: Path):
    with pytest.raises(
        LedgerError, match=r"line 2, EcritureDate '00000000' is no date written YYYYMMDD; exp"
    ):
        read(tmp_path, sale("1", "00000000", "C1", 100))


def test_the_close_is_the_end_of_the_last_month_where_the_name_does_not_say_it(tmp_path: Path):
    file = read(tmp_path, sale("1", "20250110", "C1", 1), paid("2", "20250212", "C1", 1), name="export.txt")
    assert (file.siren, file.closes_on) == (None, dt.date(2025, 2, 28))


def test_the_size_of_blocks_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lines = [one for nth in range(60) for one in sale(str(nth), "20250110", f"C{nth % 7}", 100 + nth)]
    path = fec(tmp_path, *lines[:40], "a\tb", "", *lines[40:])
    whole = read_fec(path)
    monkeypatch.setattr(stream.blocks, "__defaults__", (700,))
    cut = read_fec(path)
    assert cut.lines.equals(whole.lines)
    assert (cut.faults, cut.n_lines, cut.n_blank) == (whole.faults, whole.n_lines, 1)


def test_letters_that_are_none_count_as_blank(tmp_path: Path):
    lines = [
        sale(str(nth), "20250110", "C1", 1, EcritureLet=letter)
        for nth, letter in enumerate(("A", "000", "-", " "))
    ]
    assert read(tmp_path, *lines).lines["letter"].tolist() == ["A", "", "", ""]
