"""A customer's state with everything overdue paid today.

Owns the edit of one state vector of the current schema. Exposure, its shares and its age equal those that the
feature builder would compute. A state does not hold overdue invoices one by one, so their lateness is derived
from their number, the oldest one's age and the amounts past 0, 30, 60 and 90 days. With one overdue invoice
this is exact, and so is the payment history if all of it is stored, nothing was disputed and nothing was
partly paid; with several the history is an estimate.

Unchanged: `in_default` (a write-off cannot be distinguished from long arrears, and no default is lifted
here), `peak_exposure_eur` and the rates of peers, which a payment today can affect only if more happened that
day or an outcome of this customer becomes known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.open_invoices import OPEN_FIELD
from models.features.payment_history import LASTS, SHARES, WINDOWS
from models.features.running import NEVER
from models.features.similar_invoices import PAST_FIELD, weekday
from models.published.paydex import PAYDEX_MIN_INVOICES, paydex

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.features.state_schema import StateVector

_AGES = ((0, 30, "overdue_eur", "overdue30_eur"), (30, 60, "overdue30_eur", "overdue60_eur"),
         (60, 90, "overdue60_eur", "overdue90_eur"), (90, 3650, "overdue90_eur", ""))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paid:
    """Settled invoices, latest first: day settled, days late, cents; each of shape `(n,)`."""

    settled: Ints
    late: Ints
    cents: Floats

    def first(self, count: int) -> Paid:
        """Return the `count` last settled."""
        return Paid(self.settled[:count], self.late[:count], self.cents[:count])

    def since(self, day: int) -> Paid:
        """Return those settled after a day."""
        later = self.settled > day
        return Paid(self.settled[later], self.late[later], self.cents[later])


def paid_today(vector: StateVector, day: int) -> StateVector:
    """Return a state vector in which everything overdue is paid on the state's day.

    Parameters
    ----------
    vector
        Of `models.features.build.STATE_SCHEMA`.
    day
        The state's day, since 1970-01-01.
    """
    state = {one.name: vector.number(one.name) for one in vector.schema.fields if not one.axes}
    if not state["overdue_count"] > 0:
        return vector
    now, stored = _overdue(state, day), _kept(vector)
    changed = _history(state, now, stored, day)
    changed |= _exposure({**state, **changed})
    edited = vector.with_numbers(changed)
    _remember(edited, now, day)
    _settle(edited)
    return edited


def _overdue(state: dict[str, float], day: int) -> Paid:
    """Distribute the overdue amount over the number of overdue invoices, the oldest at its age."""
    count, oldest = int(state["overdue_count"]), int(state["oldest_overdue_days"])
    spans = [
        (low, min(high, oldest), state[above] - (state[below] if below else 0.0))
        for low, high, above, below in _AGES
        if low < oldest
    ]
    ages, cents = [oldest], [0.0]
    total = max(sum(eur for *_, eur in spans), 0.01)
    held, place = 0.0, 0
    for low, high, eur in spans:
        held += eur
        upto = min(round(held / total * (count - 1)), count - 1)
        ages += [
            low + 1 + (high - low - 1) * (2 * i + 1) // (2 * (upto - place)) for i in range(upto - place)
        ]
        cents += [eur * 100 / max(upto - place, 1)] * (upto - place)
        place = upto
    cents[0] = max(state["overdue_eur"] * 100 - sum(cents), 1.0)
    youngest = np.argsort(ages, kind="stable")
    late, amounts = np.array(ages, dtype=np.int64)[youngest], np.array(cents)[youngest]
    return Paid(np.full(count, day, dtype=np.int64), late, np.maximum(np.rint(amounts), 1.0))


def _kept(vector: StateVector) -> Paid:
    """Return the settled invoices that the state stores."""
    table = vector.block(PAST_FIELD.name).reshape(3, -1)
    late, due, cents = table[:, ~np.isnan(table[0])]
    order = np.argsort(-(due + late), kind="stable")
    settled = (due + late)[order].astype(np.int64)
    return Paid(settled, late[order].astype(np.int64), cents[order])


def _history(state: dict[str, float], now: Paid, stored: Paid, day: int) -> dict[str, float]:
    changed: dict[str, float] = {"days_since_last_payment": 0.0}
    for window, (days, _, _) in WINDOWS.items():
        inside = stored if days == NEVER else stored.since(day - days)
        changed |= _window(window, _sums(state, window, inside), now)
    for window, (count, _, _) in LASTS.items():
        before = stored.first(max(count - len(now.late), 0))
        changed |= _window(window, _sums_of(before), now.first(count))
    last = np.concatenate((now.late, stored.late))[:10]
    changed["days_late_median_last10"], changed["days_late_p90_last10"] = np.quantile(
        last, (0.5, 0.9)
    ).tolist()
    changed["days_late_trend"] = changed["days_late_mean_90d"] - changed["days_late_mean_365d"]
    surprise = changed["days_late_mean_last3"] - changed["days_late_mean_all"]
    changed["days_late_surprise"] = surprise / max(changed["days_late_spread_all"], 1.0)
    changed["paydex_365d"] = _index(stored.since(day - 365), now)
    return changed


def _sums_of(paid: Paid) -> dict[str, float]:
    """Return the sums from which a window's features are computed."""
    return {
        "n": float(len(paid.late)),
        "late": float(paid.late.sum()),
        "late2": float((paid.late * paid.late).sum()),
        "amount": float(paid.cents.sum()),
        "late_amount": float((paid.late * paid.cents).sum()),
        **{f"over{days}": float((paid.late > days).sum()) for days in SHARES},
    }


def _sums(state: dict[str, float], window: str, stored: Paid) -> dict[str, float]:
    """Recover a window's sums from its features; amounts, which it lacks, from the stored invoices."""
    n, sums = state[f"n_paid_{window}"], _sums_of(stored)
    if n == sums["n"] or n == 0 or sums["n"] == 0:
        return sums
    mean, spread = state[f"days_late_mean_{window}"], state[f"days_late_spread_{window}"]
    amount = sums["amount"] * n / sums["n"]
    return {
        "n": n,
        "late": round(mean * n),
        "late2": round((spread * spread + mean * mean) * n),
        "amount": amount,
        "late_amount": state[f"days_late_by_amount_{window}"] * amount,
        **{f"over{days}": round(state[f"late{days}_share_{window}"] * n) for days in SHARES},
    }


def _window(window: str, sums: dict[str, float], now: Paid) -> dict[str, float]:
    both = {
        name: value + more for (name, value), more in zip(sums.items(), _sums_of(now).values(), strict=True)
    }
    mean = both["late"] / both["n"]
    return {
        f"n_paid_{window}": both["n"],
        f"days_late_mean_{window}": mean,
        f"days_late_by_amount_{window}": both["late_amount"] / both["amount"],
        f"days_late_spread_{window}": max(both["late2"] / both["n"] - mean * mean, 0.0) ** 0.5,
        **{f"late{days}_share_{window}": both[f"over{days}"] / both["n"] for days in SHARES},
    }


def _index(stored: Paid, now: Paid) -> float:
    late, cents = np.concatenate((now.late, stored.late)), np.concatenate((now.cents, stored.cents))
    if len(late) < PAYDEX_MIN_INVOICES:
        return float("nan")
    index = np.array([round(paydex(float(days)), 2) for days in late])
    return float((index * cents).sum() / cents.sum())


def _exposure(state: dict[str, float]) -> dict[str, float]:
    opened = round(state["open_eur"] - state["overdue_eur"], 2)
    month = state["invoiced_365d_eur"] / min(max(state["days_since_first_invoice"] / 30.4, 1.0), 12.0)
    surprise = -state["days_late_mean_all"] / max(state["days_late_spread_all"], 1.0)
    return {
        "open_eur": opened,
        "open_count": state["open_count"] - state["overdue_count"],
        **dict.fromkeys(("overdue_eur", "overdue30_eur", "overdue60_eur", "overdue90_eur"), 0.0),
        "overdue_count": 0.0,
        "oldest_overdue_days": 0.0,
        "overdue_share": _over(0.0, opened),
        "overdue30_share": _over(0.0, opened),
        "overdue_to_month": _over(0.0, month),
        "open_to_month": _over(opened, month),
        "limit_use": _over(opened, state["limit_in_force_eur"]),
        "overdue_surprise": max(surprise, 0.0),
    }


def _over(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _remember(edited: StateVector, now: Paid, day: int) -> None:
    """Insert the payments before the stored ones of their due weekday, latest first."""
    past = edited.block(PAST_FIELD.name)
    for late, cents in zip(now.late[::-1].tolist(), now.cents[::-1].tolist(), strict=True):
        due = day - late
        same = past[:, int(weekday(np.array([due]))[0])]
        same[:, 1:] = same[:, :-1].copy()
        same[:, 0] = late, due, cents


def _settle(edited: StateVector) -> None:
    """Remove overdue invoices from the stored open ones."""
    table = edited.block(OPEN_FIELD.name)
    left = table[:, ~(table[0] > 0)]
    table[:, : left.shape[1]] = left
    table[:, left.shape[1] :] = np.nan
