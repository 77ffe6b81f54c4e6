"""Format of the customer account lines that bookkeeping works on, independent of the export.

A reader of a double-entry export (FEC today) delivers lines with `LINE_COLUMNS`: accounts by the French chart
(PCG: 411 customers, 413 bills, 416 doubtful, 491 provisions), amounts in cents, and in `sides` the kinds of
the other lines of the same entry.
"""

from __future__ import annotations

from enum import IntFlag

import pandas as pd

LINE_COLUMNS = {
    "file": "str",
    "digest": "str",
    "siren": "str",
    "closes_on": "datetime64[s]",
    "line": "int64",
    "journal": "str",
    "entry": "str",
    "rank": "int64",
    "booked_on": "datetime64[s]",
    "account": "str",
    "account_name": "str",
    "aux": "str",
    "name": "str",
    "piece": "str",
    "piece_on": "datetime64[s]",
    "label": "str",
    "debit": "int64",
    "credit": "int64",
    "letter": "str",
    "lettered_on": "datetime64[s]",
    "sides": "int64",
    "due_on": "datetime64[s]",
}
"""Columns of a stored customer line: amounts in cents, `sides` as `EntrySide` flags, `rank` its position
in its entry, `booked_on` the day of the booked event, `due_on` the due date column."""


class EntrySide(IntFlag):
    """Kinds of accounts in an entry, by the French chart (PCG)."""

    CUSTOMER = 1
    DOUBTFUL = 2
    SALE = 4
    MONEY = 8
    LOSS = 16
    PROVISION = 32
    BILL = 64
    CHARGE = 128
    OPENING = 256
    CLOSING = 512
    FACTOR = 1024
    DIFFERENCE = 2048
    EXCHANGE = 4096


def has(lines: pd.DataFrame, side: EntrySide) -> pd.Series:
    """Mark the lines whose entry contains one of these kinds, (n_lines,)."""
    return pd.Series((lines["sides"].to_numpy() & int(side)) != 0, index=lines.index)
