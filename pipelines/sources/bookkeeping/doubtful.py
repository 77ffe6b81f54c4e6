"""Doubtful customers, provisions and losses in the bookkeeping as signals of the ledger.

A transfer to 416, an opening balance on it and a provision (491) in a customer's name are the signal
`doubtful`; a payment or a bill returned is `returned_debit`; a loss (654) is `write_off`, which is a default.
A loss under `SMALL_LOSS_CENTS` only clears a residual balance and is no signal.
"""

from __future__ import annotations

import pandas as pd

from pipelines.sources.bookkeeping.documents import MOVE, REFUND, RETURNED
from pipelines.sources.bookkeeping.lines import EntrySide, has

SMALL_LOSS_CENTS = 50_00


def signals_table(
    lines: pd.DataFrame, kind: pd.Series, provisions: pd.DataFrame, source: str
) -> pd.DataFrame:
    """Build the canonical signals.

    Parameters
    ----------
    lines
        Named lines on 411, 413 and 416 with `cents`, (n_lines, .).
    kind
        Kind of each line, from `documents.kinds`, (n_lines,).
    provisions
        Named lines on 491; those of a customer without lines are ignored.
    source
        The name that the signals carry, so that the next import can replace them.
    """
    doubtful = lines[lines["account"].str.startswith("416") & (lines["cents"] > 0)]
    provided = provisions[provisions["credit"] > provisions["debit"]]
    provided = provided[provided["customer_id"].isin(lines["customer_id"])]
    back = lines[kind == REFUND]
    returned = back[back["label"].str.contains(RETURNED, regex=True)]
    unpaid = (kind == MOVE) & lines["account"].str.startswith("411") & (lines["cents"] > 0)
    bills = pd.concat([back[has(back, EntrySide.BILL)], lines[unpaid & has(lines, EntrySide.BILL)]])
    losses = lines[(lines["cents"] < 0) & has(lines, EntrySide.LOSS) & (kind == "credit_note")]
    lost = losses.groupby(["customer_id", "booked_on"], as_index=False)["cents"].sum()
    parts = (
        ("doubtful", doubtful),
        ("doubtful", provided),
        ("returned_debit", returned),
        ("returned_debit", bills),
        ("write_off", lost[lost["cents"] <= -SMALL_LOSS_CENTS]),
    )
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "customer_id": part["customer_id"].astype("str"),
                    "kind": name,
                    "seen_on": part["booked_on"].astype("datetime64[s]"),
                    "source": source,
                }
            )
            for name, part in parts
        ],
        ignore_index=True,
    )
    return table.drop_duplicates(["customer_id", "kind", "seen_on"], ignore_index=True)
