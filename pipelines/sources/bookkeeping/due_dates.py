"""Due date of an invoice: from a column, else its label, else the customer's terms, else the default.

A FEC has no due date (art. A47 A-1 LPF), but some programs add a column for it, and many write one into
the label; `sources.due_terms` has the grammar. A retention (account 4117) falls due a year after its document
unless stated otherwise (law no. 71-584 of 16 July 1971, art. 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.sources.due_terms import LIKELY, LONGEST_TERMS_DAYS, read_due

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMN, LABEL, RETENTION, CUSTOMER, DEFAULT = "column", "label", "retention", "customer", "default"
RETENTION_DAYS = 365
LONGEST_RETENTION_DAYS = 3 * 365
"""Largest distance between a document and its due date; beyond it the date is considered mistyped."""


def due_days(items: pd.DataFrame, terms: Mapping[str, float], default_days: int) -> pd.DataFrame:
    """Return the due date of each invoice and its origin.

    Parameters
    ----------
    items
        Columns label, issued_on, customer_id, told_on (the date in the due date column, NaT if absent)
        and retention (whether it is one); (n, .).
    terms
        Agreed days by customer, of those that have any.
    default_days
        Terms of all other customers.

    Returns
    -------
        Columns `due_on`, `due_from` (`column`, `label`, `retention`, `customer`, `default`) and `unreadable`:
        texts in the column or the label that resemble a due date but are none; (n, 3).
    """
    issued, told, retained = items["issued_on"], items["told_on"], items["retention"].to_numpy(dtype=np.bool_)
    agreed = items["customer_id"].map(terms).astype("float64")
    days = agreed.fillna(default_days).round().clip(lower=0).mask(retained, RETENTION_DAYS)
    due = issued + pd.to_timedelta(days, unit="D")
    source = np.where(retained, RETENTION, np.where(agreed.notna(), CUSTOMER, DEFAULT)).astype(object)
    after = (told - issued).dt.days
    good = after.between(0, np.where(retained, LONGEST_RETENTION_DAYS, LONGEST_TERMS_DAYS)).to_numpy()
    source[good] = COLUMN
    due_on = due.where(~good, told).to_numpy().astype("datetime64[s]")
    by_label = _by_label(items["label"], issued)
    read = by_label["on"].notna().to_numpy() & ~good
    source[read] = LABEL
    due_on[read] = by_label["on"].to_numpy()[read]
    unreadable = ~good & ~read & (told.notna() | by_label["unreadable"]).to_numpy()
    return pd.DataFrame({"due_on": due_on, "due_from": source, "unreadable": unreadable}, index=items.index)


def _by_label(labels: pd.Series, issued: pd.Series) -> pd.DataFrame:
    """Parse the labels that may contain a due date; columns `on` and `unreadable`."""
    on = np.full(len(labels), np.datetime64("NaT"), dtype="datetime64[s]")
    unreadable = np.zeros(len(labels), dtype=np.bool_)
    likely = np.flatnonzero(labels.str.contains(LIKELY, regex=True).to_numpy())
    days = issued.to_numpy().astype("datetime64[D]")[likely].tolist()
    for place, label, day in zip(likely.tolist(), labels.iloc[likely].tolist(), days, strict=True):
        due = read_due(label, day)
        unreadable[place] = due.unreadable
        if due.on is not None:
            on[place] = np.datetime64(due.on)
    return pd.DataFrame({"on": on, "unreadable": unreadable}, index=labels.index)
