"""A ledger as Parquet files, and its fingerprint.

Owns the files; `models.ledger.tables` declares their contents, and `models.ledger.versions` their folders.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import fields
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.ledger import Ledger, from_frames
from models.ledger.tables import TABLES
from models.ledger.versions import POINTER, current, reading, require_draft

if TYPE_CHECKING:
    from pathlib import Path


def read_ledger(folder: Path) -> Ledger:
    """Read the ledger in `folder`, all tables of one version.

    Raises
    ------
    LedgerError
        The folder has no customers table, or a table violates its contract.
    """
    frames = {}
    with reading(folder) as version:
        require_ledger(version)
        for name in TABLES:
            path = version / f"{name}.parquet"
            if path.is_file():
                try:
                    frames[name] = pd.read_parquet(path)
                except (OSError, ValueError) as error:
                    raise LedgerError(f"{path} cannot be read as Parquet: {error}") from error
    return from_frames(frames)


def require_ledger(folder: Path) -> None:
    """Check that a folder contains a ledger.

    Raises
    ------
    LedgerError
        It contains none.
    """
    if not (current(folder) / "customers.parquet").is_file():
        raise LedgerError(
            f"{folder} holds no ledger (customers.parquet is missing); make one with `encours import` "
            "or `encours simulate`"
        )


def has_ledger(folder: Path) -> bool:
    """Return whether a folder contains a ledger: a current version, or any of its tables."""
    return (folder / POINTER).exists() or any((folder / f"{name}.parquet").exists() for name in TABLES)


def write_ledger(ledger: Ledger, folder: Path) -> None:
    """Write every table with rows, each by a rename, so that readers never see a partial file.

    Parameters
    ----------
    folder
        A draft of `models.ledger.versions.writing`, which commits it as a whole, or a folder without
        versions.

    Raises
    ------
    LedgerError
        The folder has versions, which are immutable.
    """
    require_draft(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ready = []
    for name, table in TABLES.items():
        frame = ledger.table(name)
        path = folder / f"{name}.parquet"
        if frame.empty and name not in ("customers", "invoices", "payments") and not path.is_file():
            continue
        draft = folder / f".{name}.parquet.{os.getpid()}"
        frame[table.column_names].to_parquet(draft, index=False)
        ready.append((draft, path))
    for draft, path in ready:
        draft.replace(path)


def fingerprint(ledger: Ledger) -> str:
    """Hash the content of a ledger: equal rows in equal tables give equal hashes, 16 hex digits."""
    digest = hashlib.sha256()
    for field in fields(ledger):
        frame = ledger.table(field.name)
        digest.update(f"{field.name}:{len(frame)}:{','.join(frame.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]
