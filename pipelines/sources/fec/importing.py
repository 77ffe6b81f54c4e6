"""Import of FEC files into a ledger: read, merge with the stored years, rebuild as a whole, write.

Rows of other sources are preserved. All rows from FEC files are rebuilt from all their lines, so that imports
are idempotent and their order does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.files import has_ledger, read_ledger, write_ledger
from models.ledger.ledger import Ledger, conform, from_frames, merge
from models.ledger.tables import TABLES
from pipelines.sources.bookkeeping.building import REFUSED, BookkeepingOptions, BookkeepingTables, build
from pipelines.sources.fec import side_files as keeping
from pipelines.sources.fec.identity import strangers
from pipelines.sources.fec.overlap import MergedLines, lay_out
from pipelines.sources.fec.reading import FecFile, read_origin
from pipelines.sources.fec.stored_file import origin_of, store
from pipelines.sources.fec.summary import TWICE, FecSummary, FileSummary, file_summary, whole_summary
from pipelines.validation.quarantine import write_quarantine
from pipelines.validation.source_readings import sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.fec.identity import Doubt
    from pipelines.sources.fec.origin import Origin

DEFAULT_TERMS = BookkeepingOptions(default_days=30, old_after_days=365)
"""Art. L441-10 C. com.: 30 days unless agreed otherwise."""
SOURCE = "FEC"
"""Source of the signals that an import of FEC files rebuilds."""
NOBODY = "no line on 411 or 416"
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A planned import into a ledger; nothing is written yet.

    Parameters
    ----------
    origins, files
        The files, without duplicates by content.
    before, laid
        The lines stored before, and all merged lines.
    fates
        Fate of every line, duplicates in two files included.
    doubts
        Oddities of the files, and their deletions from others.
    """

    held: Ledger
    origins: tuple[Origin, ...]
    files: tuple[FecFile, ...]
    before: pd.DataFrame
    laid: MergedLines
    built: BookkeepingTables
    fates: pd.DataFrame
    doubts: tuple[Doubt, ...]

    def faults_of(self, file: FecFile) -> pd.DataFrame:
        """Return the faults of a file's refused lines: line, column, value, reason."""
        mine = self.fates[self.fates["digest"].eq(file.digest) & self.fates["fate"].eq(REFUSED)]
        return pd.DataFrame(
            [
                *((fault.line, fault.column, fault.value, fault.reason) for fault in file.faults),
                *((line.line, "CompAuxNum", "", line.reason) for line in mine.itertuples()),
            ],
            columns=["line", "column", "value", "reason"],
        )


def import_fec(
    files: Sequence[Path],
    ledger: Path,
    terms: BookkeepingOptions = DEFAULT_TERMS,
    *,
    replace_year: bool = False,
) -> FecSummary:
    """Import one or several years.

    Parameters
    ----------
    files
        FEC files, in any order, as text, gzipped or each in a zip; a file given twice counts once.
    ledger
        Folder of the ledger, made where it lacks.
    replace_year
        Whether a file may delete more than half of the lines of the file that it replaces.

    Raises
    ------
    LedgerError
        A file cannot be used, files contradict each other, or the ledger cannot be written; except for the
        last, nothing was changed.
    """
    if not files:
        raise LedgerError("no file to import; give at least one FEC")
    _refuse_no_folder(ledger)
    origins = [origin_of(path, ledger) for path in files]
    return enter(plan(origins, ledger, terms, replace_year=replace_year), ledger, terms)


def plan(
    origins: Sequence[Origin], ledger: Path, terms: BookkeepingOptions, *, replace_year: bool = False
) -> ImportPlan:
    """Plan the import of some files; nothing is written.

    Raises
    ------
    LedgerError
        A file cannot be used, or files contradict each other.
    """
    held = _held(ledger)
    once = {one.digest: one for one in reversed(origins)}
    chosen = tuple(reversed(once.values()))
    read = tuple(_read(one) for one in chosen)
    before = keeping.read_lines(ledger)
    others, lines = before[~before["digest"].isin(once)], [one.lines for one in read]
    laid = lay_out(others, lines, replace_year=replace_year)
    known = held.customers[held.customers["payment_terms_days"].notna()]
    agreed = dict(zip(known["customer_id"], known["payment_terms_days"], strict=True))
    built = build(laid.lines, agreed, terms, SOURCE)
    fates = pd.concat([built.fates, laid.twice.assign(fate=TWICE, reason="")])
    doubts = (
        *(doubt for one in read for doubt in one.doubts),
        *laid.doubts,
        *strangers(pd.concat(lines), others),
    )
    return ImportPlan(held, chosen, read, before, laid, built, fates, doubts)


def enter(planned: ImportPlan, ledger: Path, terms: BookkeepingOptions) -> FecSummary:
    """Write a planned import, and its refused lines to the quarantine.

    Raises
    ------
    LedgerError
        The ledger cannot be written.
    """
    built, laid = planned.built, planned.laid
    try:
        everything = pd.concat([laid.lines, laid.twice]).sort_values(["closes_on", "digest", "line"])
        keeping.write_table(everything, ledger, keeping.LINES)
        write_ledger(_merged(planned.held, built), ledger)
        keeping.write_table(built.notes, ledger, keeping.NOTES)
        keeping.write_terms(terms, ledger)
        old_file = keeping.write_old(built.old, ledger)
    except OSError as error:
        raise LedgerError(f"{ledger} cannot be written: {error.strerror}") from error
    nobody = pd.DataFrame(columns=["line", "column", "value", "reason"])
    gone = planned.before.loc[
        ~planned.before["digest"].isin(everything["digest"]), ["digest", "file"]
    ].drop_duplicates()
    for digest, name in gone.itertuples(index=False):
        write_quarantine(ledger, ledger / name, digest, nobody)
    told = tuple(
        _file(planned, origin, file, ledger)
        for origin, file in zip(planned.origins, planned.files, strict=True)
    )
    sweep(ledger)
    years = int(laid.lines["closes_on"].nunique())
    return whole_summary(told, built, years, old_file, planned.doubts)


def _refuse_no_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder} is a file; a ledger is a folder")


def _held(folder: Path) -> Ledger:
    if has_ledger(folder):
        return read_ledger(folder)
    return from_frames({})


def _read(origin: Origin) -> FecFile:
    one = read_origin(origin)
    if not one.lines.empty:
        return one
    if not one.faults:
        raise LedgerError(
            f"{origin.named} has {NOBODY}, where customers stand; export the whole year, all accounts "
            "included"
        )
    first = one.faults[0]
    raise LedgerError(
        f"{origin.named} has {NOBODY} that can be read; of its {one.n_lines:,} lines "
        f"{len({fault.line for fault in one.faults}):,} are bad, the first of them line {first.line}: "
        f"{first.column} {first.value[:MOST_SHOWN]!r} {first.reason}: export it again"
    )


def _file(planned: ImportPlan, origin: Origin, file: FecFile, ledger: Path) -> FileSummary:
    fates = planned.fates[planned.fates["digest"] == file.digest]
    written = write_quarantine(ledger, origin.named, file.digest, planned.faults_of(file))
    if written is not None:
        store(ledger, origin)
    return file_summary(file, fates, written)


def _merged(held: Ledger, built: BookkeepingTables) -> Ledger:
    """Replace the rows of earlier FEC imports; other rows stay."""
    invoices = _without_ours(held.invoices, "invoice_id")
    payments = _without_ours(held.payments, "payment_id")
    signals = held.signals[held.signals["source"].ne(SOURCE) | held.signals["source"].isna()]
    return replace(
        held,
        customers=_customers(held.customers, built.tables["customers"]),
        invoices=_put(invoices, built.tables["invoices"], "invoices"),
        payments=_put(payments, built.tables["payments"], "payments"),
        signals=_put(signals.reset_index(drop=True), built.tables["signals"], "signals"),
    )


def _without_ours(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[~frame[name].str.match(keeping.OURS)].reset_index(drop=True)


def _put(old: pd.DataFrame, new: pd.DataFrame, name: str) -> pd.DataFrame:
    return merge(old, conform(new, TABLES[name]), TABLES[name])


def _customers(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Update the FEC's customers by name; their other fields in the ledger stay."""
    known = new.merge(old.drop(columns="name"), on="customer_id", how="left")
    before = known["customer_id"].map(dict(zip(old["customer_id"], old["name"], strict=True))).astype("str")
    return _put(old, known.assign(name=known["name"].where(known["name"].notna(), before)), "customers")
