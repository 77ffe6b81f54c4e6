"""Import of FEC files into a ledger: read, laid beside the years held, built anew as a whole, written.

What a ledger holds of other sources stays. Everything that comes of FEC files is made again from all their
lines, so that the order of imports does not matter and twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger import TABLES, Ledger, conform, from_frames, merge
from models.ledger_files import read_ledger, write_ledger
from pipelines.sources.fec import keeping
from pipelines.sources.fec.building import REFUSED, Built, Terms, build
from pipelines.sources.fec.doubtful import SOURCE
from pipelines.sources.fec.overlap import Laid, lay_out
from pipelines.sources.fec.reading import FecFile, read_fec
from pipelines.sources.fec.summary import TWICE, FecSummary, FileSummary, file_summary, whole_summary
from pipelines.validation.quarantine import write_quarantine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEFAULT_TERMS = Terms(default_days=30, old_after_days=365)
"""Art. L441-10 C. com. gives 30 days where nothing was agreed."""
NOBODY = "no line on 411 or 416"


@dataclass(frozen=True, slots=True)
class _Given:
    """The files of one import, each content once, and all lines laid out."""

    files: tuple[FecFile, ...]
    laid: Laid
    replaced: pd.DataFrame


def import_fec(files: Sequence[Path], ledger: Path, terms: Terms = DEFAULT_TERMS) -> FecSummary:
    """Import one or several years.

    Parameters
    ----------
    files
        FEC files, in any order, as text or each in a zip; a file given twice counts once.
    ledger
        Folder of the ledger, made where it lacks.

    Raises
    ------
    LedgerError
        A file cannot be used, files contradict each other, or the ledger cannot be written; but for the last,
        nothing was changed.
    """
    if not files:
        raise LedgerError("no file to import; give at least one FEC")
    held = _held(ledger)
    given = _read(files, ledger)
    known = held.customers[held.customers["payment_terms_days"].notna()]
    agreed = dict(zip(known["customer_id"], known["payment_terms_days"], strict=True))
    built = build(given.laid.lines, agreed, terms)
    try:
        everything = pd.concat([given.laid.lines, given.laid.twice]).sort_values(
            ["closes_on", "digest", "line"]
        )
        keeping.write_table(everything, ledger, keeping.LINES)
        write_ledger(_merged(held, built), ledger)
        keeping.write_table(built.notes, ledger, keeping.NOTES)
        old_file = keeping.write_old(built.old, ledger)
    except OSError as error:
        raise LedgerError(f"{ledger} cannot be written: {error.strerror}") from error
    nobody = pd.DataFrame(columns=["line", "column", "value", "reason"])
    for digest, name in given.replaced.itertuples(index=False):
        write_quarantine(ledger, ledger / name, digest, nobody)
    fates = pd.concat([built.fates, given.laid.twice.assign(fate=TWICE, reason="")])
    told = tuple(_file(one, fates[fates["digest"] == one.digest], ledger) for one in given.files)
    return whole_summary(told, built, int(given.laid.lines["closes_on"].nunique()), old_file)


def _held(folder: Path) -> Ledger:
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder} is a file; a ledger is a folder")
    if any((folder / f"{name}.parquet").exists() for name in TABLES):
        return read_ledger(folder)
    return from_frames({})


def _read(files: Sequence[Path], ledger: Path) -> _Given:
    read: dict[str, FecFile] = {}
    for path in files:
        one = read_fec(path)
        if one.lines.empty:
            raise LedgerError(
                f"{path} has {NOBODY}, where customers stand; export the whole year, all accounts included"
            )
        read.setdefault(one.digest, one)
    before = keeping.read_lines(ledger)
    laid = lay_out(before, [one.lines for one in read.values()])
    after = pd.concat([laid.lines["digest"], laid.twice["digest"]])
    gone = before.loc[~before["digest"].isin(after), ["digest", "file"]].drop_duplicates()
    return _Given(tuple(read.values()), laid, gone)


def _file(one: FecFile, fates: pd.DataFrame, ledger: Path) -> FileSummary:
    nameless = fates[fates["fate"] == REFUSED]
    faults = pd.DataFrame(
        [
            *((fault.line, fault.column, fault.value, fault.reason) for fault in one.faults),
            *((line.line, "CompAuxNum", "", line.reason) for line in nameless.itertuples()),
        ],
        columns=["line", "column", "value", "reason"],
    )
    return file_summary(one, fates, write_quarantine(ledger, one.path, one.digest, faults))


def _merged(held: Ledger, built: Built) -> Ledger:
    """Put the FEC's rows in place of those of earlier imports; other rows stay."""
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
    """Name the FEC's customers; what the ledger knows of them besides stays."""
    known = new.merge(old.drop(columns="name"), on="customer_id", how="left")
    before = known["customer_id"].map(dict(zip(old["customer_id"], old["name"], strict=True))).astype("str")
    return _put(old, known.assign(name=known["name"].where(known["name"].notna(), before)), "customers")
