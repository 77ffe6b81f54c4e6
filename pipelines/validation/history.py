"""Past checks of a ledger, stored in its folder `checks/`, for comparison with the next one.

A run is identified by its day and its data. Running the same again repeats the same comparison and changes
nothing. Only runs without errors, or accepted by a person, serve for comparison.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads these types
import json
import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from models.errors import LedgerError
from models.ledger.file_lock import locked
from models.ledger.versions import LOCK, current, root_of
from pipelines.validation.comparison import LedgerFigures, RunComparison

if TYPE_CHECKING:
    from pathlib import Path


FOLDER, RUNS = "checks", "runs.json"
NOTES = "fec_notes.parquet"
"""The ledger's side file with the matching of payments."""
MOST_RUNS = 1000


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One run of the checks.

    Parameters
    ----------
    data
        The fingerprint of the checked tables.
    ok
        Whether no error was found.
    accepted
        Whether a person accepted its figures.
    """

    as_of: dt.date
    data: str
    figures: LedgerFigures
    ok: bool
    accepted: bool = False


_SHAPE: TypeAdapter[list[CheckRun]] = TypeAdapter(list[CheckRun])


def read_runs(folder: Path) -> list[CheckRun]:
    """Read the runs of the ledger in `folder`, in chronological order.

    Raises
    ------
    LedgerError
        The file cannot be read.
    """
    path = root_of(folder) / FOLDER / RUNS
    if not path.is_file():
        return []
    try:
        return _SHAPE.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise LedgerError(f"{path} cannot be read; delete it and the next run is a first one") from error


def forget(folder: Path) -> None:
    """Delete the runs of a ledger that was rebuilt: the next run is a first one.

    Raises
    ------
    LedgerError
        They cannot be deleted.
    """
    path = root_of(folder) / FOLDER / RUNS
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerError(f"{path} cannot be deleted: {error.strerror}") from error


def compare(
    now: LedgerFigures, folder: Path, as_of: dt.date, data: str, *, only_until: bool = False
) -> RunComparison:
    """Select the run to compare a ledger's figures with.

    Parameters
    ----------
    now
        The ledger's figures.
    folder
        The ledger's folder.
    as_of, data
        The day of the check and the fingerprint of the tables.
    only_until
        Ignore runs of later days, for a check of a past day.

    Raises
    ------
    LedgerError
        The stored runs cannot be read.
    """
    runs = read_runs(folder)
    own = next((at for at, run in enumerate(runs) if (run.as_of, run.data) == (as_of, data)), len(runs))
    if own < len(runs) and runs[own].accepted:
        before = [runs[own]]
    else:
        before = [run for run in runs[:own] if run.ok or run.accepted]
    before = [run for run in before if not only_until or run.as_of <= as_of]
    return (
        RunComparison(as_of, now, before[-1].figures, before[-1].as_of)
        if before
        else RunComparison(as_of, now)
    )


def keep(folder: Path, run: CheckRun) -> None:
    """Store a run in its ledger's folder; one of the same day and data is replaced in place.

    Raises
    ------
    LedgerError
        It cannot be written.
    """
    path = root_of(folder) / FOLDER / RUNS
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(path.parent / LOCK):
            _keep(folder, run, path)
    except OSError as error:
        raise LedgerError(f"{path} cannot be written: {error.strerror}") from error


def _keep(folder: Path, run: CheckRun, path: Path) -> None:
    """Add a run to the stored ones, under the lock."""
    runs = read_runs(folder)
    same = [at for at, one in enumerate(runs) if (one.as_of, one.data) == (run.as_of, run.data)]
    if same:
        runs[same[0]] = replace(run, accepted=run.accepted or runs[same[0]].accepted)
    else:
        runs.append(run)
    text = json.dumps([asdict(one) for one in runs[-MOST_RUNS:]], default=str, indent=1)
    draft = path.with_name(f".{RUNS}.{os.getpid()}")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(path)


def payment_notes(folder: Path) -> pd.DataFrame | None:
    """Return how each payment was matched, None where the ledger has no record of it.

    Raises
    ------
    LedgerError
        The record cannot be read.
    """
    path = current(folder) / NOTES
    if not path.is_file():
        return None
    try:
        notes = pd.read_parquet(path, columns=["table", "id", "settled_by"])
    except (OSError, ValueError, KeyError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; import the files it tells of again") from error
    return notes[notes["table"] == "payments"]
