"""Rows in quarantine out to a sheet and back in, whether their file came through a mapping or is a FEC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.fec import corrections as of_fec
from pipelines.sources.fec.corrections import Mended
from pipelines.sources.fec.kept_file import is_kept
from pipelines.sources.mapping import corrections as of_mapping
from pipelines.sources.mapping.sheet import read_sheet, waiting_in, write_sheet

if TYPE_CHECKING:
    from pathlib import Path


def export_rows(ledger: Path, source: str, out: Path) -> int:
    """Write the rows of a file that are in quarantine as CSV, and return how many there are.

    Raises
    ------
    LedgerError
        There is no such file, its rows were not kept, or `out` cannot be written.
    """
    found = of_fec.waiting_in(ledger, source) if is_kept(ledger, source) else waiting_in(ledger, source)
    return write_sheet(found, source, out)


def retry(mended: Path, ledger: Path) -> Mended:
    """Bring mended rows into a ledger; the same again changes nothing.

    Raises
    ------
    LedgerError
        The file is no sheet of the quarantine, or what was kept of its import cannot be read; then nothing
        was changed.
    """
    if is_kept(ledger, read_sheet(mended).source):
        return of_fec.retry(mended, ledger)
    return Mended(of_mapping.retry(mended, ledger), None)
