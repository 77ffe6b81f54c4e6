"""Classification of customer account lines: invoice, credit note, payment, refund or transfer.

A debit is owed, a credit settles; a negative debit is a credit. The counterpart accounts of the entry decide:

| opposite | a debit is | a credit is |
|---|---|---|
| money (5…) | money given back, or a payment returned | a payment |
| a sale (70…, 4457…) | an invoice | a credit note |
| a loss (654) | an invoice again | a loss, as a credit note |
| a charge (6…), such as a discount or fees | a difference | a credit note |
| exchange and payment differences (47[67], 65[68], 66[568], 75[68], 76[568]) | a difference | a credit note |
| a bill without a customer (413) | a bill returned, as money given back | a payment when it is drawn |
| a factor (467) | an invoice again | a transfer |
| anything else | an invoice | a payment |
| an opening balance | an invoice | a payment |

An entry of customers' accounts alone pays nothing. Lines of one customer that sum to nothing are a move: 411
to 416, a bill (413), a renumbered customer. Between customers, and to a retention (4117), the credit is a
transfer and the debit an invoice; but where it takes a payment from a customer who was credited by mistake,
money is given back and paid. A transfer takes a debt away without a payment (`matching`), a difference lowers
the payment that it belongs to (`differences`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.sources.bookkeeping.lines import EntrySide, has

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

INVOICE, CREDIT_NOTE, PAYMENT, REFUND, MOVE = "invoice", "credit_note", "payment", "refund", "move"
TRANSFER, DIFFERENCE = "transfer", "difference"
MOST_BOOKED_LATE_DAYS = 366
"""Largest distance between the dates of a document and its entry; beyond it the entry's date is used."""
RETURNED = r"(?i)impay|rejet|retour|repr[ée]sent"
RETENTION_ACCOUNT = r"^4117"
ENTRY = ["digest", "journal", "entry", "booked_on"]


def kinds(lines: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Classify each line, (n_lines,).

    Parameters
    ----------
    lines
        Named lines with `cents` (debit less credit, never 0) and `sides`, (n_lines, .).
    """
    money, sale, loss, opening, bill, charge, factor, difference, exchange = (
        has(lines, side).to_numpy()
        for side in (
            *(
                EntrySide.MONEY,
                EntrySide.SALE,
                EntrySide.LOSS,
                EntrySide.OPENING,
                EntrySide.BILL,
                EntrySide.CHARGE,
                EntrySide.FACTOR,
            ),
            *(EntrySide.DIFFERENCE, EntrySide.EXCHANGE),
        )
    )
    credit = (lines["cents"] < 0).to_numpy()
    cash_sale = money & sale & ~credit
    back = (money | bill) & ~sale
    # An exchange difference that is booked before it is realised (47[67]) is undone on the next day.
    undone = exchange & ~(money | sale | charge)
    usual = np.select(
        [
            opening & ~credit,
            opening,
            factor & credit & ~sale,
            cash_sale,
            back & ~credit,
            difference & ~credit & ~sale,
            ~credit,
            undone,
            loss & ~money,
            money | bill,
            sale | charge | difference,
        ],
        [
            *(INVOICE, PAYMENT, TRANSFER, INVOICE, REFUND, DIFFERENCE, INVOICE, DIFFERENCE, CREDIT_NOTE),
            *(PAYMENT, CREDIT_NOTE),
        ],
        default=PAYMENT,
    ).astype(object)
    return _moved(lines, usual)


def retentions(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mark lines on retention accounts, (n_lines,).

    A sub-account such as 411712 belongs to a customer unless its name mentions a retention.
    """
    named = lines["account_name"].str.contains(r"(?i)retenue|garantie", regex=True)
    found = lines["account"].str.contains(RETENTION_ACCOUNT, regex=True) & (lines["aux"].ne("") | named)
    return found.to_numpy(dtype=np.bool_)


def _moved(lines: pd.DataFrame, usual: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Reclassify lines in entries that contain customer accounts only."""
    kind = usual.copy()
    credit = (lines["cents"] < 0).to_numpy()
    within, across = _alone(lines)
    kind[within] = MOVE
    held_back = within & _with_retention(lines, within)
    kind[held_back & credit] = TRANSFER
    kind[held_back & ~credit] = INVOICE
    corrected = across & _corrections(lines, across)
    kind[across & credit] = TRANSFER
    kind[across & ~credit] = INVOICE
    kind[corrected & credit] = PAYMENT
    kind[corrected & ~credit] = REFUND
    return kind


def _alone(lines: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Mark lines that only transfer debts, within one customer and between customers; (n_lines,)."""
    other = EntrySide.SALE | EntrySide.MONEY | EntrySide.LOSS | EntrySide.OPENING | EntrySide.FACTOR
    found = [np.zeros(len(lines), dtype=np.bool_) for _ in range(2)]
    maybe = ~has(lines, other).to_numpy()
    part = lines.loc[maybe, [*ENTRY, "customer_id", "cents"]].assign(at=np.flatnonzero(maybe))
    for key, mask in zip(([*ENTRY, "customer_id"], ENTRY), found, strict=True):
        cents = part.groupby(key)["cents"]
        nothing = cents.transform("sum").eq(0) & (cents.transform("size") > 1)
        mask[part.loc[nothing, "at"].to_numpy()] = True
        part = part[~nothing]
    return found[0], found[1]


def _with_retention(lines: pd.DataFrame, within: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark transfers from a customer's account to its retention account, (n_lines,)."""
    retained = retentions(lines)
    credit = (lines["cents"] < 0).to_numpy()
    part = lines.loc[within, [*ENTRY, "customer_id"]].assign(
        to=(retained & ~credit)[within], wrong=(retained == credit)[within]
    )
    sums = part.groupby([*ENTRY, "customer_id"])[["to", "wrong"]].transform("sum")
    found = np.zeros(len(lines), dtype=np.bool_)
    found[within] = (sums["to"].gt(0) & sums["wrong"].eq(0)).to_numpy()
    return found


def _corrections(lines: pd.DataFrame, across: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark lines that transfer a payment from one customer to the one who paid it, (n_lines,)."""
    paid = lines[has(lines, EntrySide.MONEY) & (lines["cents"] < 0)]
    first = paid.assign(cents=-paid["cents"]).groupby(["customer_id", "cents"])["booked_on"].min()
    part = lines.loc[across, [*ENTRY, "customer_id", "cents"]]
    before = part.join(first.rename("paid_on"), on=["customer_id", "cents"])["paid_on"]
    taken_back = (before <= part["booked_on"]) | (part["cents"] < 0)
    found = np.zeros(len(lines), dtype=np.bool_)
    found[across] = taken_back.groupby([part[name] for name in ENTRY]).transform("all").to_numpy()
    return found


def move_ties(lines: pd.DataFrame, moved: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Pair the lines of each transfer with its first, so that letters on both accounts form one group."""
    key = [*ENTRY, "customer_id"]
    part = lines.loc[moved, key].assign(at=np.flatnonzero(moved))
    first = part.groupby(key)["at"].transform("first")
    pairs: npt.NDArray[np.int64] = np.column_stack([part["at"], first]).astype(np.int64)
    apart = pairs[:, 0] != pairs[:, 1]
    kept: npt.NDArray[np.int64] = pairs[apart]
    return kept


def issue_days(lines: pd.DataFrame) -> pd.Series:
    """Return each document's date: its own where present and plausible, else the entry's.

    A document dated after its entry is dated by its transfer. An opening line's document may be of any age.
    """
    piece, booked = lines["piece_on"], lines["booked_on"]
    near = (booked - piece).dt.days <= MOST_BOOKED_LATE_DAYS
    taken: pd.Series = piece.where((piece <= booked) & (near | has(lines, EntrySide.OPENING))).fillna(booked)
    return taken


def ids(lines: pd.DataFrame) -> pd.Series:
    """Build a line's id from seller, closing date, journal, entry and position in the entry.

    Numbers that begin again from file to file within a year get their rank behind them.
    """
    year = lines["siren"].fillna("fec") + "-" + lines["closes_on"].dt.strftime("%Y%m%d")
    named: pd.Series = (
        year + "-" + lines["journal"] + "-" + lines["entry"] + "-" + lines["rank"].astype("str")
    )
    again = named.groupby(named).cumcount() + 1
    unique: pd.Series = named + ("~" + again.astype("str")).where(again > 1, "")
    return unique
