"""The canonical ledger: frames of its tables, merged by key and cut back to what was known on a date.

Owns what is done with frames that have the shape `models.ledger.tables` declares. Reading and writing is
`models.ledger.files`'. How data gets into this shape is `pipelines.sources`' business; whether it makes sense
is `pipelines.validation`'s.
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
    """Return a frame of `table` with its columns and types and no row."""
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.kind]) for c in table.columns})


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame the table's columns, types and order; optional columns that lack are empty.

    Raises
    ------
    LedgerError
        A column that must be there is missing, a value cannot take the column's type, a required value is
        empty, or a key stands twice. All faults are in one message.
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
        strange = sorted(set(typed.dropna()) - set(column.choices))
        if strange:
            raise LedgerError(f"{strange[0]!r} is not one of {', '.join(column.choices)}")
    return typed  # type: ignore[no-any-return]  # dtype by name


def from_frames(frames: Mapping[str, pd.DataFrame]) -> Ledger:
    """Make a ledger of frames by table name; tables that are absent are empty.

    Raises
    ------
    LedgerError
        A frame breaks its table's contract, or carries a name that is no table's.
    """
    unknown = sorted(set(frames) - set(TABLES))
    if unknown:
        raise LedgerError(f"no table {unknown[0]!r}; a ledger holds {', '.join(TABLES)}")
    return Ledger(
        **{name: conform(frames[name], t) if name in frames else empty(t) for name, t in TABLES.items()}
    )


def merge(old: pd.DataFrame, new: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Append the rows of `new` to `old`, replacing those whose key is known; twice changes nothing."""
    if new.empty:
        return old
    both = pd.concat([old, new], ignore_index=True) if not old.empty else new
    return conform(both.drop_duplicates(list(table.key), keep="last"), table)


def as_known_on(ledger: Ledger, day: dt.date) -> Ledger:
    """Cut a ledger back to what was known at the end of `day`.

    Rows dated later go; a dispute's or a cover's end that lies ahead is emptied. Customers carry no dates of
    their own and stay.
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
    """Return the last day on which a ledger saw anything happen; a cover's beginning may lie ahead.

    Raises
    ------
    LedgerError
        Nothing ever happened in it.
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
