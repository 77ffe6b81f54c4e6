"""Validity periods of filings: several reports of one event become rows that do not overlap.

Owns the arithmetic only; `entering` decides which source reports or withdraws a filing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from models.ledger.ledger import conform
from models.ledger.tables import FILINGS

EVENT = ("siren", "customer_id", "kind", "judged_on")
"""Columns that identify an event: rows with equal values report the same one."""
TELLINGS = replace(FILINGS, key=(*FILINGS.column_names,))
"""The table of filings before reports of one event are merged."""


def joined_spans(frame: pd.DataFrame) -> pd.DataFrame:
    """Merge each event's rows with touching periods: from the first publication to the last withdrawal.

    Parameters
    ----------
    frame
        Rows of the table of filings, an event in any number of them.

    Returns
    -------
        The table; a joined row names the source that stood longest, of equals the one published first.
    """
    ordered = frame.drop_duplicates().sort_values(["published_on", "source"], kind="stable")
    ended = ordered.groupby(list(EVENT), dropna=False)["withdrawn_on"].transform("count") > 0
    rows: list[dict[Any, Any]] = ordered[~ended].drop_duplicates(list(EVENT)).to_dict("records")
    for _, told in ordered[ended].groupby(list(EVENT), dropna=False):
        rows += _joined(told.to_dict("records"))
    return conform(pd.DataFrame(rows, columns=FILINGS.column_names), FILINGS)


def _joined(rows: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Merge the rows of one event, sorted by publication."""
    made: list[dict[Any, Any]] = []
    for row in rows:
        last = made[-1] if made else None
        if last is None or row["published_on"] > _end(last):
            made.append(row)
        elif _end(row) > _end(last):
            made[-1] = {**row, "published_on": last["published_on"]}
    return made


def _end(row: dict[Any, Any]) -> pd.Timestamp:
    return pd.Timestamp.max if pd.isna(row["withdrawn_on"]) else row["withdrawn_on"]
