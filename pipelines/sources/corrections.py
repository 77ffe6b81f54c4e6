"""Corrections of quarantined rows, from a mapping import or a FEC: export to a sheet and import of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.fec import corrections as of_fec
from pipelines.sources.fec.corrections import CorrectionResult
from pipelines.sources.fec.stored_file import is_stored
from pipelines.sources.mapping import corrections as of_mapping
from pipelines.sources.mapping.sheet import read_sheet, waiting_in, write_sheet

if TYPE_CHECKING:
    from pathlib import Path


def export_rows(ledger: Path, source: str, out: Path) -> int:
    """Write the quarantined rows of a file as CSV, and return their number.

    Raises
    ------
    LedgerError
        There is no such file, its rows were not stored, or `out` cannot be written.
    """
    found = of_fec.waiting_in(ledger, source) if is_stored(ledger, source) else waiting_in(ledger, source)
    return write_sheet(found, source, out)


def retry(corrected: Path, ledger: Path) -> CorrectionResult:
    """Import corrected rows into a ledger; repeating it changes nothing.

    Raises
    ------
    LedgerError
        The file is no quarantine sheet, or the stored files of its import cannot be read; nothing was
        changed.
    """
    if is_stored(ledger, read_sheet(corrected).source):
        return of_fec.retry(corrected, ledger)
    return CorrectionResult(of_mapping.retry(corrected, ledger), None)
