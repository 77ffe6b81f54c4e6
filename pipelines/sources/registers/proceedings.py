"""Import of URSSAF's list of proceedings.

The list has no publication dates. A step counts from the day the file is read, or from a given number of days
after it took effect: BODACC notices of openings follow within weeks.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import RegisterError
from pipelines.sources.registers.entering import with_filings
from pipelines.sources.registers.files import RowFault, csv_rows, keep_refused
from pipelines.sources.registers.portfolio import read_portfolio, save
from pipelines.sources.registers.summary import RegisterTally, entered
from serving.registers.urssaf import COLUMNS, NAME, NONE, UNKNOWN, ProceedingFiling, step_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.registers.summary import RegisterSummary


def import_proceedings(
    files: Sequence[Path], folder: Path, read_on: dt.date, lag_days: int | None = None
) -> RegisterSummary:
    """Enter the steps of proceedings of files into a ledger.

    Parameters
    ----------
    lag_days
        Days after a step took effect from which it counts as known; None: from `read_on`.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used; then nothing was changed.
    """
    portfolio = read_portfolio(folder)
    faults: dict[Path, list[RowFault]] = {}
    steps: list[ProceedingFiling] = []
    unknown: dict[str, int] = {}
    tally = RegisterTally()
    for path in files:
        mine = faults.setdefault(path, [])
        for row in csv_rows(path, COLUMNS, mine):
            tally.read += 1
            try:
                step = step_of(row.cells)
            except RegisterError as error:
                mine.append(RowFault(row.line, "Siren | Dt_effet", row.cells["Siren"], str(error)))
                continue
            if step.siren not in portfolio.sirens:
                tally.elsewhere += 1
            elif step.kind == NONE:
                tally.without_effect += 1
            else:
                if step.kind == UNKNOWN:
                    unknown[step.words] = unknown.get(step.words, 0) + 1
                tally.kept += 1
                steps.append(step)
        tally.read += sum(fault.column == "(whole line)" for fault in mine)
    rows = [_filing(step, read_on, lag_days) for step in steps]
    ledger = with_filings(portfolio.ledger, NAME, {step.siren for step in steps}, rows)
    save(ledger, folder)
    refused = keep_refused(folder, faults)
    about = [step.siren for step in steps]
    return entered(NAME, tally, refused, about, (portfolio.ledger, ledger), unknown)


def _filing(step: ProceedingFiling, read_on: dt.date, lag_days: int | None) -> dict[str, object]:
    known = read_on if lag_days is None else step.took_effect_on + dt.timedelta(days=lag_days)
    return {
        "siren": step.siren,
        "kind": step.kind,
        "judged_on": pd.Timestamp(step.took_effect_on),
        "published_on": pd.Timestamp(max(known, step.took_effect_on)),
        "source": NAME,
    }
