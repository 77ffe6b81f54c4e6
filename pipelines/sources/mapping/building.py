"""Canonical rows of one block of a mapping, built from the rows of the file that it selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from models.ledger.tables import TABLES, Column, ColumnKind
from pipelines.sources.mapping.cells import Parsed, parse
from pipelines.sources.mapping.contract import NAMED_BY_EITHER, broken_orders, broken_values
from pipelines.sources.mapping.workbook import as_text
from serving.registers.identifiers import MASKED, siren_written_as

if TYPE_CHECKING:
    from pipelines.sources.mapping.refusals import Refusals
    from pipelines.sources.mapping.shape import CellRule, FileShape, Mapping, TableBlock

NUMBER, OWN_NUMBER, SETTLED_ON = "_number", "_own_number", "_settled_on"
TIES = [NUMBER, OWN_NUMBER, SETTLED_ON]
LINE_ENDS = r"[\t\r\n]+"
UNSEEN = r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Control characters, and marks that change the direction of the surrounding text.

They control a terminal, or make one name look like another.
"""
UNSEEN_REASON = "holds a control character or a mark of writing direction; take it out"
NO_SIREN = "no_siren"
"""Code for a row whose number is no SIREN."""
FRENCH = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC")
"""Countries, overseas ones included, whose companies are in the Sirene register."""


def build(block: TableBlock, cells: pd.DataFrame, mapping: Mapping, refusals: Refusals) -> pd.DataFrame:
    """Build the canonical rows of a block, indexed by row position.

    Parameters
    ----------
    cells
        Trimmed text of the rows the block takes, shape (n_rows, n_columns).

    Returns
    -------
        The columns the block names, shape (n_rows, .); faults are in `refusals`, their values missing.
    """
    table = TABLES[block.table]
    frame: dict[str, pd.Series] = {}
    faulty: dict[str, pd.Series] = {}
    waiting = [column for column in table.columns if column.name in block.cells]
    while waiting:
        column = waiting.pop(0)
        cell = block.cells[column.name]
        if cell.after and cell.after not in frame:
            waiting.append(column)
            continue
        values, bad = _column(cell, column, cells, mapping.file, refusals)
        if cell.after:
            later = frame[cell.after] + pd.Timedelta(days=cell.days)
            values = values.fillna(later.where(~bad))
            bad |= faulty[cell.after] & values.isna()
        if not column.nullable and column.kind != "flag":
            empty = values.isna() & ~bad
            refusals.add(_because(empty, "is empty; a value is needed"), cell.inputs, column.name)
        for broken, reason in broken_values(table.name, column.name, values):
            refusals.add(_because(broken, reason), cell.inputs, column.name)
        frame[column.name], faulty[column.name] = values, bad | values.isna()
    made = _numbered(pd.DataFrame(frame, index=cells.index), block, refusals)
    _check_rows(block, made, refusals)
    return _with_ties(made, block, cells, mapping, refusals)


def _because(bad: pd.Series, reason: str) -> pd.Series:
    return pd.Series(reason, index=bad.index[bad], dtype="object")


def _check_rows(block: TableBlock, made: pd.DataFrame, refusals: Refusals) -> None:
    for later, bad, reason in broken_orders(block.table, made):
        refusals.add(_because(bad, reason), block.cells[later].inputs, later)
    if block.table in NAMED_BY_EITHER:
        named = [name for name in ("siren", "customer_id") if name in made]
        nameless = made[named].isna().all(axis=1)
        inputs = [name for column in named for name in block.cells[column].inputs]
        reason = "neither a siren nor a customer_id says whose it is"
        refusals.add(_because(nameless, reason), inputs, "customer_id")


def _with_ties(
    made: pd.DataFrame, block: TableBlock, cells: pd.DataFrame, mapping: Mapping, refusals: Refusals
) -> pd.DataFrame:
    """Add the matching number and the clearing day to invoices and payments."""
    matching = mapping.matching
    if matching is None or block.table not in {"invoices", "payments"}:
        return made
    none = pd.Series(None, index=cells.index, dtype="str")
    number, own = (
        _text(cell, cells, mapping.file) if cell else none for cell in (matching.number, matching.own_number)
    )
    days = parse(cells[matching.settled_on] if matching.settled_on else none, "date", mapping.file)
    if matching.settled_on:
        refusals.add(days.reasons, [matching.settled_on])
    return made.assign(**{NUMBER: number, OWN_NUMBER: own, SETTLED_ON: days.found.astype("datetime64[s]")})


def _column(
    cell: CellRule, column: Column, cells: pd.DataFrame, shape: FileShape, refusals: Refusals
) -> tuple[pd.Series, pd.Series]:
    """Build one canonical column: its values, and the mask of faults."""
    if cell.minus:
        values, bad = _difference(cell, column.kind, cells, shape, refusals)
    else:
        text = _text(cell, cells, shape)
        strange = pd.Series(data=False, index=text.index)
        if cell.meanings:
            meant = text.map(cell.meanings).astype("str")
            strange = meant.isna() & text.notna()
            text = meant
        if cell.default is not None:
            text = text.mask(text.isna() & ~strange, as_text(cell.default, shape))
        if column.name == "siren":
            text = _companies(text)
        values, reasons = _read(text, column.kind, shape)
        reasons[strange] = f"is none of the mapping's values {', '.join(cell.meanings)}"
        if column.choices:
            reasons[values.notna() & ~values.isin(column.choices)] = (
                f"is not one of {', '.join(column.choices)}"
            )
        refusals.add(reasons, cell.inputs, column.name)
        bad = reasons.notna()
    if cell.negate:
        values = -values
    if cell.scale != 1.0:
        values = values * cell.scale
    if cell.plus_days:
        values = values + pd.Timedelta(days=cell.plus_days)
    return values.mask(bad), bad


def _read(text: pd.Series, kind: ColumnKind, shape: FileShape) -> Parsed:
    """Parse a column; in ids and texts a line end becomes a space, and invisible characters are a fault."""
    if kind not in {"id", "text"}:
        values, reasons = parse(text, kind, shape)
        return Parsed(values, reasons.copy())
    values, reasons = parse(text.str.replace(LINE_ENDS, " ", regex=True), kind, shape)
    unseen = values.str.contains(UNSEEN, regex=True).eq(other=True)
    return Parsed(values, reasons.mask(unseen, UNSEEN_REASON))


def _text(cell: CellRule, cells: pd.DataFrame, shape: FileShape) -> pd.Series:
    """Read a cell's text: from a column, several joined, or a constant; affixes apply to filled cells."""
    if cell.constant is not None:
        return pd.Series(as_text(cell.constant, shape), index=cells.index, dtype="str")
    if not cell.inputs:
        return pd.Series(None, index=cells.index, dtype="str")
    text = cells[cell.inputs[0]]
    for name in cell.inputs[1:]:
        text = text + "/" + cells[name]
    if cell.prefix:
        text = cell.prefix + text
    return text + cell.suffix if cell.suffix else text


def _companies(text: pd.Series) -> pd.Series:
    """Normalise the SIREN in any notation; a number that is no SIREN is unchanged."""
    known = {one: siren_written_as(one) or one for one in text.dropna().unique()}
    return text.map(known).astype("str")


def _numbered(made: pd.DataFrame, block: TableBlock, refusals: Refusals) -> pd.DataFrame:
    """Move a customer's number that is no SIREN to its own column, with a remark; the customer stays."""
    if block.table != "customers" or "siren" not in made:
        return made
    given, distinct = made["siren"], made["siren"].dropna().unique()
    exact = given.map({one: siren_written_as(one) for one in distinct})
    siren = given.map({one: siren_written_as(one, zeros_lost=True) for one in distinct})
    if "country" in made:
        siren = siren.where(made["country"].isna() | made["country"].isin(FRENCH), exact)
    siren = siren.astype("str")
    other = given.mask(siren.notna() | given.isin(MASKED)).astype("str")
    refusals.remark(pd.Series(NO_SIREN, index=other.index[other.notna()]), block.cells["siren"].inputs)
    told = {"siren": siren} if "other_number" in made else {"siren": siren, "other_number": other}
    return made.assign(**told)


def _difference(
    cell: CellRule, kind: ColumnKind, cells: pd.DataFrame, shape: FileShape, refusals: Refusals
) -> tuple[pd.Series, pd.Series]:
    sides: list[Parsed] = []
    for name in cell.minus:
        sides.append(parse(cells[name], kind, shape))
        refusals.add(sides[-1].reasons, [name])
    first, second = (side.found for side in sides)
    if kind == "cents":
        filled = first.notna() | second.notna()
        first, second = first.fillna(0).where(filled), second.fillna(0)
    return first - second, sides[0].bad | sides[1].bad
