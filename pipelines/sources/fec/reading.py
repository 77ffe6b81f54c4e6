"""Reading of a FEC file: its lines on customer accounts, and counts of the others.

Owns the reading of one file, block by block; `importing` combines several years.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.errors import LedgerError
from pipelines.sources.bookkeeping.lines import LINE_COLUMNS
from pipelines.sources.fec.cells import parse_days
from pipelines.sources.fec.dates import by_piece, is_transferred, later_pieces
from pipelines.sources.fec.entries import Entries, Unbalanced, put_together
from pipelines.sources.fec.file_name import read_name
from pipelines.sources.fec.identity import check_year, name_doubts
from pipelines.sources.fec.layout import DUE, TEXTS, TWO_COLUMNS, UNREAD, WITH_SIDE, plain_name
from pipelines.sources.fec.origin import Origin, texts
from pipelines.sources.fec.rows import CUSTOMER_PREFIXES, FecRows, LineFault, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from pipelines.sources.fec.identity import Doubt
    from pipelines.sources.fec.layout import FecLayout

KEPT_PREFIXES = (*CUSTOMER_PREFIXES, "491")
_RENAMED = {
    "JournalCode": "journal",
    "EcritureNum": "entry",
    "CompteNum": "account",
    "CompteLib": "account_name",
    "CompAuxNum": "aux",
    "CompAuxLib": "name",
    "PieceRef": "piece",
    "EcritureLib": "label",
    "EcritureLet": "letter",
}
MOST_REPEATED = 60
_BLANK_LETTER = r"^[0.\-_* ]+$"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Detected format of a file.

    Parameters
    ----------
    exporter
        The program that wrote it, None if unknown.
    lettering, due
        The columns of lettering and of due dates as the header writes them, None where there is none.
    ignored
        Columns of the header that are not read, but for those of the norm.
    transferred
        Whether EcritureDate is the day of transfer, and PieceDate the day that counts.
    later_pieces
        Lines whose PieceDate is after their EcritureDate; it is not used as the issue date.
    """

    exporter: str | None
    lettering: str | None
    due: str | None
    ignored: tuple[str, ...]
    transferred: bool
    later_pieces: int


@dataclass(frozen=True, slots=True)
class FecFile:
    """Content of a file.

    Parameters
    ----------
    siren, closes_on
        From the file's name; without it, None and the end of the last entry's month.
    lines
        Lines on customers' accounts (411, 413, 416) and provisions (491), with `LINE_COLUMNS`; (n_lines, .).
    n_lines, n_others, n_blank
        Lines below the header, those on other accounts, and blank ones.
    debit, credit
        Cents on 411, 413 and 416, of all lines with readable amounts, refused ones included.
    unbalanced
        Entries whose debits and credits differ.
    encodings
        Lines with accents by original encoding.
    recognised
        How the file was understood.
    doubts
        Oddities of its name and its dates.
    """

    path: Path
    digest: str
    siren: str | None
    closes_on: dt.date
    lines: pd.DataFrame
    faults: tuple[LineFault, ...]
    n_lines: int
    n_others: int
    n_blank: int
    debit: int
    credit: int
    unbalanced: tuple[Unbalanced, ...]
    encodings: dict[str, int]
    recognised: Recognised
    doubts: tuple[Doubt, ...]


def read_origin(file: Origin) -> FecFile:
    """Read a file with its corrected lines.

    Raises
    ------
    LedgerError
        The file is empty, is no FEC, is truncated or cannot be read; the message says what to do.
    """
    path = file.named
    parts, encodings, layout = _blocks(file)
    if layout is None:
        raise LedgerError(f"{path} is empty; a header and entries were expected: export it again")
    faults = tuple(fault for part in parts for fault in part.faults)
    table = _together(path, parts, faults)
    name = read_name(path.name)
    said = _said_close(path, name.closes_on, layout.closes_on)
    closes_on = said or _month_end(table["booked_on"])
    numbers = table["line"].to_numpy()
    entries = put_together(table, closes_on)
    lines = _customer_lines(table, entries)
    recognised = _recognised(lines, layout)
    if recognised.transferred:
        lines = lines.assign(booked_on=by_piece(lines))
    days = _days(table, lines, closes_on, transferred=recognised.transferred)
    year = check_year(path, said, days, numbers)
    later = _customers_cents(table.filter(pa.array(year.after)))
    lines = lines[~lines["line"].isin(numbers[year.after])].reset_index(drop=True)
    origin = {"file": path.name, "digest": file.digest, "siren": name.siren, "closes_on": closes_on}
    lines = lines.assign(**origin).astype(LINE_COLUMNS)[list(LINE_COLUMNS)]
    owed = lines[~lines["account"].str.startswith("491")]
    n_blank = sum(part.blank for part in parts)
    return FecFile(
        path=path,
        digest=file.digest,
        siren=name.siren,
        closes_on=closes_on,
        lines=lines,
        faults=(*faults, *year.faults),
        n_lines=table.num_rows + len({fault.line for fault in faults}) + n_blank,
        n_others=int((~year.after).sum()) - len(lines),
        n_blank=n_blank,
        debit=int(owed["debit"].sum()) + sum(part.lost_debit for part in parts) + later[0],
        credit=int(owed["credit"].sum()) + sum(part.lost_credit for part in parts) + later[1],
        unbalanced=entries.unbalanced,
        encodings=dict(encodings),
        recognised=recognised,
        doubts=(*name_doubts(path.name), *year.doubts),
    )


def _together(path: Path, parts: list[FecRows], faults: tuple[LineFault, ...]) -> pa.Table:
    """Concatenate a file's blocks; refuse a file without a readable line."""
    tables = [part.table for part in parts if part.table.num_rows]
    if not tables:
        raise LedgerError(
            f"{path} has a header and no entry that can be read{_first_of(faults)}; export the year again"
        )
    return pa.concat_tables(tables)


def _said_close(path: Path, by_name: dt.date | None, by_content: dt.date | None) -> dt.date | None:
    """Return the closing date stated in a file's name or content."""
    if by_name and by_content and by_name != by_content:
        raise LedgerError(
            f"{path} closes on {by_name} by its name and on {by_content} by its DateCloture; name it by its "
            "own year (SIRENFECYYYYMMDD) or export the year again"
        )
    return by_name or by_content


def _days(
    table: pa.Table, lines: pd.DataFrame, closes_on: dt.date, *, transferred: bool
) -> npt.NDArray[np.datetime64]:
    """Return the day of each line, (n_lines,); the closing date for other accounts if days are transfers'."""
    if not transferred:
        booked: npt.NDArray[np.datetime64] = table["booked_on"].to_numpy().astype("datetime64[D]")
        return booked
    days = np.full(table.num_rows, np.datetime64(closes_on), dtype="datetime64[D]")
    at = np.searchsorted(table["line"].to_numpy(), lines["line"].to_numpy())
    days[at] = lines["booked_on"].to_numpy().astype("datetime64[D]")
    return days


def _customers_cents(table: pa.Table) -> tuple[int, int]:
    """Return debits and credits on customer accounts."""
    mine = table.filter(
        pc.is_in(pc.utf8_slice_codeunits(table["CompteNum"], 0, 3), pa.array(CUSTOMER_PREFIXES))
    )
    return int(mine["debit"].to_numpy().sum()), int(mine["credit"].to_numpy().sum())


def _recognised(lines: pd.DataFrame, layout: FecLayout) -> Recognised:
    known = {plain_name(name) for name in (*TEXTS, *TWO_COLUMNS, *WITH_SIDE, *UNREAD)}
    read = set(layout.columns.values())
    transferred = is_transferred(lines, layout.exporter)
    return Recognised(
        exporter=layout.exporter,
        lettering=layout.written("EcritureLet"),
        due=layout.written(DUE),
        ignored=tuple(
            name
            for place, name in enumerate(layout.names)
            if name and place not in read and plain_name(name) not in known
        ),
        transferred=transferred,
        later_pieces=later_pieces(lines),
    )


def _first_of(faults: tuple[LineFault, ...]) -> str:
    """Format the first of some faults, if any."""
    if not faults:
        return ""
    one = faults[0]
    return f": line {one.line}, {one.column} {one.value[:MOST_REPEATED]!r} {one.reason}"


def _blocks(file: Origin) -> tuple[list[FecRows], Counter[str], FecLayout | None]:
    parts = []
    encodings: Counter[str] = Counter()
    layout = None
    for text in texts(file):
        layout = text.layout
        encodings += text.encodings
        parts.append(_slim(read_rows(file.named, text.data, text.first_line, text.layout, cut=text.cut)))
    return parts, encodings, layout


_LONG = ("CompteLib", "CompAuxNum", "CompAuxLib", "EcritureLib", "EcritureLet", "DateLet", "PieceDate", DUE)


def _slim(rows: FecRows) -> FecRows:
    """Clear the long texts of lines on other accounts, which entries do not need.

    The names of accounts 467 stay, which distinguish factors from others.
    """
    table = rows.table
    mine = pc.is_in(pc.utf8_slice_codeunits(table["CompteNum"], 0, 3), pa.array(KEPT_PREFIXES))
    factors = pc.or_(mine, pc.starts_with(table["CompteNum"], "467"))
    for name in _LONG:
        if name in table.column_names:
            at, kept = table.column_names.index(name), factors if name == "CompteLib" else mine
            table = table.set_column(at, name, pc.if_else(kept, table[name], pa.scalar(None, pa.string())))
    return FecRows(table, rows.faults, rows.lost_debit, rows.lost_credit, rows.blank)


def _customer_lines(table: pa.Table, entries: Entries) -> pd.DataFrame:
    """Select the lines on customer accounts, each with its position in its entry and its counterparts."""
    numbers = pd.DataFrame(
        {
            name: table[name].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
            for name in ("JournalCode", "EcritureNum")
        }
    )
    rank = numbers.groupby(["JournalCode", "EcritureNum"], sort=False).cumcount().to_numpy() + 1
    mine = pc.is_in(pc.utf8_slice_codeunits(table["CompteNum"], 0, 3), pa.array(KEPT_PREFIXES))
    kept, at = table.filter(mine), np.flatnonzero(mine.to_numpy())
    texts = {name: kept[name].to_pandas() if name in kept.column_names else "" for name in TEXTS}
    frame = pd.DataFrame({_RENAMED[name]: texts[name] for name in _RENAMED}, index=range(len(at)))
    return frame.assign(
        line=kept["line"].to_numpy(),
        booked_on=kept["booked_on"].to_numpy(),
        piece_on=_column_days(kept, "PieceDate"),
        lettered_on=_column_days(kept, "DateLet"),
        letter=frame["letter"].mask(frame["letter"].str.match(_BLANK_LETTER), ""),
        debit=kept["debit"].to_numpy(),
        credit=kept["credit"].to_numpy(),
        rank=rank[at],
        sides=entries.sides[at],
        due_on=_column_days(kept, DUE),
    )


def _column_days(table: pa.Table, name: str) -> pd.Series:
    """Return a column's days, NaT where the cell or the column is missing; (n_lines,)."""
    if name not in table.column_names or not table.num_rows:
        return pd.Series(pd.NaT, index=range(table.num_rows), dtype="datetime64[s]")
    return pd.Series(parse_days(table[name].combine_chunks()), dtype="datetime64[s]")


def _month_end(days: pa.ChunkedArray) -> dt.date:
    last: dt.date = pc.max(days).as_py()
    return (last.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
