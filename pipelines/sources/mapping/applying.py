"""Application of a mapping to rows of text: canonical rows, and the faults of the others.

A row of the file is imported or refused as a whole. A mapping of more than customers builds them from the
rows that another table takes, so that a stray row is reported. Within one file a repeated key with other
values is refused; across files the later name replaces the earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.ledger.tables import TABLES, Table
from pipelines.sources.mapping.building import build
from pipelines.sources.mapping.cells import parse
from pipelines.sources.mapping.conditions import meets, none_of
from pipelines.sources.mapping.refusals import Refusals

if TYPE_CHECKING:
    import numpy.typing as npt

    from pipelines.sources.mapping.reading import TextRows
    from pipelines.sources.mapping.shape import Mapping, TableBlock

AMOUNT = "amount_cents"


TAKEN, REPLACED, SKIPPED, REFUSED = "taken", "replaced", "skipped", "refused"


@dataclass(frozen=True, slots=True)
class Applied:
    """Result of applying a mapping to rows.

    Parameters
    ----------
    tables
        Canonical rows by table, with the mapped columns and unique keys; invoices and payments include their
        matching columns.
    fates
        Fate of each row, (n_rows,): `taken` into a table; `replaced` by a later row with its key; `skipped`
        on purpose; `refused`.
    amounts
        By the file's columns of an amount, the cents in the file's sign of the rows taken or replaced, by
        position.
    """

    tables: dict[str, pd.DataFrame]
    refusals: Refusals
    fates: pd.Series
    amounts: dict[tuple[str, ...], pd.Series]

    @property
    def skipped(self) -> int:
        """Rows left out on purpose."""
        return int((self.fates == SKIPPED).sum())

    @property
    def taken(self) -> int:
        """Rows in a table by themselves or by their key; with the refused and skipped ones, all rows."""
        return int(self.fates.isin([TAKEN, REPLACED]).sum())


def apply_mapping(rows: TextRows, mapping: Mapping) -> Applied:
    """Turn rows of text into canonical rows."""
    cells, shape = rows.cells, mapping.file
    refusals = Refusals(rows)
    skipped = none_of(cells)
    skipped[rows.headings] = True
    for conditions in mapping.skip:
        skipped |= meets(cells, conditions, shape)
    ragged = rows.ragged[~skipped.reindex(rows.ragged.index).astype("bool")]
    refusals.add(ragged, [], "(whole line)")
    open_rows = ~skipped & ~skipped.index.isin(ragged.index)
    taken = none_of(cells)
    made: dict[str, list[pd.DataFrame]] = {}
    amounts: dict[tuple[str, ...], list[pd.Series]] = {}
    for block in sorted(mapping.blocks, key=lambda block: block.table == "customers"):
        among = taken if block.table == "customers" and made.keys() - {"customers"} else open_rows
        mine = among & meets(cells, block.where, shape)
        taken |= mine
        built = build(block, cells[mine], mapping, refusals)
        made.setdefault(block.table, []).append(built)
        if counted := money_of(block):
            sign = -1 if block.cells[AMOUNT].negate else 1
            amounts.setdefault(counted, []).append(built[AMOUNT] * sign)
    _refuse_strays(cells[open_rows & ~taken], mapping, refusals)
    tables = {name: pd.concat(parts).sort_index(kind="stable") for name, parts in made.items()}
    for name, frame in tables.items():
        if name != "customers":
            _refuse_repeats(frame, TABLES[name], mapping, rows, refusals)
    refused = refusals.positions
    tables = {name: frame[~frame.index.isin(refused)] for name, frame in tables.items()}
    fates = pd.Series(None, index=cells.index, dtype="object").mask(taken, REPLACED).mask(skipped, SKIPPED)
    fates[_kept(tables)] = TAKEN
    fates[refused] = REFUSED
    cents = {names: _by_row(parts, refused) for names, parts in amounts.items()}
    once = {name: _once(frame, TABLES[name]) for name, frame in tables.items()}
    return Applied(once, refusals, fates, cents)


def money_of(block: TableBlock) -> tuple[str, ...]:
    """Return the file's columns with a block's amount; none if it has another origin."""
    cell = block.cells.get(AMOUNT)
    if cell is None or cell.meanings or cell.default is not None or cell.join or cell.prefix or cell.suffix:
        return ()
    return tuple(cell.inputs)


def _by_row(parts: list[pd.Series], refused: pd.Index) -> pd.Series:
    """Concatenate the amounts of all blocks, one per row of the file."""
    cents = pd.concat(parts)
    cents = cents[~cents.index.duplicated() & ~cents.index.isin(refused)]
    return cents.astype("int64")  # type: ignore[no-any-return]  # dtype by name


def _kept(tables: dict[str, pd.DataFrame]) -> pd.Index:
    """Mark the rows that reach a table; a customer is built from all its rows."""
    kept: pd.Index = pd.RangeIndex(0)
    for name, frame in tables.items():
        if name == "customers":
            kept = kept if len(tables) > 1 else frame.index
        else:
            key = [column for column in TABLES[name].key if column in frame]
            kept = kept.union(frame.index[~frame.duplicated(key, keep="last")])
    return kept


def _refuse_strays(cells: pd.DataFrame, mapping: Mapping, refusals: Refusals) -> None:
    """Refuse rows selected by no block: for an invalid number, else for the columns of the conditions."""
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
    frame: pd.DataFrame, table: Table, mapping: Mapping, rows: TextRows, refusals: Refusals
) -> None:
    """Refuse rows whose key occurred earlier in the same file with other values, or in an uncorrected row."""
    files = rows.origin["file"].loc[frame.index].to_numpy()
    key = [name for name in table.key if name in frame]
    keyed = frame[key].assign(_file=files)
    if not keyed.duplicated().any():
        return
    group = keyed.groupby([*key, "_file"], dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(frame.index.isin(rows.corrected), kind="stable")
    content = pd.Series(pd.util.hash_pandas_object(frame, index=False).to_numpy())
    lines = pd.Series(rows.origin["line"].loc[frame.index].to_numpy())
    differs = (content != _first(content, group, order)).to_numpy()
    first = _first(lines, group, order)
    text = f"{', '.join(key)} appears on line " + first.astype("str") + " with different values"
    reasons = pd.Series(text.to_numpy(), index=frame.index, dtype="object")[differs]
    for block in mapping.of(table.name):
        names = [name for column in key if column in block.cells for name in block.cells[column].inputs]
        refusals.add(reasons[~reasons.index.duplicated()], list(dict.fromkeys(names)))
        break


def _first(values: pd.Series, group: npt.NDArray[Any], order: npt.NDArray[Any]) -> pd.Series:
    """Give each row its group's first value in an order with corrected rows last."""
    return values.iloc[order].groupby(group[order]).transform("first").sort_index()


def _once(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Reduce to one row per key: a customer's last filled values, otherwise the last row, in its position."""
    if table.name == "customers":
        return frame.groupby("customer_id", as_index=False, sort=False).last()
    key = [name for name in table.key if name in frame]
    return frame.drop_duplicates(key, keep="last")
