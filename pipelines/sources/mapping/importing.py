"""Import by mapping: append or replace rows by key, idempotently."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from models.errors import LedgerError
from models.ledger.conversion import currencies_of
from models.ledger.files import has_ledger, read_ledger, write_ledger
from models.ledger.ledger import Ledger, conform, empty, from_frames, merge
from models.ledger.tables import DTYPES, TABLES, Table
from pipelines.sources.mapping.applying import Applied, apply_mapping
from pipelines.sources.mapping.balance import ImportBalance, balances
from pipelines.sources.mapping.building import NUMBER, TIES
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.mapping.notes import notes_of, write_notes
from pipelines.sources.mapping.reading import TextRows, read_contents, read_rows
from pipelines.sources.mapping.settling import line_of, settle
from pipelines.validation import source_readings
from pipelines.validation.quarantine import write_quarantine

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.mapping.shape import Mapping


class Note(NamedTuple):
    """One imported row with a remark."""

    file: str
    line: int
    column: str
    value: str
    kind: str
    cents: int


ACCEPTABLE_SHARE = 0.01
"""Share of refused rows from which the exit code reports it."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Result of an import.

    Parameters
    ----------
    rows_read
        Rows of all files below their headers; the sum of those imported, refused and skipped.
    rows_taken, rows_refused, rows_skipped
        Rows that reached a table, rows in quarantine, and rows the mapping leaves out on purpose.
    rows_imported
        Canonical rows built, by table; they may be more or fewer than the rows taken.
    quarantine_files
        One a source file that had rows refused.
    balances
        Rows and cents of each file by fate.
    currencies
        Currencies of the ledger after the import; amounts of several are never added up.
    notes
        Remarks on imported rows, from `pipelines.sources.mapping.notes`.
    notes_file
        File with all remarks; None if there are none.
    """

    rows_read: int
    rows_taken: int
    rows_refused: int
    rows_skipped: int
    rows_imported: Dict[str, int]
    quarantine_files: tuple[Path, ...]
    balances: tuple[ImportBalance, ...] = ()
    currencies: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    notes_file: Path | None = None

    @property
    def quarantine(self) -> Path | None:
        """The quarantine file, its folder if several files had refused rows, or None."""
        if not self.quarantine_files:
            return None
        return (
            self.quarantine_files[0] if len(self.quarantine_files) == 1 else self.quarantine_files[0].parent
        )

    @property
    def exit_code(self) -> int:
        """Exit code: 0 if under 1 % of the rows were refused, else 3."""
        return 3 if self.rows_refused and self.rows_refused >= ACCEPTABLE_SHARE * self.rows_read else 0


def import_files(mapping: Path, files: Sequence[Path], ledger: Path) -> ImportSummary:
    """Import files into a ledger through a mapping.

    Rows are appended, or replace the row of the same key; columns not in the mapping keep the ledger's
    values. The order of the files does not matter: where two files have the same key, the later file name
    wins. A row that breaks the contract is quarantined, the rest is imported.

    Parameters
    ----------
    mapping
        The TOML that maps the columns.
    ledger
        Folder of the ledger, made where it lacks.

    Raises
    ------
    LedgerError
        The mapping, a file or the ledger cannot be used; then nothing was changed.
    """
    if not files:
        raise LedgerError("no file to import; give at least one")
    return import_mapped(load_mapping(mapping), files, ledger)


def import_mapped(shape: Mapping, files: Sequence[Path], ledger: Path) -> ImportSummary:
    """Import files as `import_files` does, through a loaded mapping.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used; then nothing was changed.
    """
    contents = read_contents(files)
    corrections = {
        content.digest: source_readings.read_corrections(ledger, content.digest) for content in contents
    }
    rows = read_rows(contents, shape, corrections)
    held = held_in(ledger)
    applied = apply_mapping(rows, shape)
    made, spent = tables_of(applied, shape)
    counted = balances(rows, shape, applied)
    merged = _merged(held, made, applied, shape)
    write(merged, ledger)
    written = quarantine(ledger, rows, applied)
    notes = notes_of(applied.refusals.remarks, spent, _numbers_of_payments(shape), rows)
    source_readings.store(ledger, contents, shape, refused=bool(written))
    return ImportSummary(
        rows_read=len(rows.cells),
        rows_taken=applied.taken,
        rows_refused=len(applied.refusals.positions),
        rows_skipped=applied.skipped,
        rows_imported={name: len(frame) for name, frame in made.items()},
        quarantine_files=written,
        balances=counted,
        currencies=currencies_of(merged),
        notes=tuple(Note(*one) for one in notes.itertuples(index=False)),
        notes_file=write_notes(ledger, notes),
    )


def _numbers_of_payments(mapping: Mapping) -> list[str]:
    """Return the columns that a payment's number is read from."""
    blocks = mapping.of("payments")
    return list(dict.fromkeys(name for block in blocks for name in block.cells["payment_id"].inputs))


def write(ledger: Ledger, folder: Path) -> None:
    """Write a ledger.

    Raises
    ------
    LedgerError
        It cannot be written.
    """
    try:
        write_ledger(ledger, folder)
    except OSError as error:
        raise LedgerError(f"{folder} cannot be written: {error.strerror}") from error


def quarantine(ledger: Path, rows: TextRows, applied: Applied) -> tuple[Path, ...]:
    """Replace the quarantine of an import's files; return their current quarantine files."""
    written = [
        write_quarantine(ledger, source.path, source.digest, applied.refusals.of_file(at))
        for at, source in enumerate(rows.sources)
    ]
    return tuple(path for path in written if path is not None)


def held_in(folder: Path) -> Ledger:
    """Read the ledger in `folder`, or return an empty one.

    Raises
    ------
    LedgerError
        The folder is a file, or its ledger cannot be read.
    """
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder} is a file; a ledger is a folder")
    if has_ledger(folder):
        return read_ledger(folder)
    return from_frames({})


class Tables(NamedTuple):
    """Canonical rows by table, and the cents of spent money outside them, by row position."""

    frames: dict[str, pd.DataFrame]
    spent: pd.Series


def tables_of(applied: Applied, mapping: Mapping) -> Tables:
    """Return the canonical rows, with payments matched to invoices if the mapping defines matching."""
    tables = {name: frame.drop(columns=TIES, errors="ignore") for name, frame in applied.tables.items()}
    spent: pd.Series = pd.Series([], dtype="int64")
    if mapping.matching and "invoices" in applied.tables:
        none = empty(TABLES["payments"]).assign(**{NUMBER: pd.Series([], dtype="str")})
        paid = applied.tables.get("payments", none)
        tables["payments"], gone = settle(applied.tables["invoices"], paid, cleared=mapping.matching.cleared)
        lines = paid.loc[paid["payment_id"].isin(gone.index), "payment_id"]
        spent = gone.reindex(lines).set_axis(lines.index)
    return Tables(tables, spent)


def _merged(held: Ledger, made: Dict[str, pd.DataFrame], applied: Applied, mapping: Mapping) -> Ledger:
    if mapping.matching:
        held = _without_stale_parts(held, applied)
    return replace(
        held, **{name: merge_rows(held.table(name), new, TABLES[name]) for name, new in made.items()}
    )


def _without_stale_parts(held: Ledger, applied: Applied) -> Ledger:
    """Drop the stored parts of lines that are imported again: their matching may have changed."""
    lines = [applied.tables["invoices"]["invoice_id"]]
    if "payments" in applied.tables:
        lines.append(applied.tables["payments"]["payment_id"])
    again = line_of(held.payments["payment_id"]).isin(pd.concat(lines))
    return replace(held, payments=held.payments[~again].reset_index(drop=True))


def merge_rows(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Merge by key; an existing row keeps the columns that are not in the mapping."""
    key = list(table.key)
    absent = {name: DTYPES[table.column(name).kind] for name in key if name not in new}
    new = new.reindex(columns=[*new.columns, *absent]).astype(absent)
    kept = [name for name in table.column_names if name not in new]
    if kept and not old.empty:
        typed = new.astype({name: "str" for name in key if table.column(name).kind != "date"})
        new = typed.merge(old[[*key, *kept]], on=key, how="left", validate="one_to_one")
    return merge(old, conform(new, table), table)
