from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import balance, fec, line, paid, sale


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_file_twice_changes_nothing(tmp_path: Path):
    bad = line("BQ", "9", "00000000", "512000", 5)
    path = fec(tmp_path, sale("F1", "20250110", "C1", 100), paid("P1", "20250210", "C1", 40), bad)
    import_fec([path], tmp_path / "ledger")
    before = contents(tmp_path / "ledger")
    import_fec([path], tmp_path / "ledger")
    assert contents(tmp_path / "ledger") == before
    summary = import_fec([path, path], tmp_path / "ledger")
    assert contents(tmp_path / "ledger") == before
    assert len(summary.files) == 1


def test_a_newer_export_of_the_same_year_takes_the_place_of_the_older_and_of_its_quarantine(tmp_path: Path):
    old = fec(tmp_path / "a", sale("F1", "20250110", "C1", 100), line("BQ", "9", "00000000", "512000", 5))
    new = fec(tmp_path / "b", sale("F1", "20250110", "C1", 100), paid("P1", "20250210", "C1", 40))
    import_fec([old], tmp_path / "ledger")
    import_fec([new], tmp_path / "ledger")
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 60}
    assert not [one for one in (tmp_path / "ledger" / "quarantine").rglob("*") if one.is_file()]


def halves(folder: Path, second: list[list[str]]) -> list[Path]:
    shared = sale("F2", "20250610", "C1", 200)
    return [
        fec(folder, sale("F1", "20250110", "C1", 100), shared, name="999000003FEC20250630.txt"),
        fec(folder, *second, name="999000003FEC20251231.txt"),
    ]


def test_entries_of_shared_days_count_once(tmp_path: Path):
    first, second = halves(tmp_path, [sale("F2", "20250610", "C1", 200), paid("P1", "20250910", "C1", 50)])
    summary = import_fec([first, second], tmp_path / "ledger")
    assert balance(read_ledger(tmp_path / "ledger")) == {"C1": 250}
    twice = summary.files[0].fates["twice"]
    assert (twice.lines, twice.debit) == (1, 200)
    assert [(one.gap_debit, one.gap_lines) for one in summary.files] == [(0, 0), (0, 0)]


def test_the_order_of_overlapping_files_does_not_matter(tmp_path: Path):
    files = halves(tmp_path, [sale("F2", "20250610", "C1", 200), paid("P1", "20250910", "C1", 50)])
    prints = []
    for nth, order in enumerate([files, files[::-1]]):
        for path in order:
            import_fec([path], tmp_path / str(nth))
        prints.append(fingerprint(read_ledger(tmp_path / str(nth))))
    assert prints[0] == prints[1]


def test_files_that_contradict_each_other_on_shared_days_are_refused(tmp_path: Path):
    files = halves(tmp_path, [sale("F2", "20250610", "C1", 201), paid("P1", "20250910", "C1", 50)])
    with pytest.raises(
        LedgerError, match=r"contradict each other: 1 entries stand in one alone \(VE F2 of 2025-06-10"
    ):
        import_fec(files, tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()


def test_two_different_files_of_one_year_given_at_once_are_refused(tmp_path: Path):
    first = fec(tmp_path / "a", sale("F1", "20250110", "C1", 100), sale("F2", "20250310", "C1", 5))
    other = fec(tmp_path / "b", sale("F1", "20250110", "C1", 100), sale("F3", "20250210", "C1", 7))
    with pytest.raises(LedgerError, match="contradict each other"):
        import_fec([first, other], tmp_path / "ledger")


def test_files_of_one_year_whose_numbers_begin_again_are_joined(tmp_path: Path):
    first = fec(tmp_path / "a", sale("1", "20250110", "C1", 100), paid("1", "20250131", "C1", 5))
    other = fec(tmp_path / "b", sale("1", "20250210", "C1", 7), paid("1", "20250228", "C1", 2))
    import_fec([first, other], tmp_path / "ledger")
    ledger = read_ledger(tmp_path / "ledger")
    assert ledger.invoices["invoice_id"].nunique() == 2
    assert balance(ledger) == {"C1": 100}


def test_a_year_that_lacks_between_two_is_asked_for(tmp_path: Path):
    files = [
        fec(tmp_path, sale("F1", "20231110", "C1", 100), year=2023),
        fec(tmp_path, sale("F2", "20250110", "C1", 5)),
    ]
    with pytest.raises(LedgerError, match="give the file of the year between too"):
        import_fec(files, tmp_path / "ledger")


def test_two_sellers_do_not_share_a_ledger(tmp_path: Path):
    import_fec([fec(tmp_path, sale("F1", "20250110", "C1", 100))], tmp_path / "ledger")
    other = fec(tmp_path, sale("F1", "20260110", "C1", 100), name="732829320FEC20261231.txt")
    with pytest.raises(LedgerError, match="are of 2 sellers"):
        import_fec([other], tmp_path / "ledger")


def test_a_file_whose_name_says_nothing_joins_the_seller_at_hand(tmp_path: Path):
    files = [
        fec(tmp_path, sale("F1", "20250110", "C1", 100)),
        fec(tmp_path, sale("F2", "20260110", "C1", 100), name="export.txt"),
    ]
    import_fec(files, tmp_path / "ledger")
    assert set(read_ledger(tmp_path / "ledger").invoices["invoice_id"].str[:9]) == {"999000003"}
