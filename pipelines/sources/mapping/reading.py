"""Reading of files as rows of text: CSV and Excel, gzipped or not, each row with its file and line.

Owns the faults of a file as a whole; `cells` interprets the cells.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from models.errors import LedgerError
from pipelines.source_files import GZIP, ZIP, BoundedLines, ImportBounds, unpacked
from pipelines.sources.mapping.headings import with_headings
from pipelines.sources.mapping.workbook import epoch_of, spelled, workbook_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Mapping as Dict
    from pathlib import Path

    from pipelines.sources.mapping.shape import FileShape, Mapping

CHUNK_ROWS = 100_000
CorrectedRows = dict[int, list[str]]
"""Corrected cells by line of a file."""


class Record(NamedTuple):
    """A row of a file: its physical line (the header's is 1), and its cells."""

    line: int
    cells: list[str]


class FileContent(NamedTuple):
    """Decompressed content of a file, and its hash."""

    path: Path
    digest: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file read: its content hash and its headers for the mapping's columns."""

    path: Path
    digest: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class TextRows:
    """Rows of text of all files.

    Parameters
    ----------
    cells
        One column for each that the mapping reads, under the mapping's name, empty cells missing.
    origin
        Columns `file` (position in `sources`) and `line`; (n_rows, 2).
    ragged
        Rows whose number of fields differs from the header's: reason by position; (n_ragged,).
    corrected
        Positions of the corrected rows; (n_corrected,).
    headings
        Positions of the heading lines; (n_headings,).
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    ragged: pd.Series
    sources: tuple[SourceFile, ...]
    corrected: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))
    headings: pd.Index = field(default_factory=lambda: pd.Index([], dtype="int64"))


def read_contents(files: Sequence[Path], bounds: ImportBounds | None = None) -> list[FileContent]:
    """Read files sorted by name and content, so that the order of the arguments does not matter.

    A file given twice, or two files of the same content, count once.

    Raises
    ------
    LedgerError
        A file cannot be read or exceeds the bounds; the first such file is named.
    """
    contents = {}
    for path in files:
        data = _bytes(path, bounds or ImportBounds())
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = FileContent(path, digest, data)
    return sorted(contents.values(), key=lambda content: (content.path.name, content.digest))


def read_rows(
    contents: Sequence[FileContent],
    mapping: Mapping,
    corrections: Dict[str, CorrectedRows] | None = None,
    bounds: ImportBounds | None = None,
) -> TextRows:
    """Read the rows of files.

    Parameters
    ----------
    corrections
        By a file's hash, the cells that take the place of a line's.
    bounds
        Size limits; those of the environment by default.

    Raises
    ------
    LedgerError
        A file cannot be decoded, is empty, lacks a column, or exceeds the bounds; the first such file is
        named.
    """
    parts, origins, ragged, sources = [], [], {}, []
    offset = 0
    for content in contents:
        path, digest, data = content
        records = read_records(path, data, mapping.file, bounds)
        header = next(records, None)
        if header is None:
            raise LedgerError(f"{path} is empty; a header line was expected")
        picks = _picks(path, header.cells, mapping)
        width = max((at for at, name in enumerate(header.cells, 1) if name.strip()), default=0)
        sources.append(
            SourceFile(path, digest, {name: header.cells[at].strip() for name, at in picks.items()})
        )
        corrected = _corrected(records, (corrections or {}).get(digest, {}))
        for chunk, lines, odd in _chunks(corrected, width, picks):
            parts.append(_tidied(chunk, content, mapping))
            origins.append(pd.DataFrame({"file": len(sources) - 1, "line": lines}, dtype="int64"))
            ragged.update({offset + at: reason for at, reason in odd.items()})
            offset += len(lines)
    origin = pd.concat(origins, ignore_index=True)
    cells, headings = with_headings(pd.concat(parts, ignore_index=True), origin["file"], mapping)
    return TextRows(
        cells,
        origin,
        pd.Series(ragged, dtype="object"),
        tuple(sources),
        _places(origin, sources, corrections or {}),
        headings,
    )


def _corrected(records: Iterable[Record], corrections: CorrectedRows) -> Iterator[Record]:
    for record in records:
        yield Record(record.line, corrections.get(record.line, record.cells))


def _places(
    origin: pd.DataFrame, sources: Sequence[SourceFile], corrections: Dict[str, CorrectedRows]
) -> pd.Index:
    found = pd.Series(data=False, index=origin.index)
    for at, source in enumerate(sources):
        found |= (origin["file"] == at) & origin["line"].isin(list(corrections.get(source.digest, {})))
    return found.index[found]


def _bytes(path: Path, bounds: ImportBounds) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error
    return unpacked(path, data, bounds) if data[:2] == GZIP else data


def read_records(
    path: Path, data: bytes, shape: FileShape, bounds: ImportBounds | None = None
) -> Iterator[Record]:
    """Read a file's rows as text, its header first.

    Raises
    ------
    LedgerError
        The file cannot be decoded, is not in the mapping's format, or exceeds the bounds.
    """
    workbook = data[:4] == ZIP
    if shape.format and (shape.format == "excel") != workbook:
        raise LedgerError(f"{path} is {'an' if workbook else 'no'} Excel workbook; check file.format")
    limits = bounds or ImportBounds()
    if workbook:
        return (Record(line, cells) for line, cells in workbook_rows(path, data, shape, limits))
    return _csv_records(path, data, shape, limits)


def _csv_records(path: Path, data: bytes, shape: FileShape, bounds: ImportBounds) -> Iterator[Record]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=shape.encoding, newline="")
    line = shape.skip_rows
    try:
        for _ in range(shape.skip_rows):
            text.readline()
        lines = BoundedLines(text, path, "check file.quote")
        reader = csv.reader(
            lines,
            delimiter=shape.separator,
            quotechar=shape.quote or None,
            quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
            strict=True,
        )
        for count, cells in enumerate(reader):
            bounds.check_rows(path, count)
            bounds.check_columns(path, line + 1, len(cells))
            yield Record(line + 1, cells)
            line = shape.skip_rows + reader.line_num
            lines.begin()
    except (UnicodeDecodeError, UnicodeError) as error:
        raise LedgerError(f"{path} is not {shape.encoding} after line {line}: check file.encoding") from error
    except csv.Error as error:
        raise LedgerError(f"{path}, line {line + 1}: {error}; check file.separator and file.quote") from error


def picked_columns(content: FileContent, mapping: Mapping) -> dict[str, int]:
    """Return the position of each mapped column in a file, by the mapping's name; reads its header only.

    Raises
    ------
    LedgerError
        The file cannot be read in the mapping's format, or lacks a column.
    """
    header = next(read_records(content.path, content.data, mapping.file), None)
    return _picks(content.path, [] if header is None else header.cells, mapping)


def _picks(path: Path, header: list[str], mapping: Mapping) -> dict[str, int]:
    """Return the position of each mapped column in the header, by the mapping's name."""
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
    made = [repr(heading.name) for heading in mapping.headings if _plain(heading.name) in places]
    if made:
        raise LedgerError(f"{path} has a column {', '.join(made)}, as a heading is called; call it otherwise")
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
    """Collect rows into frames of text, with their lines and faulty numbers of fields."""
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: dict[int, str] = {}
    places = list(picks.values())

    def frame() -> tuple[pd.DataFrame, list[int], dict[int, str]]:
        columns = {name: pd.Series([row[at] for row in rows], dtype="str") for at, name in enumerate(picks)}
        return pd.DataFrame(columns, index=range(len(rows))), lines, ragged

    for line, cells in records:
        fields = len(cells)
        if not any(cells):
            continue
        if fields < width or any(cells[width:]):
            ragged[len(rows)] = f"{fields} fields where the header has {width}"
        # Cells outside the mapping are dropped.
        rows.append([cells[at] if at < fields else "" for at in places])
        lines.append(line)
        if len(rows) == CHUNK_ROWS:
            yield frame()
            rows, lines, ragged = [], [], {}
    yield frame()


def _tidied(chunk: pd.DataFrame, content: FileContent, mapping: Mapping) -> pd.DataFrame:
    """Trim cells and make the empty ones missing; rewrite a workbook's in the mapping's notation."""
    cells = _blanked(chunk, mapping)
    if content.data[:4] != ZIP:
        return cells
    return spelled(cells, mapping.kinds, epoch_of(content.data), mapping.file)


def _blanked(cells: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Trim every cell and make the empty ones missing; absent columns are all missing."""
    blank = ["", *mapping.file.empty]
    tidy = {}
    for name in mapping.aliases:
        if name not in cells:
            tidy[name] = pd.Series(None, index=cells.index, dtype="str")
            continue
        text = cells[name].str.strip()
        tidy[name] = text.mask(text.isin(blank))
    return pd.DataFrame(tidy, index=cells.index)
