"""Corrections of quarantined FEC lines: export to a spreadsheet, and import of the corrected sheet.

A corrected line replaces the file's own, and the file is read again: the ledger is then the same as if the
file had been right. The sheet is that of every import, `sources.mapping.sheet`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pipelines.sources.fec.importing import enter, plan
from pipelines.sources.fec.origin import cells_of
from pipelines.sources.fec.side_files import read_terms
from pipelines.sources.fec.stored_file import stored_origin
from pipelines.sources.mapping.corrections import FAULT, Retry, read_request, refuse_worse
from pipelines.sources.mapping.sheet import PendingRows, faults_of
from pipelines.validation import source_readings

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.sources.bookkeeping.building import BookkeepingOptions
    from pipelines.sources.fec.importing import ImportPlan
    from pipelines.sources.fec.summary import FecSummary
    from pipelines.sources.mapping.reading import CorrectedRows


class CorrectionResult(NamedTuple):
    """Outcome of corrected lines, and the resulting import; None if there was nothing to do."""

    retry: Retry
    summary: FecSummary | None


def waiting_in(ledger: Path, source: str) -> PendingRows:
    """Return the quarantined lines of a FEC, by the first twelve digits of its hash.

    Raises
    ------
    LedgerError
        There is no such file, or it was not stored.
    """
    faults = faults_of(ledger, source)
    digest = source_readings.find(ledger, source_readings.STORED, source) or source
    how = source_readings.read_reading(ledger, digest)
    origin = stored_origin(ledger, digest, source_readings.read_corrections(ledger, digest))
    found = cells_of(origin, set(faults["line"].tolist()))
    return PendingRows(digest, how, found.header, found.rows, faults)


def retry(corrected: Path, ledger: Path) -> CorrectionResult:
    """Import corrected lines of a FEC into a ledger; repeating it changes nothing.

    Raises
    ------
    LedgerError
        The file is no quarantine sheet, the stored FEC cannot be read, or the files contradict each other
        with the corrected lines; nothing was changed.
    """
    asked = read_request(corrected, ledger, waiting_in)
    if asked.waiting is None:
        return CorrectionResult(Retry((), (), asked.already, (), 0), None)
    waiting, terms = asked.waiting, read_terms(ledger)
    digest, before = waiting.digest, set(waiting.faults["line"].tolist())
    good = asked.changes.corrections
    planned = _planned(ledger, digest, {**asked.done, **good}, terms)
    faults = planned.faults_of(planned.files[0])
    bad = set(faults["line"].tolist()) & good.keys()
    if bad:
        good = {line: cells for line, cells in good.items() if line not in bad}
        planned = _planned(ledger, digest, {**asked.done, **good}, terms)
    left = set(planned.faults_of(planned.files[0])["line"].tolist())
    refuse_worse(left - before | left & good.keys())
    summary = enter(planned, ledger, terms)
    if good:
        source_readings.write_corrections(ledger, digest, {**asked.done, **good})
    still_bad = faults[faults["line"].isin(bad)].reset_index(drop=True)
    return CorrectionResult(
        Retry(
            came_in=tuple(sorted(good)),
            unchanged=asked.changes.unchanged,
            already=asked.already,
            elsewhere=asked.changes.elsewhere,
            left=len(left),
            still_bad=pd.DataFrame(still_bad, columns=list(FAULT)),
        ),
        summary,
    )


def _planned(ledger: Path, digest: str, corrections: CorrectedRows, terms: BookkeepingOptions) -> ImportPlan:
    return plan([stored_origin(ledger, digest, corrections)], ledger, terms)
