"""Control totals of an import: rows and cents of each file, by fate.

Input cents are read from the file's columns; output cents are those of the ledger's rows, with the sign
reversed. They are computed independently and compared only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.mapping.applying import REFUSED, REPLACED, SKIPPED, TAKEN, money_of
from pipelines.sources.mapping.cells import Parsed, parse

if TYPE_CHECKING:
    from pipelines.sources.mapping.applying import Applied
    from pipelines.sources.mapping.reading import TextRows
    from pipelines.sources.mapping.shape import Mapping


@dataclass(frozen=True, slots=True)
class RowTally:
    """Number of rows, and the cents of their readable amounts, in the file's sign."""

    rows: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class ImportBalance:
    """Fates of one file's rows.

    Parameters
    ----------
    came
        All rows below the header.
    taken, replaced
        Rows that are in the ledger, and rows whose key occurs again in a later row or file.
    refused, skipped
        Rows in quarantine, and rows left out on purpose.
    aside_cents
        Numbers in a column of amounts on rows whose table takes its amount from another column, or none.
    unreadable
        Quarantined amount cells that are no number; they are in no sum.
    """

    file: str
    came: RowTally
    taken: RowTally
    replaced: RowTally
    refused: RowTally
    skipped: RowTally
    aside_cents: int
    unreadable: int

    @property
    def gap(self) -> RowTally:
        """Rows and cents without a fate; zero if all are accounted for."""
        parts = (self.taken, self.replaced, self.refused, self.skipped)
        return RowTally(
            self.came.rows - sum(part.rows for part in parts),
            self.came.cents - sum(part.cents for part in parts) - self.aside_cents,
        )


def balances(rows: TextRows, mapping: Mapping, applied: Applied) -> tuple[ImportBalance, ...]:
    """Count the rows and their fates, file by file.

    Raises
    ------
    LedgerError
        A row or an amount has no fate, which no file can cause.
    """
    cents = _cents(rows, mapping, applied)
    went = applied.fates.isin([TAKEN, REPLACED])
    table = cents.assign(file=rows.origin["file"], fate=applied.fates, aside=cents["aside"].where(went, 0))
    found = tuple(
        _balance(source.path.name, table[table["file"] == at]) for at, source in enumerate(rows.sources)
    )
    for one in found:
        if one.gap != RowTally():
            raise LedgerError(
                f"{one.file}: {one.gap.rows:,} rows and {one.gap.cents:,} cents came in and are nowhere; "
                "nothing was written: this is a fault of the program, report it with the mapping"
            )
    return found


def _balance(file: str, table: pd.DataFrame) -> ImportBalance:
    def tally(fate: str, column: str) -> RowTally:
        mine = table[table["fate"] == fate]
        return RowTally(len(mine), int(mine[column].sum()))

    return ImportBalance(
        file=file,
        came=RowTally(len(table), int(table["came"].sum())),
        taken=tally(TAKEN, "made"),
        replaced=tally(REPLACED, "made"),
        refused=tally(REFUSED, "came"),
        skipped=tally(SKIPPED, "came"),
        aside_cents=int(table["aside"].sum()),
        unreadable=int(table.loc[table["fate"] == REFUSED, "unreadable"].sum()),
    )


def _cents(rows: TextRows, mapping: Mapping, applied: Applied) -> pd.DataFrame:
    """Count each row's cents: in the file, in the ledger, and those left aside."""
    zero = pd.Series(0, index=rows.cells.index, dtype="int64")
    table = pd.DataFrame({"came": zero, "made": zero, "aside": zero, "unreadable": zero})
    for names in dict.fromkeys(names for block in mapping.blocks if (names := money_of(block))):
        cents, bad = _read(rows, mapping, names)
        made = applied.amounts.get(names, zero[:0])
        table["came"] += cents
        table["unreadable"] += bad
        table.loc[made.index, "made"] += made
        table["aside"] += cents.where(~cents.index.isin(made.index), 0)
    return table


def _read(rows: TextRows, mapping: Mapping, names: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    sides: list[Parsed] = [parse(rows.cells[name], "cents", mapping.file) for name in names]
    cents = [side.found.fillna(0).astype("int64") for side in sides]
    bad = sum((side.bad.astype("int64") for side in sides), pd.Series(0, index=rows.cells.index))
    return (cents[0] - cents[1] if len(cents) == 2 else cents[0]), bad
