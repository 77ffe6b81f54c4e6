"""Figures of a portfolio that are kept of every night, and the months and quarters that pages show of them.

Owns which figures are kept, and which night speaks for a month or a quarter. A month without a night is
reconstructed from invoices and payments; what needs a model or a policy starts with the first night.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from models.portfolio.dso import months_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MONTHS = 12
_NEEDED = {"as_of", "customers", "aged_balance", "dso", "class_mix", "expected_loss"}
_GRADE_FIGURES = ("grade", "customers", "open_eur", "expected_loss_eur")


def kept_figures(portfolio: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the figures of a published portfolio that outlive its run, as plain JSON values.

    None where an earlier version published it without them; its `over_limit` and `quarter` alone may be
    None.
    """
    if not portfolio.keys() >= _NEEDED or "overdue_net_eur" not in portfolio["aged_balance"]:
        return None
    aged = portfolio["aged_balance"]
    return {
        "as_of": portfolio["as_of"],
        "customers": portfolio["customers"],
        "exposure_eur": aged["exposure_eur"],
        "overdue_eur": aged["overdue_eur"],
        "overdue_net_eur": aged["overdue_net_eur"],
        "dso": portfolio["dso"],
        "grades": [{name: line[name] for name in _GRADE_FIGURES} for line in portfolio["class_mix"]],
        "expected_loss_eur": portfolio["expected_loss"]["expected_loss_eur"],
        "over_limit": portfolio.get("over_limit"),
        "quarter": portfolio.get("quarter"),
    }


def monthly(
    nights: Iterable[Mapping[str, Any]], reconstructed: Sequence[Mapping[str, Any]], as_of: dt.date
) -> list[dict[str, Any]]:
    """Return the figures of the last `MONTHS` months up to a day, the oldest first.

    Each month has its last night, with `source` "night"; else its reconstruction, with `source` "ledger" and
    None for what needs a model; a month with neither is left out.

    Parameters
    ----------
    nights
        Of `kept_figures`, in any order.
    reconstructed
        Of `models.portfolio.past_balances.PastBalances.documents`.
    """
    found = {one["as_of"][:7]: {**_UNKNOWN, **one, "source": "ledger"} for one in reconstructed}
    for night in sorted(nights, key=lambda one: one["as_of"]):
        found[night["as_of"][:7]] = {**night, "source": "night"}
    months = [first.isoformat()[:7] for first, _ in months_back(as_of, MONTHS)]
    return [found[month] for month in reversed(months) if month in found]


_UNKNOWN: Mapping[str, None] = dict.fromkeys(
    ("customers", "grades", "expected_loss_eur", "over_limit", "quarter")
)


def quarterly(nights: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the grade migration of each quarter, of its last night that has one, the oldest first."""
    found = {
        quarter_start(dt.date.fromisoformat(night["as_of"])): {"as_of": night["as_of"], **night["quarter"]}
        for night in sorted(nights, key=lambda one: one["as_of"])
        if night["quarter"] is not None
    }
    return [found[first] for first in sorted(found)]


def quarter_start(day: dt.date) -> dt.date:
    """Return the first day of a day's calendar quarter.

    Examples
    --------
    >>> quarter_start(dt.date(2026, 9, 30))
    datetime.date(2026, 7, 1)
    """
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
