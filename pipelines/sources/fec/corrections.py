"""Lines of a FEC in quarantine, taken out to be mended in a spreadsheet and brought back in.

A mended line takes the place of the file's own, and the file is read again: what the ledger then holds is
what it would hold had the file been right. The sheet is that of every import, `sources.mapping.sheet`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pipelines.sources.fec.importing import enter, plan
from pipelines.sources.fec.kept_file import kept_origin
from pipelines.sources.fec.origin import cells_of
from pipelines.sources.fec.side_files import read_terms
from pipelines.sources.mapping.corrections import FAULT, Retry, ask, refuse_worse
from pipelines.sources.mapping.sheet import Waiting, faults_of
from pipelines.validation import source_readings as kept

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.sources.bookkeeping.building import Terms
    from pipelines.sources.fec.importing import Planned
    from pipelines.sources.fec.summary import FecSummary
    from pipelines.sources.mapping.reading import Mends


class Mended(NamedTuple):
    """What became of mended lines, and what the import then did; None where nothing was to be done."""

    retry: Retry
    summary: FecSummary | None


def waiting_in(ledger: Path, source: str) -> Waiting:
    """Find the lines of a FEC in quarantine, by the first twelve digits of its hash.

    Raises
    ------
    LedgerError
        There is no such file, or it was not kept.
    """
    faults = faults_of(ledger, source)
    digest = kept.find(ledger, kept.KEPT, source) or source
    how = kept.read_kept(ledger, digest)
    origin = kept_origin(ledger, digest, kept.read_mends(ledger, digest))
    found = cells_of(origin, set(faults["line"].tolist()))
    return Waiting(digest, how, found.header, found.rows, faults)


def retry(mended: Path, ledger: Path) -> Mended:
    """Bring mended lines of a FEC into a ledger; the same again changes nothing.

    Raises
    ------
    LedgerError
        The file is no sheet of the quarantine, what was kept of the FEC cannot be read, or with the mended
        lines the files contradict each other; then nothing was changed.
    """
    asked = ask(mended, ledger, waiting_in)
    if asked.waiting is None:
        return Mended(Retry((), (), asked.already, (), 0), None)
    waiting, terms = asked.waiting, read_terms(ledger)
    digest, before = waiting.digest, set(waiting.faults["line"].tolist())
    good = asked.changes.mends
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
        kept.write_mends(ledger, digest, {**asked.done, **good})
    still_bad = faults[faults["line"].isin(bad)].reset_index(drop=True)
    return Mended(
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


def _planned(ledger: Path, digest: str, mends: Mends, terms: Terms) -> Planned:
    return plan([kept_origin(ledger, digest, mends)], ledger, terms)
