"""A block of lines as columns: well-formed lines vectorised, the others line by line with their faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from models.errors import LedgerError
from pipelines.sources.fec.cells import parse_cents, parse_days, text_array
from pipelines.sources.fec.layout import DUE, TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from pipelines.sources.fec.layout import FecLayout

    Lines = npt.NDArray[np.int64]

MOST_SHOWN = 200
"""Characters of a faulty line that are copied to the quarantine."""
WHOLE_LINE = "(whole line)"
CUSTOMER_PREFIXES = ("411", "413", "416")


@dataclass(frozen=True, slots=True)
class LineFault:
    """Fault of a line; a line may have several."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class FecRows:
    """Columns of well-formed lines, and the faulty lines.

    Parameters
    ----------
    table
        Texts by the norm's names, and `line`, `booked_on`, `debit`, `credit` (cents); (n_rows, .).
    faults
        At least one for each line refused.
    lost_debit, lost_credit
        Cents under 411, 413 and 416 on refused lines with readable amounts.
    blank
        Number of lines that hold nothing.
    """

    table: pa.Table
    faults: list[LineFault] = field(default_factory=list)
    lost_debit: int = 0
    lost_credit: int = 0
    blank: int = 0


def read_rows(path: Path, data: bytes, first_line: int, layout: FecLayout, *, cut: bool) -> FecRows:
    """Parse a block of whole lines in UTF-8.

    Raises
    ------
    LedgerError
        The file ends in the middle of a line.
    """
    data, lines, faults, blank = _whole(path, data, first_line, layout, cut=cut)
    texts = _columns(data, layout)
    return _checked(texts, lines, layout, faults, blank)


def _whole(
    path: Path, data: bytes, first_line: int, layout: FecLayout, *, cut: bool
) -> tuple[bytes, Lines, list[LineFault], int]:
    """Select the lines with the header's number of columns."""
    signs = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    found = np.searchsorted(np.flatnonzero(signs == ord(layout.separator)), ends)
    widths = np.diff(found, prepend=0) + 1
    lines = first_line + np.arange(len(ends))
    odd = np.flatnonzero((widths != layout.width) | _with_zero(signs, ends))
    if not len(odd):
        return data, lines, [], 0
    texts, faults, blank = data.split(b"\n"), [], 0
    keep = np.ones(len(ends), dtype=np.bool_)
    for at in odd.tolist():
        fields = texts[at].decode("utf-8").split(layout.separator)
        if not any(one.strip() for one in fields):
            keep[at], blank = False, blank + 1
        elif len(fields) > layout.width and not any(one.strip() for one in fields[layout.width :]):
            texts[at] = layout.separator.join(fields[: layout.width]).encode()
        else:
            last = cut and at == len(ends) - 1
            if last and len(fields) < layout.width:
                raise LedgerError(
                    f"{path} is cut short: line {lines[at]} ends after {len(fields)} of {layout.width} "
                    "columns; export or copy it again"
                )
            keep[at] = False
            faults.append(
                LineFault(int(lines[at]), WHOLE_LINE, texts[at].decode()[:MOST_SHOWN], _why(fields, layout))
            )
    kept = [texts[at] for at in np.flatnonzero(keep).tolist()]
    return b"".join(one + b"\n" for one in kept), lines[keep], faults, blank


def _with_zero(signs: npt.NDArray[np.uint8], ends: Lines) -> npt.NDArray[np.bool_]:
    zero = np.zeros(len(ends), dtype=np.bool_)
    zero[np.searchsorted(ends, np.flatnonzero(signs == 0))] = True
    return zero


def _why(fields: list[str], layout: FecLayout) -> str:
    if "\x00" in "".join(fields):
        return "holds a zero byte; the file was damaged"
    if len(fields) == 1:
        return f"is not separated as the header is, which has {layout.width} columns"
    return f"{len(fields)} columns where the header has {layout.width}"


def _columns(data: bytes, layout: FecLayout) -> pa.Table:
    """Split clean lines into columns of text."""
    names = {place: name for name, place in layout.columns.items()}
    wanted = [name for name in (*TEXTS, DUE, *layout.amounts) if name in layout.columns]
    if not data:
        return pa.table({name: pa.array([], pa.string()) for name in wanted})
    heads = [names.get(place, f"other {place}") for place in range(layout.width)]
    return csv.read_csv(
        pa.BufferReader(data),
        csv.ReadOptions(column_names=heads),
        csv.ParseOptions(
            delimiter=layout.separator,
            quote_char=False,
            escape_char=False,
            ignore_empty_lines=False,
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
        ),
    )


def _checked(
    texts: pa.Table, lines: Lines, layout: FecLayout, faults: list[LineFault], blank: int
) -> FecRows:
    """Parse the mandatory fields of each line, and refuse lines without them."""
    columns = {name: text_array(texts[name]) for name in texts.column_names}
    if layout.quoted:
        columns = {name: pc.utf8_trim(column, '"') for name, column in columns.items()}
    debit, credit, checks = _amounts(columns, layout)
    booked = parse_days(columns["EcritureDate"])
    account = columns["CompteNum"]
    header = pc.equal(pc.utf8_lower(account), "comptenum").to_numpy(zero_copy_only=False)
    digits = pc.match_substring_regex(account, r"^\d{3}").to_numpy(zero_copy_only=False)
    checks = [
        (header, ["CompteNum"], "is the header again: two exports were joined; the lines below it are taken"),
        (~header & ~digits, ["CompteNum"], "is no account: three digits come first"),
        (~header & np.isnat(booked), ["EcritureDate"], "is no date written YYYYMMDD"),
        *((~header & bad, names, reason) for bad, names, reason in checks),
    ]
    refused = np.zeros(len(lines), dtype=np.bool_)
    for bad, names, reason in checks:
        refused |= bad
        for at in np.flatnonzero(bad).tolist():
            value = " | ".join(columns[name][at].as_py() for name in names)
            faults.append(LineFault(int(lines[at]), " | ".join(names), value[:MOST_SHOWN], reason))
    mine = pc.is_in(pc.utf8_slice_codeunits(account, 0, 3), pa.array(CUSTOMER_PREFIXES))
    lost = refused & mine.to_numpy(zero_copy_only=False)
    table = pa.table(
        {
            **{name: column for name, column in columns.items() if name in (*TEXTS, DUE)},
            "line": lines,
            "booked_on": pa.array(booked),
            "debit": debit,
            "credit": credit,
        }
    )
    rows = table.filter(pa.array(~refused)) if refused.any() else table
    return FecRows(rows, faults, int(debit[lost].sum()), int(credit[lost].sum()), blank)


LineCheck = tuple["npt.NDArray[np.bool_]", list[str], str]


def _amounts(columns: dict[str, pa.Array], layout: FecLayout) -> tuple[Lines, Lines, list[LineCheck]]:
    first, second = layout.amounts
    amount = parse_cents(columns[first])
    no_amount = "is no amount: digits, a comma or a point, and cents; at most 100 billion"
    if layout.with_side:
        side = pc.utf8_upper(columns[second])
        on_debit, on_credit = (
            pc.is_in(side, pa.array(signs)).to_numpy(zero_copy_only=False)
            for signs in (["D", "+1", "1", "+", "DEBIT", "DÉBIT"], ["C", "-1", "-", "CREDIT", "CRÉDIT"])
        )
        checks: list[LineCheck] = [
            (amount.bad, [first], no_amount),
            (~on_debit & ~on_credit, [second], "is no side: D or C, +1 or -1"),
        ]
        return np.where(on_debit, amount.cents, 0), np.where(on_credit, amount.cents, 0), checks
    credit = parse_cents(columns[second])
    both = (amount.cents != 0) & (credit.cents != 0)
    checks = [
        (amount.bad, [first], no_amount),
        (credit.bad, [second], no_amount),
        (both, [first, second], "debit and credit are both filled: a line has one side"),
    ]
    return amount.cents, credit.cents, checks
