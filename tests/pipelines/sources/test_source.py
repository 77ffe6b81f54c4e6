"""FEC files and lists come in through the same protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.sources.fec.source import FecSource
from pipelines.sources.mapping.source import MappingSource
from tests.pipelines.sources.fec.builders import fec, sale

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.sources.source import Source


def a_list(folder: Path) -> tuple[Path, Path]:
    rows, mapping = folder / "clients.csv", folder / "clients.toml"
    rows.write_text("number,name\nC1,Alpha\nC2,Beta\n")
    mapping.write_text('[[customers]]\ncustomer_id = "number"\nname = "name"\n')
    return rows, mapping


def test_a_fec_is_recognised_by_its_content(tmp_path: Path):
    source: Source = FecSource()
    year = fec(tmp_path, sale("F1", "20250110", "C1", 500))
    other = tmp_path / "999000003FEC20251231.csv"
    other.write_text("number;name\nC1;Alpha\n")
    assert source.why_not(year, tmp_path / "ledger") is None
    assert "FEC" in (source.why_not(other, tmp_path / "ledger") or "")
    found = source.import_files([year], tmp_path / "ledger")
    assert found.exit_code == 0
    assert read_ledger(tmp_path / "ledger").invoices["customer_id"].tolist() == ["C1"]


def test_a_list_comes_in_through_its_mapping(tmp_path: Path):
    rows, mapping = a_list(tmp_path)
    source: Source = MappingSource(mapping)
    assert source.why_not(rows, tmp_path / "ledger") is None
    assert source.import_files([rows], tmp_path / "ledger").exit_code == 0
    assert read_ledger(tmp_path / "ledger").customers["name"].tolist() == ["Alpha", "Beta"]


@pytest.mark.parametrize("kind", ["fec", "mapping"])
def test_no_file_is_refused_by_each_source(tmp_path: Path, kind: str):
    source: Source = FecSource() if kind == "fec" else MappingSource(a_list(tmp_path)[1])
    with pytest.raises(LedgerError):
        source.import_files([], tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()
