"""When an invoice falls due: as its label says, else by the customer's terms, else by the default.

A FEC has no due date (art. A47 A-1 LPF), but many programs write one into the label. "45 days end of month"
is read as 45 days and then the month's end, "end of month 45 days" the other way round (art. L441-10 C. com.
leaves both).
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.sources.fec.cells import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

LABEL, CUSTOMER, DEFAULT = "label", "customer", "default"
LONGEST_TERMS_DAYS = 400
"""A label that says more is read wrongly."""
_LIKELY = r"(?i)ech|éch|fdm|fin de mois|f\.d\.m|\d ?j|jours|comptant|r[ée]ception"
_DATED = re.compile(
    r"\b[ée]ch(?:[ée]ance|\.|\b)?\s*(?:au|le|du|:|=)?\s*"
    r"(?:(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})|(?P<packed>\d{8}|\d{6}))(?!\d)",
    re.IGNORECASE,
)
_END = r"(?:fin\s+de\s+mois|f\.?d\.?m\b\.?)"
_END_FIRST = re.compile(rf"\b{_END}\s*\+?\s*(?P<days>\d{{1,3}})\s*(?:jours?|jrs?|j)?\b", re.IGNORECASE)
_END_LAST = re.compile(rf"\b(?P<days>\d{{1,3}})\s*(?:jours?|jrs?|j)?\.?\s*{_END}", re.IGNORECASE)
_NET = re.compile(
    r"(?:\bà|\ba|\bnet|paiement|r[èe]glement|terme|d[ée]lai|\bech\.?|\béch\.?)\s*:?\s*"
    r"(?P<days>\d{1,3})\s*(?:jours?|jrs?|j)\b|\b(?P<more>\d{1,3})\s*(?:jours?|jrs?|j)\s+(?:net|date)",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\bcomptant\b|(?:à|a)\s+r[ée]ception", re.IGNORECASE)


def due_days(
    labels: pd.Series, issued: pd.Series, customers: pd.Series, terms: Mapping[str, float], default_days: int
) -> pd.DataFrame:
    """Return the due day of each invoice and where it is from.

    Parameters
    ----------
    labels, issued, customers
        Label, day of issue and customer of each invoice, (n,).
    terms
        Agreed days by customer, of those that have any.
    default_days
        Terms of everybody else.

    Returns
    -------
        Columns `due_on` and `due_from` (`label`, `customer`, `default`), (n, 2).
    """
    agreed = customers.map(terms).astype("float64")
    days = agreed.fillna(default_days).round().clip(lower=0)
    due = issued + pd.to_timedelta(days, unit="D")
    source = np.where(agreed.notna(), CUSTOMER, DEFAULT).astype(object)
    likely = np.flatnonzero(labels.str.contains(_LIKELY, regex=True).to_numpy())
    told, at = [], []
    days_of_issue = issued.to_numpy().astype("datetime64[D]")[likely].tolist()
    for place, label, day in zip(likely.tolist(), labels.iloc[likely].tolist(), days_of_issue, strict=True):
        due_on = due_of(label, day)
        if due_on is not None:
            told.append(due_on)
            at.append(place)
    source[at] = LABEL
    moved = due.to_numpy().astype("datetime64[s]")
    moved[at] = np.array(told, dtype="datetime64[s]")
    return pd.DataFrame({"due_on": moved, "due_from": source}, index=labels.index)


def due_of(label: str, issued: dt.date) -> dt.date | None:
    """Return the due day that a label says, None where it says none that follows the issue.

    Examples
    --------
    >>> day = dt.date(2026, 1, 10)
    >>> due_of("Facture 12 Ech. 31/03/2026", day), due_of("F12 échéance 310326", day)
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31))
    >>> due_of("F12 à 30 j", day), due_of("F12 45 FDM", day), due_of("Facture 30", day)
    (datetime.date(2026, 2, 9), datetime.date(2026, 2, 28), None)
    """
    day = _written(label, issued)
    if day is None or not dt.timedelta(0) <= day - issued <= dt.timedelta(days=LONGEST_TERMS_DAYS):
        return None
    return day


def _written(label: str, issued: dt.date) -> dt.date | None:
    if found := _DATED.search(label):
        return _dated(found)
    if found := _END_LAST.search(label):
        return _month_end(issued + dt.timedelta(days=int(found["days"])))
    if found := _END_FIRST.search(label):
        return _month_end(issued) + dt.timedelta(days=int(found["days"]))
    if found := _NET.search(label):
        return issued + dt.timedelta(days=int(found["days"] or found["more"]))
    return issued if _AT_ONCE.search(label) else None


def _dated(found: re.Match[str]) -> dt.date | None:
    if found["packed"] is None:
        parts = [(int(found["y"]), int(found["m"]), int(found["d"]))]
    else:
        text = found["packed"]
        parts = [
            (int(text[4:]), int(text[2:4]), int(text[:2])),
            (int(text[:4]), int(text[4:6]), int(text[6:] or 0)),
        ]
    for year, month, day in parts:
        full = year + 2000 if year < 100 else year
        if FIRST_YEAR <= full <= LAST_YEAR and 1 <= month <= 12:
            with suppress(ValueError):
                return dt.date(full, month, day)
    return None


def _month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
