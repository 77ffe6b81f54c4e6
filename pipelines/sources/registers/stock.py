"""INSEE's stock of legal units (millions of rows): CSV, gzipped, zipped, or Parquet, read in batches.

Only the rows of the requested SIRENs leave a batch, so that memory does not grow with the file.
`serving.registers.sirene` interprets the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from models.errors import LedgerError, RegisterError
from pipelines.source_files import UNREADABLE, ImportBounds, opened
from pipelines.sources.registers.files import RowFault
from serving.registers.sirene import COLUMNS, NEEDED, company_of

if TYPE_CHECKING:
    import datetime as dt
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from serving.registers.companies import Company

BLOCK_BYTES = 8_000_000
BATCH_ROWS = 100_000
MOST_FAULTS = 10_000
"""Maximum number of invalid lines reported one by one."""
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Stock:
    """Content of a stock for the requested SIRENs.

    Parameters
    ----------
    companies
        By SIREN; of duplicates, the row processed last.
    rows
        All rows of the file.
    faults
        Rows of wanted SIRENs that cannot be read, and lines that are no rows.
    """

    companies: dict[str, Company]
    rows: int
    faults: list[RowFault]


def read_stock(
    path: Path, wanted: set[str], read_on: dt.date, progress: Callable[[int, int], None] | None = None
) -> Stock:
    """Read a stock of legal units and select the requested ones.

    Parameters
    ----------
    read_on
        The day from which a row without a processing date is known.
    progress
        Called after each batch with the bytes or rows done and in total.

    Raises
    ------
    LedgerError
        The file cannot be read, lacks a needed column, or holds a line without end.
    """
    faults: list[RowFault] = []
    companies: dict[str, Company] = {}
    sirens = pa.array(sorted(wanted), type=pa.string())
    rows = 0
    try:
        for batch in _batches(path, faults, progress):
            mine = batch.filter(pc.is_in(pc.utf8_trim_whitespace(batch["siren"]), value_set=sirens))
            for row in _numbered(batch, mine, sirens, rows):
                _keep(row, companies, faults, read_on)
            rows += batch.num_rows
    except (*UNREADABLE, ValueError, pa.ArrowException) as error:
        raise LedgerError(f"{path} cannot be read as a stock of legal units: {error}") from error
    return Stock(companies, rows, faults)


def _numbered(
    batch: pa.RecordBatch, mine: pa.RecordBatch, sirens: pa.Array, before: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the requested rows with their line numbers: the header is the first."""
    if mine.num_rows:
        places = pc.indices_nonzero(pc.is_in(pc.utf8_trim_whitespace(batch["siren"]), value_set=sirens))
        for place, row in zip(places.to_pylist(), mine.to_pylist(), strict=True):
            yield before + place + 2, row


def _keep(
    numbered: tuple[int, dict[str, Any]],
    companies: dict[str, Company],
    faults: list[RowFault],
    read_on: dt.date,
) -> None:
    line, row = numbered
    try:
        company = company_of(row, read_on)
    except RegisterError as error:
        faults.append(RowFault(line, "siren", str(row.get("siren")), str(error)))
        return
    held = companies.get(company.siren)
    if held is None or company.known_on >= held.known_on:
        companies[company.siren] = company


def _batches(
    path: Path, faults: list[RowFault], progress: Callable[[int, int], None] | None
) -> Iterator[pa.RecordBatch]:
    if not path.is_file():
        raise LedgerError(f"{path} is not there")
    with path.open("rb") as file:
        is_parquet = file.read(4) == _PARQUET
    if is_parquet:
        yield from _parquet(path, progress)
    else:
        with opened(path, member=".csv") as source:
            yield from _csv(path, source, faults, progress)


def _parquet(path: Path, progress: Callable[[int, int], None] | None) -> Iterator[pa.RecordBatch]:
    with pyarrow.parquet.ParquetFile(path) as file:
        _check_unpacked(path, file.metadata)
        columns = _present(path, file.schema_arrow.names)
        total, done = file.metadata.num_rows, 0
        for batch in file.iter_batches(BATCH_ROWS, columns=columns):
            text = pa.RecordBatch.from_arrays([column.cast(pa.string()) for column in batch.columns], columns)
            done += batch.num_rows
            yield text
            if progress:
                progress(done, total)


def _check_unpacked(path: Path, metadata: pyarrow.parquet.FileMetaData) -> None:
    """Refuse a file whose row groups decompress beyond the bounds."""
    bounds, packed = ImportBounds(), path.stat().st_size
    groups = range(metadata.num_row_groups)
    if sum(metadata.row_group(at).total_byte_size for at in groups) > bounds.unpacked(packed, streamed=True):
        raise bounds.too_large(path, packed, streamed=True)


def _csv(
    path: Path,
    source: io.BufferedReader[Any],
    faults: list[RowFault],
    progress: Callable[[int, int], None] | None,
) -> Iterator[pa.RecordBatch]:
    header = _header(path)
    columns = _present(path, header)

    def refuse(row: Any) -> str:  # noqa: ANN401  # pyarrow's own row
        reason = f"has {row.actual_columns} cells where the header has {row.expected_columns}"
        if len(faults) < MOST_FAULTS:
            faults.append(RowFault(row.number or 0, "(whole line)", (row.text or "")[:200], reason))
        return "skip"

    reader = pyarrow.csv.open_csv(
        source,
        read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES),
        parse_options=pyarrow.csv.ParseOptions(delimiter=",", invalid_row_handler=refuse),
        convert_options=pyarrow.csv.ConvertOptions(
            include_columns=columns, column_types=dict.fromkeys(columns, pa.string())
        ),
    )
    total, done = path.stat().st_size, 0
    for batch in reader:
        yield batch
        done = min(done + BLOCK_BYTES, total)
        if progress:
            progress(done, total)


def _present(path: Path, names: list[str]) -> list[str]:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise LedgerError(f"{path} has no column {missing[0]!r}; it is no stock of legal units")
    return [name for name in COLUMNS if name in names]


def _header(path: Path) -> list[str]:
    with opened(path, member=".csv") as source:
        line = source.read(64_000).split(b"\n", 1)[0]
    return [name.strip().strip('"') for name in line.decode("utf-8-sig").strip().split(",")]
