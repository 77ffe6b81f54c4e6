"""The canonical ledger: frames of its tables, merged by key, and restricted to what was known on a date.

Owns operations on frames of the format that `models.ledger.tables` declares. `models.ledger.files` reads and
writes them, `pipelines.sources` produces them, and `pipelines.validation` checks their plausibility.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.tables import DTYPES, INSURANCE, OUTSIDE_SCORES, TABLES, Column, Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.ledger.tables import Column, Table


@dataclass(frozen=True, slots=True)
class Ledger:
    """The canonical tables as frames that conform to `TABLES`, sorted by key."""

    customers: pd.DataFrame
    invoices: pd.DataFrame
    payments: pd.DataFrame
    filings: pd.DataFrame
    accounts: pd.DataFrame
    insurance: pd.DataFrame
    signals: pd.DataFrame
    outside_scores: pd.DataFrame = field(default_factory=lambda: empty(OUTSIDE_SCORES))

    def table(self, name: str) -> pd.DataFrame:
        """Return the frame of the table called `name`."""
        if name not in TABLES:
            raise LedgerError(f"no table {name!r}; a ledger holds {', '.join(TABLES)}")
        frame: pd.DataFrame = getattr(self, name)
        return frame


def empty(table: Table) -> pd.DataFrame:
    """Return an empty frame with the table's columns and types."""
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame the table's columns, types and order; missing optional columns are added empty.

    Raises
    ------
    LedgerError
        A required column is missing, a value cannot be converted to the column's type, a required value is
        empty, or a key is duplicated. All faults are in one message.
    """
    faults: list[str] = []
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        try:
            columns[column.name] = _typed(frame, column)
        except (LedgerError, ValueError, TypeError) as error:
            faults.append(f"{table.name}.{column.name}: {error}")
    if faults:
        raise LedgerError("; ".join(faults))
    typed = pd.DataFrame(columns).sort_values(list(table.key), ignore_index=True, kind="stable")
    twice = int(typed.duplicated(list(table.key)).sum())
    if twice:
        raise LedgerError(
            f"{table.name}: {twice} rows repeat a key ({', '.join(table.key)}); a key is unique"
        )
    return typed


def _typed(frame: pd.DataFrame, column: Column) -> pd.Series:
    if column.name not in frame:
        if not column.nullable and column.kind != "flag":
            raise LedgerError("the column is missing")
        blank = False if column.kind == "flag" else None
        series = pd.Series([blank] * len(frame), index=frame.index, dtype="object")
    else:
        series = frame[column.name]
    if column.kind == "flag":
        return series.astype("object").where(series.notna(), other=False).astype("bool")
    missing = int(series.isna().sum())
    if missing and not column.nullable:
        raise LedgerError(f"{missing} rows leave it empty; a value is needed")
    typed = series.astype(DTYPES[column.kind])  # type: ignore[call-overload]  # dtype by name
    if column.choices:
        strange = sorted(set(typed.dropna().unique()) - set(column.choices))
        if strange:
            raise LedgerError(f"{strange[0]!r} is not one of {', '.join(column.choices)}")
    return typed  # type: ignore[no-any-return]  # dtype by name


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Ledger:
    """Build a ledger from frames by table name; absent tables are empty.

    Raises
    ------
    LedgerError
        A frame violates its table's contract, or its name is not a table's.
    """
    unknown = sorted(set(frames) - set(TABLES))
    if unknown:
        raise LedgerError(f"no table {unknown[0]!r}; a ledger holds {', '.join(TABLES)}")
    return Ledger(
        **{name: conform(frames[name], t) if name in frames else empty(t) for name, t in TABLES.items()}
    )


def merge(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Append the rows of `new` to `old`, replacing those with the same key; idempotent."""
    if new.empty:
        return old
    both = pd.concat([old, new], ignore_index=True) if not old.empty else new
    return conform(both.drop_duplicates(list(table.key), keep="last"), table)


def as_known_on(ledger: Ledger, day: dt.date) -> Ledger:
    """Restrict a ledger to what was known at the end of `day`.

    Later rows are removed; a later end of a dispute or of a cover is emptied. Customers have no dates and are
    kept.
    """
    limit = pd.Timestamp(day)
    cut: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        frame = ledger.table(name)
        if table.known_on:
            frame = frame[frame[table.known_on] <= limit].reset_index(drop=True)
            hidden = {c: frame[c].where(frame[c] <= limit) for c in table.later}
            frame = frame.assign(**hidden)
        cut[name] = frame
    return replace(ledger, **cut)


def last_event(ledger: Ledger) -> dt.date:
    """Return the day of a ledger's last event; starts of insurance cover, which may be later, are ignored.

    Raises
    ------
    LedgerError
        It has no event.
    """
    days = [
        ledger.table(name)[table.known_on].max()
        for name, table in TABLES.items()
        if table.known_on and table is not INSURANCE and len(ledger.table(name))
    ]
    if not days:
        raise LedgerError("the ledger holds no event at all; import invoices or accounts first")
    last: dt.date = max(days).date()
    return last
