import gzip
import hashlib
from pathlib import Path

import pandas as pd
import pytest

from models.errors import LedgerError
from pipelines.sources.mapping.loading import load_mapping, mapping_of
from pipelines.sources.mapping.reading import FileContent
from pipelines.validation import source_readings
from pipelines.validation.quarantine import write_quarantine
from tests.pipelines.sources.mapping.builders import mapping_at

DATA = b"a;b\n1;2\n"


def content(folder: Path, data: bytes = DATA) -> FileContent:
    return FileContent(folder / "export.csv", hashlib.sha256(data).hexdigest(), data)


def refuse(ledger: Path, one: FileContent) -> None:
    faults = pd.DataFrame({"line": [2], "column": ["a"], "value": ["1"], "reason": ["is no date"]})
    write_quarantine(ledger, one.path, one.digest, faults)


def test_a_file_and_how_it_was_read_come_back_as_they_were(tmp_path: Path):
    one, mapping = content(tmp_path), load_mapping(mapping_at(tmp_path))
    refuse(tmp_path, one)
    source_readings.store(tmp_path, [one], mapping, refused=True)
    how = source_readings.read_reading(tmp_path, one.digest)
    assert source_readings.read_content(tmp_path, one.digest) == DATA
    assert mapping_of(how) == mapping
    assert how.files == (source_readings.ImportedFile("export.csv", one.digest),)
    assert source_readings.find(tmp_path, source_readings.STORED, one.digest[:12]) == one.digest


def test_files_of_one_import_stay_until_no_row_of_any_waits(tmp_path: Path):
    first, second = content(tmp_path), content(tmp_path, DATA + b"3;4\n")
    refuse(tmp_path, first)
    source_readings.store(tmp_path, [first, second], load_mapping(mapping_at(tmp_path)), refused=True)
    source_readings.sweep(tmp_path)
    assert source_readings.read_content(tmp_path, second.digest)
    write_quarantine(tmp_path, first.path, first.digest, pd.DataFrame(columns=["line", "column"]))
    source_readings.sweep(tmp_path)
    assert list((tmp_path / "quarantine" / "kept").iterdir()) == []


def test_what_was_changed_since_it_was_kept_is_refused(tmp_path: Path):
    one = content(tmp_path)
    refuse(tmp_path, one)
    source_readings.store(tmp_path, [one], load_mapping(mapping_at(tmp_path)), refused=True)
    path = tmp_path / "quarantine" / "kept" / f"{one.digest}.gz"
    path.write_bytes(gzip.compress(DATA + b"5;6\n"))
    with pytest.raises(LedgerError, match="was changed since it was kept"):
        source_readings.read_content(tmp_path, one.digest)
    path.write_bytes(b"no gzip")
    with pytest.raises(LedgerError, match="cannot be read"):
        source_readings.read_content(tmp_path, one.digest)


def test_mended_rows_come_back_by_their_lines(tmp_path: Path):
    source_readings.write_corrections(tmp_path, "ab" * 32, {3: ["é", "=1"], 20: [""]})
    assert source_readings.read_corrections(tmp_path, "ab" * 32) == {3: ["é", "=1"], 20: [""]}
    assert source_readings.read_corrections(tmp_path, "cd" * 32) == {}


@pytest.mark.parametrize("short", ["../../etc/pa", "*", "", "ABABABABABAB"])
def test_what_is_no_hash_finds_nothing(tmp_path: Path, short: str):
    source_readings.write_corrections(tmp_path, "ab" * 32, {3: ["x"]})
    assert source_readings.find(tmp_path, source_readings.CORRECTED, short) is None
