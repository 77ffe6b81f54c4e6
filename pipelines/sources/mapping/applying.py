"""A mapping applied to rows of text: canonical rows, and what is wrong with the others.

A row of the file is taken whole or refused whole. A mapping of more than customers makes them of the rows
that another table takes, so that a stray row is not passed over. Within one file a key that comes back with
other values is refused; across files the later name replaces the earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.ledger import TABLES, Table
from pipelines.sources.mapping.building import NUMBER, SETTLED_ON, build
from pipelines.sources.mapping.cells import parse
from pipelines.sources.mapping.refusals import Refusals

if TYPE_CHECKING:
    from pipelines.sources.mapping.reading import Rows
    from pipelines.sources.mapping.shape import Condition, FileShape, Mapping


@dataclass(frozen=True, slots=True)
class Applied:
    """What a mapping made of the rows.

    Parameters
    ----------
    tables
        Canonical rows by table, with the columns the mapping names, keys unique; invoices and payments carry
        what ties them too.
    skipped, taken
        Rows left out on purpose, and rows that stand in a table; with the refused ones, they are all rows.
    """

    tables: dict[str, pd.DataFrame]
    refusals: Refusals
    skipped: int
    taken: int


def apply_mapping(rows: Rows, mapping: Mapping) -> Applied:
    """Turn rows of text into canonical rows."""
    cells, shape = rows.cells, mapping.file
    refusals = Refusals(rows)
    skipped = _none(cells)
    for conditions in mapping.skip:
        skipped |= _meets(cells, conditions, shape)
    ragged = rows.ragged[~skipped.reindex(rows.ragged.index).astype("bool")]
    refusals.add(ragged, [], "(whole line)")
    open_rows = ~skipped & ~skipped.index.isin(ragged.index)
    taken = _none(cells)
    made: dict[str, list[pd.DataFrame]] = {}
    for block in sorted(mapping.blocks, key=lambda block: block.table == "customers"):
        among = taken if block.table == "customers" and made.keys() - {"customers"} else open_rows
        mine = among & _meets(cells, block.where, shape)
        taken |= mine
        made.setdefault(block.table, []).append(build(block, cells[mine], mapping, refusals))
    _refuse_strays(cells[open_rows & ~taken], mapping, refusals)
    tables = {name: pd.concat(parts).sort_index(kind="stable") for name, parts in made.items()}
    for name, frame in tables.items():
        if name != "customers":
            _refuse_repeats(frame, TABLES[name], mapping, rows, refusals)
    refused = refusals.positions
    tables = {name: _once(frame[~frame.index.isin(refused)], TABLES[name]) for name, frame in tables.items()}
    n_taken = int((taken & ~taken.index.isin(refused)).sum())
    return Applied(tables, refusals, int(skipped.sum()), n_taken)


def _none(cells: pd.DataFrame) -> pd.Series:
    return pd.Series(data=False, index=cells.index)


def _meets(cells: pd.DataFrame, conditions: dict[str, Condition], shape: FileShape) -> pd.Series:
    """Tell which rows meet every condition."""
    met = ~_none(cells)
    for name, condition in conditions.items():
        column = cells[name]
        if isinstance(condition, list):
            met &= column.fillna("").isin(condition)
        elif condition in {"filled", "empty"}:
            met &= column.notna() == (condition == "filled")
        else:
            figures = parse(column, "number", shape).found.fillna(0.0)
            met &= figures > 0 if condition == "positive" else figures < 0
    return met


def _refuse_strays(cells: pd.DataFrame, mapping: Mapping, refusals: Refusals) -> None:
    """Refuse rows that no block takes: by a figure that is none, else by the columns that sort rows."""
    left = cells
    names: dict[str, None] = {}
    for block in mapping.blocks:
        for name, condition in block.where.items():
            names[name] = None
            if condition in ("positive", "negative"):
                reasons = parse(left[name], "number", mapping.file).reasons
                refusals.add(reasons, [name])
                left = left[reasons.isna()]
    reason = "no table of the mapping takes such a row; add a where or a skip"
    refusals.add(pd.Series(reason, index=left.index, dtype="object"), list(names))


def _refuse_repeats(
    frame: pd.DataFrame, table: Table, mapping: Mapping, rows: Rows, refusals: Refusals
) -> None:
    """Refuse rows whose key stood earlier in the same file with other values."""
    files = rows.origin["file"].loc[frame.index].to_numpy()
    key = [name for name in table.key if name in frame]
    keyed = frame[key].assign(_file=files)
    if not keyed.duplicated().any():
        return
    group = keyed.groupby([*key, "_file"], dropna=False, sort=False).ngroup()
    content = pd.Series(pd.util.hash_pandas_object(frame, index=False).to_numpy(), index=frame.index)
    differs = content.to_numpy() != content.groupby(group.to_numpy()).transform("first").to_numpy()
    lines = pd.Series(rows.origin["line"].loc[frame.index].to_numpy())
    first = lines.groupby(group.to_numpy()).transform("first")
    text = f"{', '.join(key)} stands on line " + first.astype("str") + " with other values"
    reasons = pd.Series(text.to_numpy(), index=frame.index, dtype="object")[differs]
    for block in mapping.of(table.name):
        names = [name for column in key if column in block.cells for name in block.cells[column].inputs]
        refusals.add(reasons[~reasons.index.duplicated()], list(dict.fromkeys(names)))
        break


def _once(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Keep one row a key: a customer's last filled values, and of anything else the last row."""
    if table.name == "customers":
        return frame.groupby("customer_id", as_index=False, sort=False).last()
    key = [name for name in table.key if name in frame]
    return frame.drop_duplicates(key, keep="last").reset_index(drop=True)


__all__ = ["NUMBER", "SETTLED_ON", "Applied", "apply_mapping"]
