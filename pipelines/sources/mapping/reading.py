"""Files as rows of text: CSV and Excel, gzipped or not, each row with its file and its line.

Owns what a file can get wrong as a whole; what a cell means is `cells`'.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from models.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from pipelines.sources.mapping.shape import FileShape, Mapping

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
CHUNK_ROWS = 100_000
Mends = dict[int, list[str]]
"""Cells by the line of a file whose row a person mended."""


class Record(NamedTuple):
    """A row of a file: its physical line (the header's is 1), and its cells."""

    line: int
    cells: list[str]


class Content(NamedTuple):
    """What a file holds, unpacked, and its hash."""

    path: Path
    digest: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: its content's hash and the headers it uses for the mapping's columns."""

    path: Path
    digest: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of text of all files.

    Parameters
    ----------
    cells
        One column for each that the mapping reads, under the mapping's name, empty cells missing.
    origin
        Columns `file` (position in `sources`) and `line`; (n_rows, 2).
    ragged
        Rows whose number of fields is not the header's: reason by position; (n_ragged,).
    mended
        Positions of the rows whose cells a person mended; (n_mended,).
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    ragged: pd.Series
    sources: tuple[Source, ...]
    mended: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))


def read_contents(files: Sequence[Path]) -> list[Content]:
    """Read files by name and then content, so that the order they are given in does not matter.

    A file given twice, or two files of the same content, count once.

    Raises
    ------
    LedgerError
        A file cannot be read; the first such file is named.
    """
    contents = {}
    for path in files:
        data = _bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = Content(path, digest, data)
    return sorted(contents.values(), key=lambda content: (content.path.name, content.digest))


def read_rows(contents: Sequence[Content], mapping: Mapping, mends: Dict[str, Mends] | None = None) -> Rows:
    """Read the rows of files.

    Parameters
    ----------
    mends
        By a file's hash, the cells that take the place of a line's.

    Raises
    ------
    LedgerError
        A file cannot be decoded, is empty, or lacks a column; the first such file is named.
    """
    parts, origins, ragged, sources = [], [], {}, []
    offset = 0
    for path, digest, data in contents:
        records = read_records(path, data, mapping.file)
        header = next(records, None)
        if header is None:
            raise LedgerError(f"{path} is empty; a header line was expected")
        picks = _picks(path, header.cells, mapping)
        width = max((at for at, name in enumerate(header.cells, 1) if name.strip()), default=0)
        sources.append(Source(path, digest, {name: header.cells[at].strip() for name, at in picks.items()}))
        mended = _mended(records, (mends or {}).get(digest, {}))
        for chunk, lines, odd in _chunks(mended, width, picks):
            parts.append(chunk)
            origins.append(pd.DataFrame({"file": len(sources) - 1, "line": lines}, dtype="int64"))
            ragged.update({offset + at: reason for at, reason in odd.items()})
            offset += len(lines)
    cells = _blanked(pd.concat(parts, ignore_index=True), mapping)
    origin = pd.concat(origins, ignore_index=True)
    return Rows(
        cells,
        origin,
        pd.Series(ragged, dtype="object"),
        tuple(sources),
        _places(origin, sources, mends or {}),
    )


def _mended(records: Iterable[Record], mends: Mends) -> Iterator[Record]:
    for record in records:
        yield Record(record.line, mends.get(record.line, record.cells))


def _places(origin: pd.DataFrame, sources: Sequence[Source], mends: Dict[str, Mends]) -> pd.Index:
    found = pd.Series(data=False, index=origin.index)
    for at, source in enumerate(sources):
        found |= (origin["file"] == at) & origin["line"].isin(list(mends.get(source.digest, {})))
    return found.index[found]


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == GZIP else data
    except EOFError as error:
        raise LedgerError(f"{path} is cut short: its gzip stream has no end") from error
    except (OSError, zlib.error) as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error


def read_records(path: Path, data: bytes, shape: FileShape) -> Iterator[Record]:
    """Read a file's rows as text, its header first.

    Raises
    ------
    LedgerError
        The file cannot be decoded, or is not of the format the mapping says.
    """
    workbook = data[:4] == ZIP
    if shape.format and (shape.format == "excel") != workbook:
        raise LedgerError(f"{path} is {'' if workbook else 'not '}an Excel workbook; check file.format")
    return _excel_records(path, data, shape) if workbook else _csv_records(path, data, shape)


def _csv_records(path: Path, data: bytes, shape: FileShape) -> Iterator[Record]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=shape.encoding, newline="")
    line = shape.skip_rows
    try:
        for _ in range(shape.skip_rows):
            text.readline()
        reader = csv.reader(
            text,
            delimiter=shape.separator,
            quotechar=shape.quote or None,
            quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
            strict=True,
        )
        for cells in reader:
            yield Record(line + 1, cells)
            line = shape.skip_rows + reader.line_num
    except (UnicodeDecodeError, UnicodeError) as error:
        raise LedgerError(f"{path} is not {shape.encoding} after line {line}: check file.encoding") from error
    except csv.Error as error:
        raise LedgerError(f"{path}, line {line + 1}: {error}; check file.separator and file.quote") from error


def _excel_records(path: Path, data: bytes, shape: FileShape) -> Iterator[Record]:
    import openpyxl  # noqa: PLC0415  # only Excel pays for it

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", category=UserWarning, module="openpyxl"
            )  # styles it cannot read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        if shape.sheet and shape.sheet not in book.sheetnames:
            raise LedgerError(f"{path} has no sheet {shape.sheet!r}; it has {', '.join(book.sheetnames)}")
        sheet = book[shape.sheet or book.sheetnames[0]]
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if line > shape.skip_rows:
                yield Record(line, [as_text(value, shape) for value in values])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, zlib.error) as error:
        raise LedgerError(f"{path} cannot be read as Excel: {error}") from error


def as_text(value: object, shape: FileShape) -> str:
    """Write a typed value as the mapping's files write it: its first date format, its decimal sign.

    Numbers keep 15 significant digits, as Excel shows them, so that 0.1 + 0.2 is 0.3.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return format(Decimal(f"{value:.15g}").normalize(), "f").replace(".", shape.decimal)
        case dt.date():
            return value.strftime(shape.dates[0])
        case _:
            return str(value)


def _picks(path: Path, header: list[str], mapping: Mapping) -> dict[str, int]:
    """Find each column of the mapping in the header: its position by the mapping's name."""
    places: dict[str, list[int]] = {}
    for at, name in enumerate(header):
        places.setdefault(_plain(name), []).append(at)
    picks, missing, twice = {}, [], []
    for name, aliases in mapping.aliases.items():
        found = next((places[_plain(alias)] for alias in aliases if _plain(alias) in places), [])
        if found:
            picks[name] = found[0]
        elif name not in mapping.optional:
            missing.append(" or ".join(map(repr, aliases)))
        if len(found) > 1:
            twice.append(repr(name))
    if missing:
        held = ", ".join(repr(name.strip()) for name in header[:30])
        raise LedgerError(
            f"{path} lacks {', '.join(missing)}; it has {held}: check the mapping and its separator"
        )
    if twice:
        raise LedgerError(f"{path} has more than one column {', '.join(twice)}; rename one of them")
    return picks


def _plain(name: str) -> str:
    return " ".join(name.removeprefix("\ufeff").split()).casefold()


def _chunks(
    records: Iterable[Record], width: int, picks: dict[str, int]
) -> Iterator[tuple[pd.DataFrame, list[int], dict[int, str]]]:
    """Gather rows to frames of text, with their lines and what is wrong with their number of fields."""
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: dict[int, str] = {}

    def frame() -> tuple[pd.DataFrame, list[int], dict[int, str]]:
        columns = {name: pd.Series([row[at] for row in rows], dtype="str") for name, at in picks.items()}
        return pd.DataFrame(columns, index=range(len(rows))), lines, ragged

    for line, cells in records:
        fields = len(cells)
        if not any(cells):
            continue
        if fields != width:
            if fields < width or any(cells[width:]):
                ragged[len(rows)] = f"{fields} fields where the header has {width}"
            rows.append(cells + [""] * (width - fields))
        else:
            rows.append(cells)
        lines.append(line)
        if len(rows) == CHUNK_ROWS:
            yield frame()
            rows, lines, ragged = [], [], {}
    yield frame()


def _blanked(cells: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Trim every cell and make the empty ones missing; columns no file has are all missing."""
    blank = ["", *mapping.file.empty]
    tidy = {}
    for name in mapping.aliases:
        if name not in cells:
            tidy[name] = pd.Series(None, index=cells.index, dtype="str")
            continue
        text = cells[name].str.strip()
        tidy[name] = text.mask(text.isin(blank))
    return pd.DataFrame(tidy, index=cells.index)
