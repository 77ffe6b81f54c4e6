"""What each line on a customer's account is: an invoice, a credit note, a payment, money given back, a move.

A debit is owed, a credit settles; a negative debit is a credit. What stands opposite in the entry says the
rest:

| opposite | a debit is | a credit is |
|---|---|---|
| money (5…) | money given back, or a payment returned | a payment |
| a sale (7…, 4457) | an invoice | a credit note |
| a loss (654) | an invoice again | a loss, as a credit note |
| a charge (6…), such as a discount | an invoice | a credit note |
| a bill (413) | a bill returned, as money given back | a payment on the day the bill is drawn |
| anything else | an invoice | a payment |
| an opening balance | an invoice | a payment |

411 to 416 within one customer is a move: nothing is paid by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.sources.fec.entries import Side, has

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

INVOICE, CREDIT_NOTE, PAYMENT, REFUND, MOVE = "invoice", "credit_note", "payment", "refund", "move"
MOST_BOOKED_LATE_DAYS = 366
"""A document dated further from its entry than that is rather mistyped: the entry's day is taken."""
RETURNED = r"(?i)impay|rejet|retour|repr[ée]sent"


def kinds(lines: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return what each line is, (n_lines,).

    Parameters
    ----------
    lines
        Named lines with `cents` (debit less credit, never 0) and `sides`, (n_lines, .).
    """
    money, sale, loss, opening, bill, charge = (
        has(lines, side) for side in (Side.MONEY, Side.SALE, Side.LOSS, Side.OPENING, Side.BILL, Side.CHARGE)
    )
    credit = lines["cents"] < 0
    cash_sale = money & sale & ~credit
    back = (money | bill) & ~sale
    return np.select(
        [
            moves(lines),
            opening & ~credit,
            opening,
            cash_sale,
            back & ~credit,
            ~credit,
            loss & ~money,
            money | bill,
            sale | charge,
        ],
        [MOVE, INVOICE, PAYMENT, INVOICE, REFUND, INVOICE, CREDIT_NOTE, PAYMENT, CREDIT_NOTE],
        default=PAYMENT,
    ).astype(object)


def moves(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell lines that move a customer's debt between its 411 and its 416, (n_lines,)."""
    other = Side.SALE | Side.MONEY | Side.LOSS | Side.OPENING | Side.BILL
    both = has(lines, Side.CUSTOMER) & has(lines, Side.DOUBTFUL)
    maybe = (both & ~has(lines, other)).to_numpy()
    key = ["digest", "journal", "entry", "booked_on", "customer_id"]
    part = lines.loc[maybe, [*key, "cents"]]
    nothing = part.groupby(key)["cents"].transform("sum").eq(0)
    accounts = lines.loc[maybe, "account"].str[:3].groupby([part[name] for name in key]).transform("nunique")
    found = np.zeros(len(lines), dtype=np.bool_)
    found[maybe] = (nothing & accounts.eq(2)).to_numpy()
    return found


def move_ties(lines: pd.DataFrame, moved: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Pair the lines of each move with its first, so that letters on both accounts make one group."""
    key = ["digest", "journal", "entry", "booked_on", "customer_id"]
    part = lines.loc[moved, key].assign(at=np.flatnonzero(moved))
    first = part.groupby(key)["at"].transform("first")
    pairs: npt.NDArray[np.int64] = np.column_stack([part["at"], first]).astype(np.int64)
    apart = pairs[:, 0] != pairs[:, 1]
    kept: npt.NDArray[np.int64] = pairs[apart]
    return kept


def issue_days(lines: pd.DataFrame) -> pd.Series:
    """Return the day of each line's document: its own where it is written and likely, else the entry's.

    A document dated after its entry is dated by its transfer. An opening line's document may be of any age.
    """
    piece, booked = lines["piece_on"], lines["booked_on"]
    near = (booked - piece).dt.days <= MOST_BOOKED_LATE_DAYS
    taken: pd.Series = piece.where((piece <= booked) & (near | has(lines, Side.OPENING))).fillna(booked)
    return taken


def ids(lines: pd.DataFrame) -> pd.Series:
    """Name each line by seller, closing date, journal, entry and its place in the entry.

    Numbers that begin again from file to file within a year get their rank behind them.
    """
    year = lines["siren"].fillna("fec") + "-" + lines["closes_on"].dt.strftime("%Y%m%d")
    named: pd.Series = (
        year + "-" + lines["journal"] + "-" + lines["entry"] + "-" + lines["rank"].astype("str")
    )
    again = named.groupby(named).cumcount() + 1
    unique: pd.Series = named + ("~" + again.astype("str")).where(again > 1, "")
    return unique
