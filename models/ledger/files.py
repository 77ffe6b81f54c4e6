"""A ledger as Parquet files, and its fingerprint.

Owns the files; `models.ledger.tables` declares their contents, and `models.ledger.versions` their folders.
The rows of a large ledger are grouped by the parts of `models.ledger.partitions`: a part is a range of row
groups of each file, noted in the file's metadata, and is read without the rest.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import fields
from itertools import accumulate
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from models.errors import LedgerError
from models.ledger.decision_file import read_decisions
from models.ledger.entities import joined
from models.ledger.ledger import Ledger, from_frames
from models.ledger.partitions import part_count, part_of_rows
from models.ledger.tables import INSURANCE, TABLES
from models.ledger.versions import POINTER, current, reading, require_draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from models.arrays import Ints

_PARTS = b"encours:row_groups_by_part"
"""Key of a file's metadata: the number of row groups of each part, separated by spaces."""
_ROWS_A_GROUP = 1 << 20


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


def stored_parts(version: Path) -> int:
    """Return the number of parts of the ledger in the folder of a version.

    Raises
    ------
    LedgerError
        The folder contains no ledger, or its tables disagree.
    """
    require_ledger(version)
    counts = {len(_groups(path)) for name in TABLES if (path := version / f"{name}.parquet").is_file()}
    if len(counts) > 1:
        raise LedgerError(
            f"the tables in {version} have {sorted(counts)} parts; import any file again to write them anew"
        )
    return counts.pop()


def read_part(version: Path, part: int) -> Ledger:
    """Read one part of the ledger in the folder of a version.

    Raises
    ------
    LedgerError
        The part cannot be read, or a table violates its contract; the message names both.
    """
    frames = {}
    for name in TABLES:
        path = version / f"{name}.parquet"
        if path.is_file():
            try:
                frames[name] = _read_groups(path, part)
            except (OSError, ValueError, IndexError) as error:
                raise LedgerError(f"part {part} of {path} cannot be read as Parquet: {error}") from error
    return from_frames(frames)


def ids_in(version: Path, part: int, table: str, column: str) -> list[str]:
    """Return an id column of one part of a table in the folder of a version, sorted."""
    return sorted(_read_groups(version / f"{table}.parquet", part, [column])[column].tolist())


def last_day(version: Path) -> dt.date:
    """Return the day of the last event of the ledger in the folder of a version, reading the dates only.

    Starts of insurance cover, which may be later, are ignored.

    Raises
    ------
    LedgerError
        The folder contains no ledger, or the ledger no event.
    """
    require_ledger(version)
    days = []
    for name, table in TABLES.items():
        path = version / f"{name}.parquet"
        if table.known_on and table is not INSURANCE and path.is_file():
            try:
                column = pq.read_table(path, columns=[table.known_on])[table.known_on]
            except (OSError, ValueError) as error:
                raise LedgerError(f"{path} cannot be read as Parquet: {error}") from error
            days.append(pc.max(column).as_py())
    known = [day for day in days if day is not None]
    if not known:
        raise LedgerError("the ledger holds no event at all; import invoices or accounts first")
    found: dt.date = max(known).date()
    return found


def _read_groups(path: Path, part: int, columns: list[str] | None = None) -> pd.DataFrame:
    groups = _groups(path)
    last = list(accumulate(groups))[part]
    with pq.ParquetFile(path) as file:
        table = file.read_row_groups(list(range(last - groups[part], last)), columns)
        frame: pd.DataFrame = table.to_pandas(types_mapper=_strings)
        return frame


def _strings(kind: pa.DataType) -> pd.StringDtype | None:
    return (
        pd.StringDtype(na_value=np.nan)
        if pa.types.is_large_string(kind) or pa.types.is_string(kind)
        else None
    )


def _groups(path: Path) -> list[int]:
    """Return the number of row groups of each part of a file; a file without the note has one part."""
    try:
        metadata = pq.read_metadata(path)
        noted = (metadata.metadata or {}).get(_PARTS)
        return [metadata.num_row_groups] if noted is None else [int(count) for count in noted.split()]
    except (OSError, ValueError) as error:
        raise LedgerError(f"{path} cannot be read as Parquet: {error}") from error


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
    count = part_count(ledger)
    places = {} if count == 1 else part_of_rows(joined(ledger, read_decisions(folder)).ledger, count)
    for name, table in TABLES.items():
        frame = ledger.table(name)
        path = folder / f"{name}.parquet"
        if frame.empty and name not in ("customers", "invoices", "payments") and not path.is_file():
            continue
        draft = folder / f".{name}.parquet.{os.getpid()}"
        if count == 1:
            frame[table.column_names].to_parquet(draft, index=False)
        else:
            _write_parts(frame[table.column_names], places[name], count, draft)
        ready.append((draft, path))
    for draft, path in ready:
        draft.replace(path)


def regroup(folder: Path, *customers: str) -> None:
    """Rewrite the tables in a ledger's draft where customer numbers that are one entity lie in several parts.

    Parameters
    ----------
    customers
        Numbers joined by a decision that the folder holds.
    """
    count = stored_parts(folder)
    ids = [set(ids_in(folder, part, "customers", "customer_id")) for part in range(count)]
    if len({part for part, own in enumerate(ids) if own & set(customers)}) > 1:
        write_ledger(read_ledger(folder), folder)


def _write_parts(frame: pd.DataFrame, place: Ints, count: int, path: Path) -> None:
    """Write a table grouped by part, rows of a part in their order."""
    order = place.argsort(kind="stable")
    rows = pd.Series(place).value_counts().reindex(range(count), fill_value=0).tolist()
    table, first = pa.Table.from_pandas(frame, preserve_index=False).take(pa.array(order)), 0
    with PartsWriter(path) as writer:
        for size in rows:
            writer.add(table.slice(first, size))
            first += size


class PartsWriter:
    """Writes a table part by part to one file, without holding more than a part.

    Parameters
    ----------
    path
        The file, which is whole once the block ends.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._groups = path, list[int]()
        self._file: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.add_key_value_metadata({_PARTS: " ".join(map(str, self._groups))})
            self._file.close()

    def add(self, part: pa.Table) -> None:
        """Add the next part, in the schema of the first."""
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, part.schema)
        self._file.write_table(part, row_group_size=_ROWS_A_GROUP)
        self._groups.append(-(-part.num_rows // _ROWS_A_GROUP))


def fingerprint(ledger: Ledger) -> str:
    """Hash the content of a ledger: equal rows in equal tables give equal hashes, 16 hex digits."""
    digest = hashlib.sha256()
    for field in fields(ledger):
        frame = ledger.table(field.name)
        digest.update(f"{field.name}:{len(frame)}:{','.join(frame.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def joint_fingerprint(parts: Sequence[str]) -> str:
    """Return the fingerprint of a ledger from those of its parts, in their order; of one part its own."""
    return parts[0] if len(parts) == 1 else hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]
