"""Whatever packs it and whoever reads it, a file unpacks within the same bounds."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.source_files import (
    GZIP,
    MEGABYTE,
    SMALL_BYTES,
    UNREADABLE,
    BoundedLines,
    ImportBounds,
    opened,
)
from pipelines.sources.fec import stream
from pipelines.sources.mapping.reading import read_contents
from pipelines.sources.registers.files import csv_rows, json_documents, starts_as_json
from pipelines.sources.registers.stock import read_stock
from pipelines.validation.source_readings import FOLDER, STORED, read_content
from tests.pipelines.sources.registers.builders import READ_ON

BOMB_BYTES = 2 * SMALL_BYTES


def gzipped(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data, 9))
    return path


def zipped(path: Path, *texts: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in texts:
            archive.writestr(name, data)
    return path


def by_fec(path: Path) -> None:
    with stream.opened(path) as source:
        while source.read(MEGABYTE):
            pass


def by_kept_reading(path: Path) -> None:
    digest = "0" * 64
    kept = path.parent / FOLDER / STORED / f"{digest}.gz"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(path.read_bytes())
    read_content(path.parent, digest)


READERS: dict[str, Callable[[Path], object]] = {
    "fec": by_fec,
    "mapping": lambda path: read_contents([path], ImportBounds()),
    "register as CSV": lambda path: list(csv_rows(path, ["siren"], [])),
    "register as JSON": lambda path: list(json_documents(path)),
    "stock": lambda path: read_stock(path, {"900000019"}, READ_ON),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_refuses_a_gzip_bomb_in_the_same_words(tmp_path: Path, reader: str):
    text = b"siren,etatAdministratifUniteLegale\n" + b"900000019,A\n" * (BOMB_BYTES // 12)
    bomb = gzipped(tmp_path / "bomb.gz", b"[" + text if "JSON" in reader else text)
    assert bomb.stat().st_size * 100 < BOMB_BYTES
    with pytest.raises(LedgerError, match=r"100 times its packed size.*raise ENCOURS_IMPORT_RATIO"):
        READERS[reader](bomb)


@pytest.mark.parametrize("reader", ["fec", "register as CSV", "register as JSON", "stock"])
def test_every_reader_refuses_a_zip_bomb_before_it_unpacks(tmp_path: Path, reader: str):
    bomb = zipped(tmp_path / "bomb.zip", ("a.csv", b"siren\n" + b"0\n" * (BOMB_BYTES // 2)))
    with pytest.raises(LedgerError, match=r"100 times its packed size.*raise ENCOURS_IMPORT_RATIO"):
        READERS[reader](bomb)


def test_what_is_kept_of_an_import_unpacks_to_no_more_than_an_import_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ENCOURS_IMPORT_MB", "1")
    with pytest.raises(LedgerError, match=r"more than 1 MB.*raise ENCOURS_IMPORT_MB"):
        by_kept_reading(gzipped(tmp_path / "a.gz", b"\n" * (MEGABYTE + 1)))


@pytest.mark.parametrize("reader", READERS)
def test_a_file_within_the_bounds_is_read(tmp_path: Path, reader: str):
    text = b"siren,etatAdministratifUniteLegale\n900000019,A\n"
    path = gzipped(tmp_path / "a.gz", b'[{"siren": "900000019"}]' if "JSON" in reader else text)
    READERS[reader](path)


@given(st.binary(max_size=300), st.lists(st.integers(-1, 50), max_size=8))
def test_what_was_packed_is_read_again_in_whatever_pieces(data: bytes, sizes: list[int]):
    with TemporaryDirectory() as folder, opened(gzipped(Path(folder) / "a.gz", data)) as source:
        pieces = b"".join(source.read(size) for size in sizes) + source.read()
        source.seek(0)
        assert pieces == data == source.read()


@pytest.mark.parametrize("most", [1, 2])
def test_the_bound_is_met_to_the_byte(tmp_path: Path, most: int):
    bounds = ImportBounds(streamed_mb=most)
    with opened(gzipped(tmp_path / "a.gz", b"\n" * (most * MEGABYTE)), bounds) as source:
        assert len(source.read()) == most * MEGABYTE
    with (
        opened(gzipped(tmp_path / "b.gz", b"\n" * (most * MEGABYTE + 1)), bounds) as source,
        pytest.raises(LedgerError, match=f"more than {most} MB"),
    ):
        source.read()


def test_one_file_of_a_zip_counts(tmp_path: Path):
    path = zipped(tmp_path / "a.zip", ("read.me", b"x"), ("A.CSV", b"a\n"))
    with opened(path, member=".csv") as source:
        assert source.read() == b"a\n"
    with pytest.raises(LedgerError, match="holds 2 files; a zip of one text file is taken"), opened(path):
        pass
    none = zipped(tmp_path / "b.zip", ("read.me", b"x"))
    with (
        pytest.raises(LedgerError, match=r"holds 0 files \.csv; a zip of one is taken"),
        opened(none, member=".csv"),
    ):
        pass


def test_a_damaged_file_raises_what_readers_name_in_their_words(tmp_path: Path):
    (tmp_path / "a.gz").write_bytes(GZIP + b"no more")
    with opened(tmp_path / "a.gz") as source, pytest.raises(UNREADABLE):
        source.read()
    assert not starts_as_json(gzipped(tmp_path / "b.gz", b"siren\n"))
    with pytest.raises(LedgerError, match="cannot be read"):
        starts_as_json(tmp_path / "a.gz")


def test_a_row_of_many_quoted_lines_has_an_end(tmp_path: Path):
    lines = BoundedLines(io.StringIO("x" * 1000 + "\n" + "y\n"), tmp_path / "a.csv")
    assert len(list(lines)) == 2
    endless = BoundedLines(io.StringIO(("x" * 999_999 + "\n") * 5), tmp_path / "a.csv")
    with pytest.raises(LedgerError, match=r"row of more than 4,000,000 signs.*export it again"):
        list(endless)
    bounded = BoundedLines(io.StringIO(("x" * 999_999 + "\n") * 5), tmp_path / "a.csv")
    for _ in bounded:
        bounded.begin()
