"""Corrections of quarantined rows, from a mapping import or a FEC: export to a sheet and import of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.fec import corrections as of_fec
from pipelines.sources.fec.corrections import CorrectionResult
from pipelines.sources.fec.kept_file import is_kept
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
    found = of_fec.waiting_in(ledger, source) if is_kept(ledger, source) else waiting_in(ledger, source)
    return write_sheet(found, source, out)


def retry(mended: Path, ledger: Path) -> CorrectionResult:
    """Import corrected rows into a ledger; repeating it changes nothing.

    Raises
    ------
    LedgerError
        The file is no quarantine sheet, or the stored files of its import cannot be read; nothing was
        changed.
    """
    if is_kept(ledger, read_sheet(mended).source):
        return of_fec.retry(mended, ledger)
    return CorrectionResult(of_mapping.retry(mended, ledger), None)
