"""Corrections of quarantined rows: export to a spreadsheet, and import of the corrected sheet.

A corrected row is read with all the others of its import: the ledger is then the same as if the file had been
right. Only the resulting changes are written, so that later imports are preserved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.tables import TABLES
from pipelines.sources.mapping.applying import REFUSED, Applied, apply_mapping
from pipelines.sources.mapping.balance import ImportBalance, balances
from pipelines.sources.mapping.importing import held_in, merge_rows, quarantine, tables_of, write
from pipelines.sources.mapping.loading import mapping_of
from pipelines.sources.mapping.reading import FileContent, TextRows, read_rows
from pipelines.sources.mapping.sheet import Changes, changes_in, read_sheet, waiting_in
from pipelines.validation import source_readings
from pipelines.validation.quarantine import quarantined

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.ledger.ledger import Ledger
    from pipelines.sources.mapping.reading import CorrectedRows
    from pipelines.sources.mapping.shape import Mapping
    from pipelines.sources.mapping.sheet import PendingRows
    from pipelines.validation.source_readings import StoredReading


FAULT = ("line", "column", "value", "reason")


@dataclass(frozen=True, slots=True)
class Retry:
    """Outcome of corrected rows.

    Parameters
    ----------
    came_in
        Lines that are in the ledger now and in quarantine no more.
    unchanged
        Lines without a change; they stay in quarantine.
    already
        Lines that are in quarantine no more.
    elsewhere
        Changed cells in columns without a fault, as `line, column: before → after`: a spreadsheet may have
        dropped zeros or converted dates.
    left
        Lines of the file that are still in quarantine.
    still_bad
        Remaining faults of corrected rows, with their original values: columns `FAULT`.
    balances
        Rows and cents of every file of the import by fate.
    """

    came_in: tuple[int, ...]
    unchanged: tuple[int, ...]
    already: tuple[int, ...]
    elsewhere: tuple[str, ...]
    left: int
    still_bad: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FAULT)))
    balances: tuple[ImportBalance, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestedCorrections:
    """Corrections requested by a sheet.

    Parameters
    ----------
    waiting
        The quarantined rows of its file; None if all of the sheet's were imported before.
    changes
        A person's changes to them.
    done
        All rows of the file corrected before.
    already
        Lines of the sheet that were corrected before.
    """

    waiting: PendingRows | None
    changes: Changes
    done: CorrectedRows
    already: tuple[int, ...]


def read_request(
    corrected: Path, ledger: Path, waiting_in: Callable[[Path, str], PendingRows]
) -> RequestedCorrections:
    """Read a sheet and compare it with the pending rows.

    Raises
    ------
    LedgerError
        The file is no such sheet, or names a row that does not wait.
    """
    sheet = read_sheet(corrected)
    done = source_readings.read_corrections(
        ledger, source_readings.find(ledger, source_readings.CORRECTED, sheet.source) or ""
    )
    already = tuple(sorted(sheet.rows.keys() & done.keys()))
    if sheet.source not in quarantined(ledger) and len(already) == len(sheet.rows):
        return RequestedCorrections(None, Changes({}, (), ()), done, already)
    waiting = waiting_in(ledger, sheet.source)
    strange = sheet.rows.keys() - waiting.rows.keys() - done.keys()
    if strange:
        raise LedgerError(f"{corrected}: line {min(strange)} of the file is not in quarantine and never was")
    return RequestedCorrections(waiting, changes_in(sheet, waiting), done, already)


@dataclass(frozen=True, slots=True)
class _Import:
    """An original import: its files, its mapping, and the rows corrected since."""

    contents: tuple[FileContent, ...]
    mapping: Mapping
    corrections: dict[str, CorrectedRows]

    def with_corrections(self, digest: str, new: CorrectedRows) -> tuple[TextRows, Applied]:
        """Read and apply the import with further corrected rows of a file."""
        corrections = {**self.corrections, digest: {**self.corrections.get(digest, {}), **new}}
        rows = read_rows(self.contents, self.mapping, corrections)
        return rows, apply_mapping(rows, self.mapping)


@dataclass(frozen=True, slots=True)
class _Tried:
    """An import without and with the valid corrected rows, and the faults of the others."""

    mapping: Mapping
    before: Applied
    rows: TextRows
    after: Applied
    came_in: CorrectedRows
    left: int
    still_bad: pd.DataFrame
    balances: tuple[ImportBalance, ...]


def retry(corrected: Path, ledger: Path) -> Retry:
    """Import corrected rows into a ledger; repeating it changes nothing.

    Parameters
    ----------
    corrected
        The output of `sources.corrections.export_rows`, with changed cells and any rows removed.
    ledger
        Folder of the ledger.

    Raises
    ------
    LedgerError
        The file is no such sheet, or the stored files of its import cannot be read; nothing was changed.
    """
    asked = read_request(corrected, ledger, waiting_in)
    if asked.waiting is None:
        return Retry((), (), asked.already, (), 0)
    waiting, changes = asked.waiting, asked.changes
    tried = _try(_import(ledger, waiting.kept), waiting.digest, changes.corrections)
    if tried.came_in:
        write(_changed(held_in(ledger), tried), ledger)
        source_readings.write_corrections(ledger, waiting.digest, {**asked.done, **tried.came_in})
    quarantine(ledger, tried.rows, tried.after)
    source_readings.sweep(ledger)
    return Retry(
        came_in=tuple(sorted(tried.came_in)),
        unchanged=changes.unchanged,
        already=asked.already,
        elsewhere=changes.elsewhere,
        left=tried.left,
        still_bad=tried.still_bad,
        balances=tried.balances,
    )


def _try(made: _Import, digest: str, corrections: CorrectedRows) -> _Tried:
    """Read an import with corrected rows, and again without those that are still invalid."""
    before_rows, before = made.with_corrections(digest, {})
    rows, after = made.with_corrections(digest, corrections)
    bad = _refused(rows, after, digest) & corrections.keys()
    faults = after.refusals.of_file(_place(rows, digest))
    good = {line: cells for line, cells in corrections.items() if line not in bad}
    if bad:
        rows, after = made.with_corrections(digest, good)
    left = _refused(rows, after, digest)
    refuse_worse(left - _refused(before_rows, before, digest) | left & good.keys())
    return _Tried(
        mapping=made.mapping,
        before=before,
        rows=rows,
        after=after,
        came_in=good,
        left=len(left),
        still_bad=faults[faults["line"].isin(bad)].reset_index(drop=True),
        balances=balances(rows, made.mapping, after),
    )


def refuse_worse(lines: set[int]) -> None:
    """Refuse corrections that would quarantine other lines.

    Raises
    ------
    LedgerError
        There are such lines.
    """
    if lines:
        raise LedgerError(
            f"with these rows corrected, line {min(lines)} would be refused, which is not now; correct "
            "fewer rows at a time"
        )


def _import(ledger: Path, how: StoredReading) -> _Import:
    contents = tuple(
        FileContent(Path(one.name), one.digest, source_readings.read_content(ledger, one.digest))
        for one in how.files
    )
    corrections = {one.digest: source_readings.read_corrections(ledger, one.digest) for one in how.files}
    return _Import(contents, mapping_of(how), corrections)


def _place(rows: TextRows, digest: str) -> int:
    return [source.digest for source in rows.sources].index(digest)


def _refused(rows: TextRows, applied: Applied, digest: str) -> set[int]:
    """Return the refused lines of a file."""
    mine = rows.origin["file"] == _place(rows, digest)
    return set(rows.origin.loc[mine & (applied.fates == REFUSED), "line"].tolist())


def _changed(held: Ledger, tried: _Tried) -> Ledger:
    """Apply the effects of corrections to a ledger: add the new rows and remove the obsolete ones."""
    before, changed = tables_of(tried.before, tried.mapping).frames, {}
    for name, new in tables_of(tried.after, tried.mapping).frames.items():
        table, frame = TABLES[name], held.table(name)
        old = before.get(name, new.iloc[:0]).reindex(columns=new.columns)
        key = [column for column in table.key if column in new]
        if name != "customers":
            undone = old[~_hashes(old, key).isin(_hashes(new, key))]
            frame = frame[~_hashes(frame, key).isin(_hashes(undone, key))].reset_index(drop=True)
        fresh = new[~_hashes(new, [*new]).isin(_hashes(old, [*new]))].reset_index(drop=True)
        changed[name] = merge_rows(frame, fresh, table) if len(fresh) else frame
    return replace(held, **changed)


def _hashes(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Hash rows by the displayed values of these columns, whatever their types."""
    return pd.util.hash_pandas_object(frame[columns].astype("str"), index=False)
