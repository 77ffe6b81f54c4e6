"""Entries for doubtful customers and losses: accounts 416 (doubtful), 491 (provision), 654 (write-off)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pipelines.demo.fec.postings import VAT

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger

COLUMNS = ["day", "customer_id", "account", "piece", "cents", "label", "group", "nth", "due_on"]


def book_losses(ledger: Ledger, items: pd.DataFrame) -> pd.DataFrame:
    """Book the signals `doubtful` and `write_off` of customers without later payments.

    Parameters
    ----------
    items
        Posted items, as `postings.Postings` has them.

    Returns
    -------
        Complete entries of the journal OD: `COLUMNS`, where `nth` numbers the entries; (n_lines, .).
    """
    last = items.groupby("customer_id")["day"].max()
    rows: list[tuple[object, ...]] = []
    nth = 0
    signals = ledger.signals[ledger.signals["kind"].isin(["doubtful", "write_off"])].sort_values("seen_on")
    moved: set[str] = set()
    gone: set[str] = set()
    for signal in signals.itertuples():
        who, day = str(signal.customer_id), signal.seen_on
        if who not in last.index or last[who] >= day or who in gone:
            continue
        own = items[items["customer_id"] == who]
        left = own[own["group"].ne("")].groupby("group")["cents"].sum()
        for group, cents in left[left > 0].items():
            account = "416000" if who in moved else "411000"
            nth += 1
            if signal.kind == "doubtful" and who not in moved:
                rows += _moved(who, day, str(group), int(cents), nth)
            elif signal.kind == "write_off":
                rows += _lost(who, day, str(group), int(cents), nth, account)
        (moved if signal.kind == "doubtful" else gone).add(who)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"cents": "int64", "day": "datetime64[s]"})


def _moved(who: str, day: object, group: str, cents: int, nth: int) -> list[tuple[object, ...]]:
    piece, label = f"D{nth:05d}", f"Passage en douteux {group}"
    net = round(cents / (1 + VAT) / 2)
    return [
        (day, who, "416000", piece, cents, label, group, nth, day),
        (day, who, "411000", piece, -cents, label, group, nth, day),
        (day, "", "681740", piece, net, f"Provision {group}", "", nth, day),
        (day, "", "491000", piece, -net, f"Provision {group}", "", nth, day),
    ]


def _lost(who: str, day: object, group: str, cents: int, nth: int, account: str) -> list[tuple[object, ...]]:
    piece, label = f"P{nth:05d}", f"Perte {group}"
    net = round(cents / (1 + VAT))
    return [
        (day, "", "654000", piece, net, label, "", nth, day),
        (day, "", "445710", piece, cents - net, label, "", nth, day),
        (day, who, account, piece, -cents, label, group, nth, day),
    ]
