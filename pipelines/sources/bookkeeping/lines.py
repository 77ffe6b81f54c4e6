"""The lines of customers' accounts that bookkeeping works on, whatever export they come from.

A reader of a double-entry export (FEC today) delivers lines with `LINE_COLUMNS`: accounts by the French chart
(PCG: 411 customers, 413 bills, 416 doubtful, 491 provisions), amounts in cents, and in `sides` what the other
lines of the same entry are.
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
"""The columns of a customer's line as it is kept: amounts in cents, `sides` as `EntrySide` flags,
`rank` its place in its entry, `booked_on` the day of what it books, `due_on` what a column says."""


class EntrySide(IntFlag):
    """What stands in an entry, by the accounts of the French chart (PCG)."""

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
    """Tell the lines in whose entry one of these stands, (n_lines,)."""
    return pd.Series((lines["sides"].to_numpy() & int(side)) != 0, index=lines.index)
