"""The columns of the delay curves as plain loops compute them, invoice by invoice."""

import math
from itertools import pairwise

import pandas as pd

from models.features.curves import (
    ANCHORS,
    BOUNDS,
    ESTIMATES,
    curve_name,
    estimate_name,
)
from models.ledger.ledger import Ledger
from models.published.statistics import load_statistics
from tests.builders import FIRST
from tests.models.features.by_hand import Bill, Shelf

Past = tuple[Bill, int | None]
"""An invoice and the day on which it was settled, None while it is open."""

MEMORY = {"slow": 400, "fast": 60, "weekday": 250, "like": 150, "amount": 250, "tempo": 30}
WORTH = {"slow": 1.5, "fast": 2, "weekday": 2, "like": 2, "amount": 2, "tempo": 3}


def fading(days: int, half_life: float) -> float:
    return 0.5 ** (max(days, 0) / half_life)


def late_so_far(bill: Bill, day: int) -> int:
    return bill.late_at(day) if day > bill.due else day - bill.due


def hazard_counts(past: list[tuple[int, int, bool, float]]) -> list[tuple[float, float]]:
    """Count interval by interval what was at risk and what was paid: days late, age, whether paid, weight."""
    counts, below = [], -math.inf
    for bound in BOUNDS.tolist():
        there = [one for one in past if bound < one[1] and (not one[2] or one[0] > below)]
        paid = [weight for late, _, settled, weight in there if settled and late <= bound]
        counts.append((sum(weight for *_, weight in there), sum(paid)))
        below = bound
    return counts


def published() -> list[float]:
    """Compute the published hazards: the share not paid yet falls evenly in logarithms between two days."""
    points = load_statistics().late.points()

    def survives(day: float) -> float:
        (first, share), (before, above), (last, below) = points[0], points[-2], points[-1]
        if day < first:
            return share ** math.exp((day - first) / 30)
        if day > last:
            return below * (below / above) ** ((day - last) / (last - before))
        for (d0, s0), (d1, s1) in pairwise(points):
            if d0 <= day <= d1:
                return s0 * (s1 / s0) ** ((day - d0) / (d1 - d0))
        raise AssertionError

    left = [1.0, *(survives(bound) for bound in BOUNDS.tolist())]
    return [1 - after / before for before, after in pairwise(left)]


def slowness(naf: str | None, headcount: float) -> float:
    """Say how many times everybody's delay a customer of the random ledger has by its sector and size."""
    late = load_statistics().late
    size = 1.0
    for band in late.size.bands:
        if not math.isnan(headcount) and headcount >= band.staff:
            size = band.mean_days_late / late.size.mean_days_late
    construction = next(one.mean_days_late for one in late.sector.sectors if one.naf == "F")
    return size * (construction / late.sector.mean_days_late if naf == "43.21A" else 1.0)


def parent_by_hand(shelf: Shelf, who: str, day: int, ratio: float) -> list[float]:
    """Compute the portfolio's hazards as of the week's first day, bent for a customer."""
    day = (FIRST + day) // 7 * 7 - FIRST
    risk, paid = [10.0] * len(BOUNDS), [10 * hazard for hazard in published()]
    for other in {bill.owner for bill in shelf.bills}:
        past = []
        for bill in shelf.mine(other, day):
            settled = bill.standing(day)[1]
            weight = fading(day - bill.due, 120)
            if settled <= day:
                past.append((bill.days_late(settled), day - bill.due, True, weight))
            else:
                late = late_so_far(bill, day)
                past.append((late, late, False, weight))
        whole = sum(weight for _, age, _, weight in past if age > BOUNDS[0])
        share = max(whole, 1.0) ** -0.7
        for place, (at_risk, events) in enumerate(hazard_counts(past)):
            risk[place] += share * at_risk
            paid[place] += share * events
    hazards = [p / r for p, r in zip(paid, risk, strict=True)]
    return [
        1 - (1 - hazard) ** (1 / ratio) if bound > 0 else hazard
        for bound, hazard in zip(BOUNDS.tolist(), hazards, strict=True)
    ]


def by_hand(
    past: list[Past], parent: list[float], day: int, due: int, cents: int, reached: int
) -> dict[str, float]:
    """Compute every column for an invoice asked about on a day."""
    told: dict[str, list[tuple[int, int, bool, float]]] = {name: [] for name in MEMORY}
    for bill, settled in past:
        late = late_so_far(bill, day) if settled is None else bill.days_late(settled)
        age, old = day - bill.due if settled is not None else late, day - bill.due
        amount, mine = max(bill.cents, 1), max(cents, 1)
        alike = 4 * amount * mine / (amount + mine) ** 2
        same = (bill.due - due) % 7 == 0
        weights = {
            "slow": 1.0,
            "fast": 1.0,
            "weekday": alike**1.5 * (1 if same else 0.05),
            "like": alike**1.5 * (1 if same else 0.3),
            "amount": alike**2,
        }
        for name, weight in weights.items():
            told[name].append((late, age, settled is not None, weight * fading(old, MEMORY[name])))
    hazards: dict[str, list[float]] = {}
    for name in ("slow", "fast", "weekday", "like", "amount"):
        drawn_to = parent if name == "slow" else hazards["slow"]
        hazards[name] = [
            (paid + WORTH[name] * above) / (risk + WORTH[name])
            for (risk, paid), above in zip(hazard_counts(told[name]), drawn_to, strict=True)
        ]
    seen = expected = 3.0
    for bill, settled in past:
        late = late_so_far(bill, day) if settled is None else bill.days_late(settled)
        lately = 1.0 if settled is None else fading(day - bill.due - late, MEMORY["tempo"])
        cumulated, below = 0.0, -math.inf
        for bound, hazard in zip(BOUNDS.tolist(), hazards["slow"], strict=True):
            if late > (bound if settled is None else below):
                cumulated -= math.log(1 - hazard)
            below = bound
        seen += lately * (settled is not None)
        expected += lately * min(cumulated, 3.0)
    hazards["tempo"] = [1 - (1 - hazard) ** (seen / expected) for hazard in hazards["slow"]]
    hazards["parent"] = parent
    odds = {name: log_odds(some, reached) for name, some in hazards.items()}
    found = {estimate_name(name, days): odds[name][days] for name in ESTIMATES for days in ANCHORS}
    for bound in BOUNDS.tolist():
        shares = {"weekday": 0.45, "like": 0.2, "amount": 0.2, "tempo": 0.2}
        found[curve_name(bound)] = sum(share * odds[name][bound] for name, share in shares.items())
    return found


def log_odds(hazards: list[float], reached: int) -> dict[int, float]:
    """Return the log-odds of later than each bound for an invoice that is `reached` days late unpaid."""
    found, survives, below = {}, 1.0, -math.inf
    for bound, hazard in zip(BOUNDS.tolist(), hazards, strict=True):
        if bound <= reached:
            found[bound] = 12.0
        else:
            part = (bound - reached) / (bound - below) if below < reached else 1.0
            part = 1.0 if math.isinf(below) else part
            survives *= (1 - hazard) ** part
            odds = math.log(max(survives, 1e-9) / max(1 - survives, 1e-9))
            found[bound] = min(max(odds, -12.0), 12.0)
        below = bound
    return found


def past_of(shelf: Shelf, who: str, day: int, without: str = "") -> list[Past]:
    """Return what counts of a customer's past: the last invoices of each weekday, and the last open ones."""
    mine = shelf.mine(who, day)
    return [(bill, on) for on, bill in shelf.settled(who, day)] + [
        (bill, None) for bill in mine if bill.standing(day)[1] > day and bill.name != without
    ]


def ratios(ledger: Ledger) -> dict[str, float]:
    return {
        row.customer_id: slowness(None if pd.isna(row.naf) else row.naf, float(row.headcount))
        for row in ledger.customers.itertuples()
    }
