"""Correction sheet of quarantined rows: written as CSV for a spreadsheet, and read back.

It holds the file's original columns, after the file's short hash, the line and the fault. Text that a
spreadsheet would run as a formula is escaped, and restored when it is read back.
"""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from models.errors import LedgerError
from pipelines.sources.mapping.loading import mapping_of
from pipelines.sources.mapping.reading import read_records
from pipelines.validation import source_readings
from pipelines.validation.quarantine import quarantined, shielded, unguarded

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.sources.mapping.reading import CorrectedRows
    from pipelines.validation.source_readings import StoredReading

OWN = ("encours_source", "encours_line", "encours_reason")
EXTRA = "encours_extra_"
SEPARATORS = ";,\t"
WHOLE = "(whole line)"


@dataclass(frozen=True, slots=True)
class PendingRows:
    """The original quarantined rows of a file, and their faults."""

    digest: str
    kept: StoredReading
    header: list[str]
    rows: CorrectedRows
    faults: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        """The header, and a name for each additional cell of a row."""
        most = max((len(cells) for cells in self.rows.values()), default=0)
        return self.header + [f"{EXTRA}{at}" for at in range(1, most - len(self.header) + 1)]

    def padded(self, line: int) -> list[str]:
        """Return a row's cells, one per column."""
        return self.rows[line] + [""] * (len(self.columns) - len(self.rows[line]))

    def blamed(self, line: int) -> set[str]:
        """Return the faulty columns of a row."""
        named = self.faults.loc[self.faults["line"] == line, "column"]
        return {name.strip() for text in named for name in text.split(" | ")}


class Sheet(NamedTuple):
    """A sheet read back: its file's short hash, its header, and its rows by line."""

    path: Path
    source: str
    header: list[str]
    rows: CorrectedRows


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes made by a person.

    Parameters
    ----------
    corrections
        The cells of changed rows, by line.
    unchanged
        Lines as they were.
    elsewhere
        Changed cells in columns without a fault, as text.
    """

    corrections: CorrectedRows
    unchanged: tuple[int, ...]
    elsewhere: tuple[str, ...]


def faults_of(ledger: Path, source: str) -> pd.DataFrame:
    """Return the faults of a file's rows, by the first twelve digits of its hash.

    Raises
    ------
    LedgerError
        There is no such file.
    """
    faults = quarantined(ledger)
    if source not in faults:
        raise LedgerError(
            f"the quarantine holds no file {source!r}; it holds {', '.join(faults) or 'nothing'}"
        )
    return faults[source]


def waiting_in(ledger: Path, source: str) -> PendingRows:
    """Return the quarantined rows of a file, by the first twelve digits of its hash.

    Raises
    ------
    LedgerError
        There is no such file, or its rows were not stored.
    """
    faults = faults_of(ledger, source)
    digest = source_readings.find(ledger, source_readings.STORED, source)
    how = source_readings.read_reading(ledger, digest or source)
    digest = digest or source
    name = next(one.name for one in how.files if one.digest == digest)
    records = read_records(Path(name), source_readings.read_content(ledger, digest), mapping_of(how).file)
    header = [cell.strip() for cell in next(islice(records, 1)).cells]
    lines = set(faults["line"].tolist())
    corrections = source_readings.read_corrections(ledger, digest)
    rows = {one.line: corrections.get(one.line, one.cells) for one in records if one.line in lines}
    return PendingRows(digest, how, header, rows, faults)


def write_sheet(waiting: PendingRows, source: str, out: Path) -> int:
    """Write pending rows as CSV, and return their number.

    Raises
    ------
    LedgerError
        `out` cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=SEPARATORS[0], lineterminator="\r\n")
    writer.writerow([*OWN, *map(shielded, waiting.columns)])
    for line in waiting.rows:
        mine = waiting.faults[waiting.faults["line"] == line]
        reasons = " · ".join(f"{one.column}: {one.reason}" for one in mine.itertuples())
        writer.writerow([source, line, shielded(reasons), *map(shielded, waiting.padded(line))])
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text.getvalue().encode("utf-8-sig"))
        draft.replace(out)
    except OSError as error:
        raise LedgerError(f"{out} cannot be written: {error.strerror}") from error
    return len(waiting.rows)


def read_sheet(path: Path) -> Sheet:
    """Read a corrected sheet, in UTF-8 or as a spreadsheet saves CSV on Windows.

    Raises
    ------
    LedgerError
        It is no such sheet.
    """
    rows = _cells(path)
    header = [unguarded(name.strip()) for name in rows[0]] if rows else []
    if tuple(header[: len(OWN)]) != OWN:
        raise LedgerError(f"{path} is no sheet of the quarantine: its first columns are {', '.join(OWN)}")
    found: CorrectedRows = {}
    sources = set()
    for at, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        sources.add(cells[0].strip())
        line = cells[1].strip() if len(cells) > 1 else ""
        if not (line.isascii() and line.isdigit()) or int(line) in found:
            raise LedgerError(
                f"{path}, row {at}: {OWN[1]} is {line!r}; leave it as it was exported, once each"
            )
        padded = cells + [""] * (len(header) - len(cells))
        found[int(line)] = [unguarded(cell) for cell in padded[len(OWN) : len(header)]]
    if len(sources) != 1:
        raise LedgerError(f"{path}: {OWN[0]} names {len(sources)} files; a sheet holds rows of one")
    return Sheet(path, sources.pop(), header[len(OWN) :], found)


def changes_in(sheet: Sheet, waiting: PendingRows) -> Changes:
    """Compare a sheet with the original rows; lines no longer pending are skipped.

    Raises
    ------
    LedgerError
        A column of the file lacks.
    """
    places = _places(sheet, waiting)
    corrections: CorrectedRows = {}
    unchanged, elsewhere = [], []
    for line, cells in sheet.rows.items():
        if line not in waiting.rows:
            continue
        given, came = [cells[place].strip() for place in places], waiting.padded(line)
        changed = [at for at, cell in enumerate(given) if cell != came[at].strip()]
        if not changed or not any(given):
            unchanged.append(line)
            continue
        width = len(waiting.header)
        corrections[line] = given if any(given[width:]) else given[:width]
        blamed = waiting.blamed(line)
        elsewhere += [
            f"{line}, {waiting.columns[at]}: {came[at]} → {given[at]}"
            for at in changed
            if WHOLE not in blamed and waiting.columns[at] not in blamed
        ]
    return Changes(corrections, tuple(unchanged), tuple(elsewhere))


def _places(sheet: Sheet, waiting: PendingRows) -> list[int]:
    """Return the position in the sheet of each column of the file, in any order; duplicates in sequence."""
    free = list(enumerate(sheet.header))
    places, missing = [], []
    for name in waiting.columns:
        found = next((one for one in free if one[1] == name.strip()), None)
        if found is None:
            missing.append(repr(name))
        else:
            free.remove(found)
            places.append(found[0])
    if missing:
        raise LedgerError(f"{sheet.path} lacks {', '.join(missing)}; keep every column that was exported")
    return places


def _cells(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count)))
    except csv.Error as error:
        raise LedgerError(f"{path} cannot be read as CSV: {error}") from error
