"""Register files as rows: CSV with line numbers, JSON as a list or line by line, gzipped or not.

Owns the faults of a file as a whole, and the quarantine of faulty rows. A file is read within the bounds of
`pipelines.source_files`, and the length of a document is bounded.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pandas as pd

from models.errors import LedgerError, RegisterError
from pipelines.source_files import UNREADABLE, ZIP, BoundedLines, opened
from pipelines.validation.quarantine import write_quarantine
from serving.registers.documents import records_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_DOCUMENT_BYTES = 128_000_000
MOST_LINE_CHARS = 4_000_000
_SHOWN = 200


class RowFault(NamedTuple):
    """A refused row: its line or record, the faulty column and value, and the reason."""

    line: int
    column: str
    value: str
    reason: str


class CsvRow(NamedTuple):
    """A row of a CSV by column; cells are trimmed, and empty where the line is too short."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Quarantined rows: their number, and the files that hold them."""

    rows: int
    files: tuple[Path, ...]


def starts_as_json(path: Path) -> bool:
    """Return whether a file's first character opens a JSON object or list."""
    try:
        with path.open("rb") as plain:
            if plain.read(len(ZIP)) == ZIP:
                return False
        with _opened(path) as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    except FileNotFoundError as error:
        raise LedgerError(f"{path} is not there") from error
    except UNREADABLE as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error


def first_line(path: Path) -> str:
    """Return a file's first line.

    Raises
    ------
    LedgerError
        It cannot be read as UTF-8.
    """
    try:
        with _opened(path) as raw:
            return raw.readline(MOST_LINE_CHARS).decode("utf-8-sig")
    except (*UNREADABLE, UnicodeDecodeError) as error:
        raise LedgerError(f"{path} cannot be read as CSV in UTF-8: {error}") from error


def csv_rows(path: Path, needed: Sequence[str], faults: list[RowFault]) -> Iterator[CsvRow]:
    """Read a CSV in UTF-8, separated by commas or semicolons per its header; ragged lines are faults.

    Raises
    ------
    LedgerError
        The file cannot be read, is empty, lacks a needed column, or holds a line that has no end.
    """
    try:
        with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            delimiter = _delimiter(file, path)
            bounded = BoundedLines(file, path)
            lines = csv.reader(bounded, delimiter=delimiter)
            header = [name.strip() for name in next(lines, [])]
            missing = [name for name in needed if name not in header]
            if missing:
                shown = ", ".join(header)[:_SHOWN] or "empty"
                raise LedgerError(f"{path} has no column {missing[0]!r}; its header is {shown}")
            for cells in lines:
                bounded.begin()
                if len(cells) > len(header) or (len(cells) < len(header) and any(cells)):
                    reason = f"has {len(cells)} cells where the header has {len(header)}"
                    faults.append(RowFault(lines.line_num, "(whole line)", ";".join(cells)[:_SHOWN], reason))
                elif any(cell.strip() for cell in cells):
                    yield CsvRow(lines.line_num, dict(zip(header, (c.strip() for c in cells), strict=True)))
    except (*UNREADABLE, UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path} cannot be read as CSV in UTF-8: {error}") from error


def json_documents(path: Path) -> Iterator[tuple[int, object]]:
    """Read a JSON file: each record of its list with its position, or each line's document with its line.

    Raises
    ------
    LedgerError
        The file cannot be read, is larger than is read at once, or is no JSON.
    """
    document = json_document(path)
    if document is None:
        yield from _json_lines(path)
        return
    if isinstance(document, dict) and not {"id", "fields", "siren"}.isdisjoint(document):
        yield 1, document
        return
    try:
        yield from enumerate(cast("list[object]", records_in(document)), 1)
    except RegisterError as error:
        raise LedgerError(f"{path}: {error}") from error


def json_document(path: Path) -> object | None:
    """Return a file's single JSON document, None if it has one per line.

    Raises
    ------
    LedgerError
        The file cannot be read, exceeds the size read at once, or does not begin with JSON.
    """
    try:
        with _opened(path) as file:
            body = file.read(MOST_DOCUMENT_BYTES + 1)
            if len(body) > MOST_DOCUMENT_BYTES:
                file.seek(0)
                first = file.readline(MOST_LINE_CHARS)
                json.loads(first)
                return None
        return cast("object", json.loads(body))
    except (ValueError, RecursionError) as error:
        if len(body) <= MOST_DOCUMENT_BYTES and _is_json(body.split(b"\n", 1)[0]):
            return None
        raise LedgerError(f"{path} is no JSON: {str(error)[:_SHOWN]}") from error
    except UNREADABLE as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error


def keep_refused(ledger: Path, faults: dict[Path, list[RowFault]]) -> Refused:
    """Replace the quarantine of files.

    Raises
    ------
    LedgerError
        The quarantine cannot be written.
    """
    written = []
    rows = 0
    for path, found in faults.items():
        table = pd.DataFrame(found, columns=["line", "column", "value", "reason"]).drop_duplicates()
        rows += table["line"].nunique()
        made = write_quarantine(ledger, path, digest_of(path), table)
        if made is not None:
            written.append(made)
    return Refused(rows, tuple(written))


def digest_of(path: Path) -> str:
    """Return the hash of a file's content.

    Raises
    ------
    LedgerError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader[Any]]:
    try:
        with opened(path) as file:
            yield file
    except FileNotFoundError as error:
        raise LedgerError(f"{path} is not there") from error


def _delimiter(file: io.TextIOWrapper, path: Path) -> str:
    first = file.readline(MOST_LINE_CHARS)
    if not first.strip():
        raise LedgerError(f"{path} is empty; a header is needed")
    file.seek(0)
    return max(";,\t", key=first.count)


def _json_lines(path: Path) -> Iterator[tuple[int, object]]:
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig") as file:
        lines = BoundedLines(file, path)
        try:
            for number, line in enumerate(lines, 1):
                lines.begin()
                if line.strip():
                    yield number, json.loads(line)
        except (*UNREADABLE, UnicodeDecodeError, ValueError) as error:
            raise LedgerError(f"{path} cannot be read as one JSON a line: {str(error)[:_SHOWN]}") from error


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
