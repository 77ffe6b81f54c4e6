"""A file is the year that its name says, and no import deletes lines without a word."""

from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import balance, fec, imported, paid, quarantine, sale


def doubts(folder: Path, *files: Path) -> list[tuple[str, object]]:
    summary = import_fec(list(files), folder / "ledger")
    return [(one.kind, one.values.get("count")) for one in summary.doubts]


def test_lines_after_the_close_in_the_name_refuse_the_file_with_their_numbers(tmp_path: Path):
    lines = [sale("F1", "20250110", "C1", 100), sale("F2", "20250620", "C1", 60)]
    with pytest.raises(
        LedgerError, match=r"closes on 2024-12-31, but 4 of its 4 lines are later \(2025-01-10"
    ):
        imported(tmp_path, *lines, year=2024)
    assert not (tmp_path / "ledger").exists()


def test_lines_of_another_year_before_refuse_the_file(tmp_path: Path):
    with pytest.raises(LedgerError, match="closes on 2026-12-31, but its 2 lines are of 2025-01-10"):
        imported(tmp_path, sale("F1", "20250110", "C1", 100), year=2026)


def test_a_few_lines_after_the_close_wait_in_quarantine_and_every_cent_is_told(tmp_path: Path):
    lines = [sale(f"F{nth}", "20250110", "C1", 100) for nth in range(150)]
    summary, ledger = imported(tmp_path, *lines, sale("F999", "20520110", "C1", 7))
    told = summary.files[0]
    assert {row["reason"] for row in quarantine(summary)} == {
        "is after 2025-12-31, the close of the year that the file says"
    }
    assert (told.n_refused, told.debit, told.fates["refused"].debit) == (2, 15_007, 7)
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
    assert balance(ledger) == {"C1": 15_000}


def test_a_long_first_year_is_taken_and_older_lines_are_doubted(tmp_path: Path):
    long = fec(tmp_path / "a", sale("F1", "20240105", "C1", 100), sale("F2", "20250110", "C1", 100))
    assert doubts(tmp_path / "a", long) == []
    old = fec(tmp_path / "b", sale("F1", "20230105", "C1", 100), sale("F2", "20250110", "C1", 100))
    assert doubts(tmp_path / "b", old) == [("early", 2)]


def test_entries_dated_by_their_transfer_after_the_close_are_of_the_year(tmp_path: Path):
    lines = [
        sale("1", "20260115", "C1", 100, PieceDate="20250110"),
        sale("2", "20260115", "C1", 50, PieceDate="20250305"),
        paid("1", "20260115", "C1", 100, PieceRef="V1", PieceDate="20250212"),
    ]
    _, ledger = imported(tmp_path, *lines)
    assert balance(ledger) == {"C1": 50}


@pytest.mark.parametrize(
    ("name", "kind"), [("999000004FEC20251231.txt", "siren_key"), ("999000003FEC20251332.txt", "no_day")]
)
def test_a_name_that_says_nonsense_is_doubted(tmp_path: Path, name: str, kind: str):
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100), name=name)
    assert doubts(tmp_path, path) == [(kind, None)]


def many(year: int, letter: str) -> list[list[str]]:
    return [sale(f"F{nth}", f"{year}0110", f"{letter}{nth}", 100) for nth in range(6)]


def test_two_years_without_a_customer_in_common_are_doubted(tmp_path: Path):
    first, second = fec(tmp_path, *many(2024, "A"), year=2024), fec(tmp_path, *many(2025, "B"))
    assert doubts(tmp_path / "at once", first, second) == [("strangers", 6), ("strangers", 6)]
    assert doubts(tmp_path / "later", first) == []
    assert doubts(tmp_path / "later", second) == [("strangers", 6)]
    same = fec(tmp_path / "same", *many(2025, "A"))
    assert doubts(tmp_path / "again", first, same) == []


def test_a_replacement_that_deletes_lines_says_how_many(tmp_path: Path):
    old = [
        sale("F1", "20250110", "C1", 100),
        sale("F2", "20250210", "C1", 60),
        paid("P1", "20250301", "C1", 9),
    ]
    import_fec([fec(tmp_path / "a", *old)], tmp_path / "ledger")
    newer = fec(tmp_path / "b", old[0], old[2], sale("F9", "20250401", "C1", 5))
    summary = import_fec([newer], tmp_path / "ledger")
    values = summary.doubts[0].values
    assert (values["count"], values["total"], values["debit"], values["first"]) == (
        1,
        3,
        60,
        "VE F2, 2025-02-10",
    )
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 96}


def test_a_replacement_that_would_delete_most_lines_is_refused_unless_it_is_asked_for(tmp_path: Path):
    old = fec(tmp_path / "a", sale("F1", "20250110", "C1", 100), sale("F2", "20250310", "C1", 60))
    import_fec([old], tmp_path / "ledger")
    other = fec(tmp_path / "b", sale("F8", "20250210", "C1", 1), sale("F9", "20250410", "C1", 5))
    with pytest.raises(
        LedgerError, match=r"delete 2 of its 2 lines on customers' accounts \(1\.60 EUR debit"
    ):
        import_fec([other], tmp_path / "ledger")
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 160}
    summary = import_fec([other], tmp_path / "ledger", replace_year=True)
    assert summary.doubts[0].values["count"] == 2
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 6}


def test_numbers_given_anew_at_validation_delete_nothing(tmp_path: Path):
    import_fec([fec(tmp_path / "a", sale("1", "20250110", "C1", 100))], tmp_path / "ledger")
    again = fec(tmp_path / "b", sale("7001", "20250110", "C1", 100), sale("7002", "20250210", "C1", 5))
    assert import_fec([again], tmp_path / "ledger").doubts == ()


def test_files_of_one_year_that_share_no_day_are_joined_whenever_they_come(tmp_path: Path):
    first = fec(tmp_path / "a", sale("1", "20250110", "C1", 100))
    other = fec(tmp_path / "b", sale("1", "20250210", "C1", 7))
    import_fec([first], tmp_path / "ledger")
    assert import_fec([other], tmp_path / "ledger").doubts == ()
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 107}
