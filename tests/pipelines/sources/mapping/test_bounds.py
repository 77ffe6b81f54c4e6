"""Files that unpack to far more than they seem, and names that hide what they are."""

import gzip
import zipfile
from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.source_files import MEGABYTE, SMALL_BYTES, ImportBounds, unpacked
from pipelines.sources.mapping.importing import import_files
from pipelines.sources.mapping.reading import read_contents, read_records
from pipelines.sources.mapping.shape import FileShape
from tests.pipelines.sources.mapping.builders import FILE, GOOD, HEADER, import_lines, mapping_at, write


def packed(folder: Path, size: int) -> Path:
    path = folder / "export.csv.gz"
    path.write_bytes(gzip.compress(b"\n" * size, 6))
    return path


def test_a_gzipped_file_that_unpacks_out_of_proportion_is_refused(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"100 times its packed size.*raise ENCOURS_IMPORT_RATIO"):
        import_files(mapping_at(tmp_path), [packed(tmp_path, SMALL_BYTES + 1)], tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()


def test_what_may_be_unpacked_has_a_bound_of_its_own(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"more than 1 MB.*raise ENCOURS_IMPORT_MB"):
        read_contents([packed(tmp_path, MEGABYTE + 1)], ImportBounds(mb=1))
    assert len(read_contents([packed(tmp_path, MEGABYTE)], ImportBounds(mb=1))[0].data) == MEGABYTE


def test_bounds_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENCOURS_IMPORT_RATIO", "5000")
    path = packed(tmp_path, SMALL_BYTES + 1)
    assert len(unpacked(path, path.read_bytes(), ImportBounds())) == SMALL_BYTES + 1
    monkeypatch.setenv("ENCOURS_IMPORT_ROWS", "1")
    with pytest.raises(LedgerError, match=r"more than 1 rows.*ENCOURS_IMPORT_ROWS"):
        import_lines(tmp_path, GOOD, GOOD.replace("F1", "F2"))


def test_a_workbook_that_unpacks_out_of_proportion_is_refused_before_it_is_opened(tmp_path: Path):
    path = tmp_path / "export.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<c/>" * (SMALL_BYTES // 4 + 1))
    with pytest.raises(LedgerError, match=r"times its packed size"):
        next(read_records(path, path.read_bytes(), FileShape()))


def test_a_row_without_end_is_refused(tmp_path: Path):
    source = write(tmp_path / "export.csv", HEADER, '";"' * 2_000_000)
    with pytest.raises(LedgerError, match=r"row of more than 4,000,000 signs"):
        import_files(mapping_at(tmp_path), [source], tmp_path / "ledger")


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x00", "\x7f", "\u202e", "\u2066", "\u009b"])
@pytest.mark.parametrize("row", ["F2{};C2;F;01/02/2024;;1,00;EUR", "F2;C2{};F;01/02/2024;;1,00;EUR"])
def test_a_number_that_holds_what_cannot_be_seen_refuses_its_row(tmp_path: Path, row: str, bad: str):
    summary = import_lines(tmp_path, GOOD, row.format(bad))
    assert summary.rows_refused == 1
    assert "control character" in summary.quarantine.read_text()


def test_a_line_end_within_a_name_is_a_space(tmp_path: Path):
    mapping = FILE + '[[customers]]\ncustomer_id = "Client"\nname = "Nom"\n'
    source = write(tmp_path / "export.csv", "Client;Nom", 'C1;"Essai\nSarl"')
    import_files(mapping_at(tmp_path, mapping), [source], tmp_path / "ledger")
    assert read_ledger(tmp_path / "ledger").customers["name"].tolist() == ["Essai Sarl"]
