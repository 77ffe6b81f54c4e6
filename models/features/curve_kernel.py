"""Compiled inner loops of `models.features.curves`: payment times by discrete hazards.

Only sums, products and powers in a fixed order: equal inputs give bit-identical results from ledger and
state.
Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiling import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Settled = tuple[Ints, Ints, Ints, Ints, Floats]
    Opened = tuple[Ints, Ints, Ints, Ints, Floats]
    AskedOf = tuple[Ints, Ints, Floats, Ints]
    Invoices = tuple[Ints, Ints, Ints, Ints, Ints, Ints]

SLOW, FAST, WEEKDAY, LIKE, AMOUNT, TEMPO, PARENT = range(7)
ESTIMATES = 7
UNPAID, PAID = 0, 1
HALF_LIVES = np.array([400.0, 60.0, 250.0, 150.0, 250.0, 30.0, 1.0])
"""Half-life of a past invoice's weight in days, by estimate; for the tempo, counted from its payment."""
STRENGTHS = np.array([1.5, 2.0, 2.0, 2.0, 2.0, 3.0, 0.0])
"""Prior weight of the parent estimate, in invoices per interval, by estimate."""
OTHER_WEEKDAY, OTHER_WEEKDAY_LIKE = 0.05, 0.3
"""Weight of an invoice due on another weekday."""
LIMIT = 12.0
"""Bound of the absolute log-odds."""
OLDEST = 4000
MOST_HAZARD = 3.0
"""Largest cumulative hazard that one invoice contributes to the tempo."""
_TINY = 1e-9


@compiled
def fading() -> Floats:
    """Return an invoice's weight by its age in days and by estimate, shape `(OLDEST, ESTIMATES)`."""
    table = np.empty((OLDEST, ESTIMATES))
    for age in range(OLDEST):
        for estimate in range(ESTIMATES):
            table[age, estimate] = 0.5 ** (age / HALF_LIVES[estimate])
    return table


@compiled
def find_open(
    begins: Ints,
    ends: Ints,
    settled: Ints,
    due: Ints,
    cents: Ints,
    disputed_from: Ints,
    disputed_to: Ints,
    document: Ints,
    day: Ints,
    asked: Ints,
    most: int,
    scanned: int,
    late: Ints,
    found_due: Ints,
    found_cents: Floats,
    found_ends: Ints,
) -> None:
    """Fill each row's invoices that are open at the end of a day, latest issued last.

    Parameters
    ----------
    begins, ends
        Range of each row's customer's invoices issued by the day, in order of issue, shape `(n,)`.
    settled, due, cents, disputed_from, disputed_to, document
        Of every invoice, in order of customer and issue.
    day, asked
        The as-of day, and the queried document, which is excluded; shape `(n,)`.
    most, scanned
        Largest number of open invoices taken, and of last issued invoices examined.
    late, found_due, found_cents
        Output: current days late, due day and amount; room for `most` per row.
    found_ends
        Output: end of each row's range, shape `(n,)`.
    """
    filled = 0
    for row in range(len(day)):
        first, taken = filled, 0
        place = ends[row] - 1
        last = max(begins[row], ends[row] - scanned)
        while place >= last and taken < most:
            if settled[place] > day[row] and document[place] != asked[row]:
                held = max(disputed_from[place], due[place])
                dispute = max(min(disputed_to[place], day[row]) - held, 0) if held < day[row] else 0
                late[filled] = day[row] - due[place] - dispute
                found_due[filled] = due[place]
                found_cents[filled] = max(cents[place], 1)
                filled += 1
                taken += 1
            place -= 1
        found_ends[row] = filled
        # Reversed so that the latest issued comes last.
        low, high = first, filled - 1
        while low < high:
            late[low], late[high] = late[high], late[low]
            found_due[low], found_due[high] = found_due[high], found_due[low]
            found_cents[low], found_cents[high] = found_cents[high], found_cents[low]
            low += 1
            high -= 1


@compiled
def _add(
    late: int, age: int, paid: int, weight: Floats, bounds: Ints, at_risk: Floats, events: Floats
) -> None:
    """Add one past invoice to each estimate: the intervals it was at risk in, and that of its payment.

    An interval counts only once its days have run out, paid or not: otherwise early payments, which are known
    sooner, would bias the estimate towards early payment.
    """
    known = np.searchsorted(bounds, age)
    last = known - 1
    if paid == PAID:
        reached = np.searchsorted(bounds, late)
        if reached < known:
            last = reached
            for estimate in range(len(weight)):
                events[estimate, reached] += weight[estimate]
    if last >= 0:
        for estimate in range(len(weight)):
            at_risk[estimate, last] += weight[estimate]


@compiled
def _past_of(
    row: int, group: int, asked_weekday: int, begins: Ints, ends: Ints, most_others: int
) -> tuple[int, int]:
    """Return the range of a row's settled invoices of a due weekday; of other weekdays, fewer count."""
    begin, end = begins[row, group], ends[row, group]
    if group != asked_weekday:
        begin = max(begin, end - most_others)
    return begin, end


@compiled
def _weigh(
    when: int, amount: float, day: int, asked_due: int, asked_cents: float, fade: Floats, weight: Floats
) -> None:
    """Fill the weight of a past invoice for a queried one, by estimate, shape `(ESTIMATES,)`."""
    old = min(max(day - when, 0), OLDEST - 1)
    both = amount + asked_cents
    alike = 4.0 * amount * asked_cents / (both * both)
    same = (when + 3) % 7 == (asked_due + 3) % 7
    bell = alike * np.sqrt(alike)
    weight[SLOW] = fade[old, SLOW]
    weight[FAST] = fade[old, FAST]
    weight[WEEKDAY] = fade[old, WEEKDAY] * bell * (1.0 if same else OTHER_WEEKDAY)
    weight[LIKE] = fade[old, LIKE] * bell * (1.0 if same else OTHER_WEEKDAY_LIKE)
    weight[AMOUNT] = fade[old, AMOUNT] * alike * alike


@compiled
def _fill_hazards(at_risk: Floats, events: Floats, parent: Floats, hazard: Floats) -> None:
    """Fill the hazards of estimates that count invoices: shrunk to the slow one, which is to the parent."""
    for estimate in range(TEMPO):
        total, strength = 0.0, STRENGTHS[estimate]
        for place in range(len(parent) - 1, -1, -1):
            total += at_risk[estimate, place]
            above = parent[place] if estimate == SLOW else hazard[SLOW, place]
            hazard[estimate, place] = (events[estimate, place] + strength * above) / (total + strength)


@compiled
def _fill_cumulated(hazard: Floats, cumulated: Floats) -> None:
    """Fill the cumulative hazard to the end of each interval."""
    running = 0.0
    for place in range(len(hazard)):
        running -= np.log(max(1.0 - hazard[place], _TINY))
        cumulated[place] = running


@compiled
def _fill_odds(hazard: Floats, reached: int, bounds: Ints, found: Floats) -> None:
    """Fill the log-odds of a payment later than each bound, for an invoice unpaid at given days late."""
    running = 0.0
    for place in range(len(bounds)):
        if bounds[place] <= reached:
            found[place] = LIMIT
            continue
        part = 1.0
        if place > 0 and bounds[place - 1] < reached:
            part = (bounds[place] - reached) / (bounds[place] - bounds[place - 1])
        running -= part * np.log(max(1.0 - hazard[place], _TINY))
        survives = np.exp(-running)
        odds = np.log(max(survives, _TINY)) - np.log(max(1.0 - survives, _TINY))
        found[place] = min(max(odds, -LIMIT), LIMIT)


@compiled
def _count_past(
    row: int, settled: Settled, opened: Opened, asked: AskedOf, bounds: Ints, most_others: int, fade: Floats,
    at_risk: Floats, events: Floats, weight: Floats,
) -> None:  # fmt: skip
    """Add a row's past invoices to the counts of each estimate."""
    begins, ends, days_late, due, cents = settled
    open_begins, open_ends, open_late, open_due, open_cents = opened
    day, asked_due, asked_cents, _ = asked
    at_risk[:] = 0.0
    events[:] = 0.0
    for group in range(7):
        begin, end = _past_of(row, group, (asked_due[row] + 3) % 7, begins, ends, most_others)
        for place in range(begin, end):
            _weigh(due[place], cents[place], day[row], asked_due[row], asked_cents[row], fade, weight)
            _add(days_late[place], day[row] - due[place], PAID, weight, bounds, at_risk, events)
    for place in range(open_begins[row], open_ends[row]):
        _weigh(open_due[place], open_cents[place], day[row], asked_due[row], asked_cents[row], fade, weight)
        _add(open_late[place], open_late[place], UNPAID, weight, bounds, at_risk, events)


@compiled
def _tempo(
    row: int, settled: Settled, opened: Opened, asked: AskedOf, bounds: Ints, most_others: int, fade: Floats,
    cumulated: Floats,
) -> float:  # fmt: skip
    """Return recent payments over those expected by the slow estimate, shrunk to 1."""
    begins, ends, days_late, due, _ = settled
    open_begins, open_ends, open_late, _, _ = opened
    day, asked_due, _, _ = asked
    seen, expected = STRENGTHS[TEMPO], STRENGTHS[TEMPO]
    for group in range(7):
        begin, end = _past_of(row, group, (asked_due[row] + 3) % 7, begins, ends, most_others)
        for place in range(begin, end):
            since = day[row] - due[place] - days_late[place]
            lately = fade[min(max(since, 0), OLDEST - 1), TEMPO]
            last = min(np.searchsorted(bounds, days_late[place]), len(bounds) - 1)
            seen += lately
            expected += lately * min(cumulated[last], MOST_HAZARD)
    for place in range(open_begins[row], open_ends[row]):
        last = np.searchsorted(bounds, open_late[place]) - 1
        if last >= 0:
            expected += min(cumulated[last], MOST_HAZARD)
    ratio: float = seen / expected
    return ratio


@compiled
def fill_curves(
    settled: Settled, opened: Opened, asked: AskedOf, parent: Floats, bounds: Ints, most_others: int,
    fade: Floats, found: Floats,
) -> None:  # fmt: skip
    """Fill `found`, shape `(n, ESTIMATES, n_bounds)`, with log-odds of a payment later than each bound.

    Parameters
    ----------
    settled
        Range of each row's settled invoices by due weekday, shape `(n, 7)`, latest last; and their days late,
        due days and cents.
    opened
        Range of each row's open invoices, shape `(n,)`; and their current days late, due days and cents.
    asked
        The as-of day, the queried invoice's due day and cents, and its current days late while unpaid,
        negative before its due date; shape `(n,)` each.
    parent
        Hazards by interval that each row's estimates are shrunk to, shape `(n, n_bounds)`.
    bounds
        Days late that end the intervals, ascending.
    most_others
        Number of invoices of each other weekday that count.
    """
    n_bounds = len(bounds)
    at_risk, events = np.empty((ESTIMATES, n_bounds)), np.empty((ESTIMATES, n_bounds))
    hazard, weight = np.empty((ESTIMATES, n_bounds)), np.zeros(ESTIMATES)
    cumulated = np.empty(n_bounds)
    for row in range(len(parent)):
        _count_past(row, settled, opened, asked, bounds, most_others, fade, at_risk, events, weight)
        _fill_hazards(at_risk, events, parent[row], hazard)
        _fill_cumulated(hazard[SLOW], cumulated)
        ratio = _tempo(row, settled, opened, asked, bounds, most_others, fade, cumulated)
        for place in range(n_bounds):
            hazard[TEMPO, place] = 1.0 - max(1.0 - hazard[SLOW, place], _TINY) ** ratio
            hazard[PARENT, place] = parent[row, place]
        for estimate in range(ESTIMATES):
            _fill_odds(hazard[estimate], asked[3][row], bounds, found[row, estimate])


@compiled
def bend(hazards: Floats, ratio: Floats, bounds: Ints, found: Floats) -> None:
    """Fill hazards, shape `(n, n_bounds)`, with late hazards slowed by `ratio`, one per row.

    Compiled, as vectorised powers may differ in the last digit by row position.
    """
    for row in range(len(ratio)):
        for place in range(len(bounds)):
            hazard = hazards[row, place]
            if bounds[place] > 0:
                hazard = 1.0 - (1.0 - hazard) ** (1.0 / ratio[row])
            found[row, place] = hazard


@compiled
def _count_customer(
    places: tuple[int, int], invoices: Invoices, day: int, bounds: Ints, fade: Floats, at_risk: Floats,
    events: Floats,
) -> float:  # fmt: skip
    """Add up one customer's invoices known by a day; return the total weight of the informative ones."""
    settled, issued, days_late, due, disputed_from, disputed_to = invoices
    whole = 0.0
    at_risk[:] = 0.0
    events[:] = 0.0
    for place in range(places[0], places[1]):
        if issued[place] > day:
            break
        age = day - due[place]
        weight = fade[min(max(age, 0), OLDEST - 1)]
        paid = settled[place] <= day
        held = max(disputed_from[place], due[place])
        if not paid and held < day:
            age -= max(min(disputed_to[place], day) - held, 0)
        last = np.searchsorted(bounds, age) - 1
        if paid:
            reached = np.searchsorted(bounds, days_late[place])
            if reached <= last:
                last = reached
                events[reached] += weight
        if last >= 0:
            at_risk[last] += weight
            whole += weight
    return whole


@compiled
def count_population(
    starts: Ints, invoices: Invoices, day: int, bounds: Ints, half_life: float, evenness: float,
    unit: float, at_risk: Ints, events: Ints,
) -> None:  # fmt: skip
    """Add up a population's invoices known by a day, with about equal weight per customer.

    Parameters
    ----------
    starts
        Start of each customer's invoices, and the end of the last one's.
    invoices
        Day settled, day issued, days late, due day and dispute of every invoice, by customer and day issued.
    half_life
        Half-life of an invoice's weight in days.
    evenness
        A customer's total weight is raised to the power `1 - evenness`.
    unit
        What an invoice of weight 1 counts as: each customer's sums are rounded, and add up exactly.
    at_risk, events
        Sums to add to, shape `(n_bounds,)`.
    """
    own_risk, own_events = np.empty(len(bounds)), np.empty(len(bounds))
    fade = np.empty(OLDEST)
    for age in range(OLDEST):
        fade[age] = 0.5 ** (age / half_life)
    for owner in range(len(starts) - 1):
        places = (starts[owner], starts[owner + 1])
        whole = _count_customer(places, invoices, day, bounds, fade, own_risk, own_events)
        if whole > 0:
            share = max(whole, 1.0) ** -evenness
            running = 0.0
            for place in range(len(bounds) - 1, -1, -1):
                running += own_risk[place]
                at_risk[place] += np.int64(np.rint(share * running * unit))
                events[place] += np.int64(np.rint(share * own_events[place] * unit))
