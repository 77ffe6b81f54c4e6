"""Storage of every legal notice of a ledger, from which the valid ones are derived.

A ledger's filings hold the valid notices. Annulments are detected only while both notices are stored, in
either order. One Parquet file in the ledger's folder `registers`, written by a rename.
"""

from __future__ import annotations

import os
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.versions import current, require_draft
from serving.registers.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_COLUMNS = [field.name for field in fields(Notice)]
_DAYS = ("happened_on", "published_on")


def read_notices(folder: Path) -> list[Notice]:
    """Return a ledger's stored notices, sorted; empty without a file.

    Raises
    ------
    LedgerError
        The file cannot be read, or holds something else.
    """
    path = _path(current(folder))
    if not path.is_file():
        return []
    try:
        frame = pd.read_parquet(path, columns=_COLUMNS)
        for name in _DAYS:
            frame[name] = pd.to_datetime(frame[name]).dt.date
        return sorted(Notice(*row) for row in frame[_COLUMNS].itertuples(index=False, name=None))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LedgerError(
            f"{path} cannot be read: {error}; delete it and import the notices again"
        ) from error


def keep_notices(folder: Path, notices: Iterable[Notice]) -> list[Notice]:
    """Add notices to the stored ones and return them all, sorted.

    A notice that was read otherwise before, under the same number for the same company, is replaced.

    Raises
    ------
    LedgerError
        The file cannot be read or written.
    """
    merged = {(one.notice_id, one.siren): one for one in (*read_notices(folder), *notices)}
    every = sorted(merged.values())
    if not every:
        return every
    require_draft(folder)
    path = _path(folder)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame([asdict(one) for one in every], columns=_COLUMNS)
        for name in _DAYS:
            frame[name] = pd.to_datetime(frame[name])
        frame.to_parquet(draft, index=False)
        draft.replace(path)
    except OSError as error:
        raise LedgerError(f"{path} cannot be written: {error.strerror}") from error
    return every


def _path(folder: Path) -> Path:
    return folder / "registers" / "bodacc.parquet"
