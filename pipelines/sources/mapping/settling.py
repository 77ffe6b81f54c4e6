"""Matching of payments to invoices by a matching number, and settlement by a clearing date.

Lines of one customer with the same number are placed end to end in the order of their dates, debts on one
side and settlements on the other; where two lines overlap, the one pays the other. One payment may settle
several invoices and the reverse. Money without a counterpart is on account, unless the export marks it as
spent: its invoices are then not in the export, and it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pipelines.sources.mapping.building import NUMBER, OWN_NUMBER, SETTLED_ON

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

PART = "::"
"""Separator between a line's number and its part that settles one invoice."""
_SIDES = (("de", "cr"), ("cr", "de"))
_COLUMNS = ["payment_id", "invoice_id", "customer_id", "paid_on", "amount_cents"]


class Settlement(NamedTuple):
    """Result of matching payment lines.

    Parameters
    ----------
    payments
        Canonical payments, shape (n_parts, 5). The first part of a line keeps the line's number, the others
        add `PART` and their rank.
    spent
        Money cleared against invoices outside the export, in cents by line number; in no payment.
    """

    payments: pd.DataFrame
    spent: pd.Series


def settle(invoices: pd.DataFrame, payments: pd.DataFrame, *, cleared: bool = False) -> Settlement:
    """Allocate payment lines to the invoices that they settle.

    A credit note used in a group counts twice, as the ledger has it: positive on the invoice it lowers,
    negative on itself, on the later of their dates. An invoice with a clearing day is settled that day by one
    payment of what its group leaves open.

    Parameters
    ----------
    invoices
        Canonical invoices with the columns `NUMBER` and `SETTLED_ON`, shape (n_invoices, .). Where there is
        `OWN_NUMBER`, a `NUMBER` is that of the row which closed this one.
    payments
        Canonical payments without `invoice_id`, with the same columns, shape (n_payments, .).
    cleared
        Whether a number alone means that its lines are settled.
    """
    lines = _lines(invoices, payments, cleared=cleared)
    debits, credits_ = _laid(lines[lines["owed"]], lines), _laid(lines[~lines["owed"]], lines)
    pairs = _overlaps(debits, credits_)
    gone = {side: pairs[f"{side}_spent"] & (pairs[f"{other}_what"] == "") for side, other in _SIDES}
    received, returned = pairs[~gone["cr"]], pairs[~gone["de"]]
    made = pd.concat(
        [
            _row(received, ("cr", ["payment"]), ("de", ["invoice"]), 1),
            _row(received, ("cr", ["payment"]), ("de", ["refund", ""]), 1, tied=False),
            _row(returned, ("de", ["refund"]), ("cr", ["payment", ""]), -1, tied=False),
            _row(returned, ("de", ["refund"]), ("cr", ["credit_note"]), -1),
            _used(pairs, on="de", sign=1, part="applied"),
            _used(pairs, on="cr", sign=-1, part="used"),
            _cleared(pairs, "de", "invoice", 1),
            _cleared(pairs, "cr", "credit_note", -1),
        ],
        ignore_index=True,
    ).sort_values(["line", "paid_on", "invoice_id"], ignore_index=True, kind="stable")
    rank = made.groupby("line").cumcount() + 1
    suffix = (PART + rank.astype("str")).where(rank > 1, "")
    return Settlement(made.assign(payment_id=made["line"] + suffix)[_COLUMNS], _spent(pairs, gone))


def _spent(pairs: pd.DataFrame, gone: dict[str, pd.Series]) -> pd.Series:
    """Sum by line the money cleared against invoices outside the export; refunds are negative."""
    found = []
    for (side, _), (what, sign) in zip(_SIDES, (("refund", -1), ("payment", 1)), strict=True):
        rows = pairs[gone[side] & (pairs[f"{side}_what"] == what)]
        found.append((sign * rows["cents"]).groupby(rows[f"{side}_id"].astype("str")).sum())
    spent: pd.Series = pd.concat(found).astype("int64").rename("cents")
    return spent


def line_of(payment_ids: pd.Series) -> pd.Series:
    """Return the line number that each payment is a part of."""
    return payment_ids.str.split(PART, n=1).str[0]


def _lines(invoices: pd.DataFrame, payments: pd.DataFrame, *, cleared: bool) -> pd.DataFrame:
    """Concatenate invoices, credit notes, payments and refunds, with amounts in positive cents."""
    documents = pd.DataFrame(
        {
            "id": invoices["invoice_id"],
            "customer_id": invoices["customer_id"],
            "what": invoices["kind"],
            "order": invoices["due_on"],
            "day": invoices["issued_on"],
            "cents": invoices["amount_cents"].astype("int64"),
            **_ties(invoices),
        }
    )
    money = pd.DataFrame(
        {
            "id": payments["payment_id"],
            "customer_id": payments["customer_id"],
            "what": np.where(payments["amount_cents"].astype("int64") > 0, "payment", "refund"),
            "order": payments["paid_on"],
            "day": payments["paid_on"],
            "cents": payments["amount_cents"].astype("int64").abs(),
            **_ties(payments),
        }
    )
    lines = pd.concat([documents, money], ignore_index=True) if len(money) else documents
    lines["owed"] = lines["what"].isin(["invoice", "refund"])
    if lines["own"].notna().any():
        lines["number"] = lines["number"].mask(lines["number"].str.fullmatch("0*"))
        lines["group"], closed = linked(lines), lines["number"].notna()
        lines["spent"] = closed | lines["settled_on"].notna()
    else:
        tied = pd.factorize(lines["customer_id"] + "\x1f" + lines["number"])[0]
        alone = np.arange(len(lines)) + len(lines)
        lines["group"] = pd.factorize(np.where(tied < 0, alone, tied))[0]
        closed = pd.Series(data=False, index=lines.index)
        lines["spent"] = lines["settled_on"].notna() | (_one_sided(lines) if cleared else closed)
    ordered = lines.assign(later=~closed).sort_values(["group", "later", "order", "id"], ignore_index=True)
    return ordered.drop(columns="later")


def _ties(rows: pd.DataFrame) -> dict[str, pd.Series]:
    none = pd.Series(None, index=rows.index, dtype="str")
    days = rows.get(SETTLED_ON, pd.Series(pd.NaT, index=rows.index))
    return {
        "number": rows[NUMBER],
        "own": rows.get(OWN_NUMBER, none),
        "settled_on": days.astype("datetime64[s]"),
    }


def linked(lines: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number the connected groups of lines linked from `number` to another line's `own`, shape (n_lines,).

    A customer's links join its own lines only; a link to a number that no line has joins nothing.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415  # only lists with links pay for it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    own = lines["customer_id"] + "\x1f" + lines["own"]
    link = lines["customer_id"] + "\x1f" + lines["number"]
    codes, known = pd.factorize(own)
    wanted = pd.Index(known).get_indexer(link.fillna(""))
    size = len(lines) + len(known)
    at = np.arange(len(lines))
    rows = np.concatenate((at[codes >= 0], at[wanted >= 0]))
    columns = len(lines) + np.concatenate((codes[codes >= 0], wanted[wanted >= 0]))
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    parts = connected_components(graph, directed=False)[1][: len(lines)]
    groups: npt.NDArray[np.int64] = pd.factorize(parts)[0].astype(np.int64)
    return groups


def _one_sided(lines: pd.DataFrame) -> pd.Series:
    """Mark lines whose number is shared only with lines of the same side, for any customer."""
    both = lines["owed"].groupby(lines["number"]).transform("nunique")
    return lines["number"].notna() & (both == 1)


def _laid(side: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Assign each line of a side its interval [start, end) on an axis of cents where groups are disjoint."""
    n_groups = int(lines["group"].max()) + 1 if len(lines) else 0
    owed = lines["owed"].to_numpy()
    sums = [
        np.bincount(lines["group"][at], weights=lines["cents"][at], minlength=n_groups).astype("int64")
        for at in (owed, ~owed)
    ]
    width = np.maximum(*sums)
    offset = np.cumsum(width) - width
    own = sums[0] if len(side) and side["owed"].iloc[0] else sums[1]
    before = np.cumsum(own) - own
    end = side["cents"].cumsum().to_numpy() - before[side["group"]] + offset[side["group"]]
    return side.assign(start=end - side["cents"].to_numpy(), end=end).reset_index(drop=True)


def _overlaps(debits: pd.DataFrame, credits_: pd.DataFrame) -> pd.DataFrame:
    """Split the axis at every start or end of a line: one row per interval, with the lines on both sides."""
    edges = np.unique(np.concatenate([side[at] for side in (debits, credits_) for at in ("start", "end")]))
    begin, cents = edges[:-1], np.diff(edges)
    pairs = {"cents": pd.Series(cents, dtype="int64")}
    for name, side in (("de", debits), ("cr", credits_)):
        at = _covering(begin, side)
        for column in ("id", "customer_id", "what", "day", "settled_on"):
            found = side[column].reindex(at).reset_index(drop=True)
            pairs[f"{name}_{column}"] = found.fillna("") if column == "what" else found
        spent = side["spent"].to_numpy(bool)
        pairs[f"{name}_spent"] = pd.Series(spent[at] & (at >= 0) if len(spent) else at >= 0)
    return pd.DataFrame(pairs)


def _covering(begin: npt.NDArray[np.int64], side: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the line covering each point of the axis, by position; -1 if none."""
    at = np.searchsorted(side["start"].to_numpy(), begin, side="right") - 1
    if not len(side):
        return at
    return np.where((at >= 0) & (begin < side["end"].to_numpy()[at]), at, -1)


def _row(
    pairs: pd.DataFrame,
    money: tuple[str, Sequence[str]],
    met: tuple[str, Sequence[str]],
    sign: int,
    *,
    tied: bool = True,
) -> pd.DataFrame:
    """Build the parts of money lines matched with such a counterpart, or on account."""
    (line, what), (other, counterpart) = money, met
    rows = pairs[pairs[f"{line}_what"].isin(what) & pairs[f"{other}_what"].isin(counterpart)]
    none = pd.Series(None, index=rows.index, dtype="str")
    return _parts(rows, rows[f"{line}_id"], rows[f"{other}_id"] if tied else none, rows[f"{line}_day"], sign)


def _used(pairs: pd.DataFrame, on: str, sign: int, part: str) -> pd.DataFrame:
    """Build the parts of credit notes that lower an invoice, on the invoice or on the note itself."""
    rows = pairs[(pairs["de_what"] == "invoice") & (pairs["cr_what"] == "credit_note")]
    day = rows["de_day"].where(rows["de_day"] >= rows["cr_day"], rows["cr_day"])
    return _parts(rows, rows["cr_id"] + f"{PART}{part}", rows[f"{on}_id"], day, sign)


def _cleared(pairs: pd.DataFrame, line: str, what: str, sign: int) -> pd.DataFrame:
    """Build one payment of the open rest of a cleared document, on its clearing day."""
    other = "cr" if line == "de" else "de"
    day = pairs[f"{line}_settled_on"]
    rows = pairs[(pairs[f"{line}_what"] == what) & (pairs[f"{other}_what"] == "") & day.notna()]
    return _parts(rows, rows[f"{line}_id"] + f"{PART}cleared", rows[f"{line}_id"], day[rows.index], sign)


def _parts(
    rows: pd.DataFrame, line: pd.Series, invoice: pd.Series, day: pd.Series, sign: int
) -> pd.DataFrame:
    customer = rows["de_customer_id"].fillna(rows["cr_customer_id"])
    return pd.DataFrame(
        {
            "line": line.astype("str"),
            "invoice_id": invoice.astype("str"),
            "customer_id": customer.astype("str"),
            "paid_on": day.astype("datetime64[s]"),
            "amount_cents": sign * rows["cents"],
        }
    )
