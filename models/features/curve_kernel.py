"""The compiled inner loops of `models.features.curves`: when a customer pays, by discrete hazards.

Only sums, products and powers in a fixed order: the same past gives the same figures wherever it comes from.
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
"""Days after which a past invoice counts half, by estimate; for the tempo, days since what it tells of."""
STRENGTHS = np.array([1.5, 2.0, 2.0, 2.0, 2.0, 3.0, 0.0])
"""How many invoices the estimate that one is drawn to is worth in each interval."""
OTHER_WEEKDAY, OTHER_WEEKDAY_LIKE = 0.05, 0.3
"""What an invoice due on another weekday counts."""
LIMIT = 12.0
"""Log-odds are kept within this."""
OLDEST = 4000
MOST_HAZARD = 3.0
"""The most cumulative hazard that one invoice counts for in the tempo."""
_TINY = 1e-9


@compiled
def fading() -> Floats:
    """Return what an invoice counts by its age in days and by estimate, shape `(OLDEST, ESTIMATES)`."""
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
    """Fill each row's invoices that are open at the end of a day, the latest issued last.

    Parameters
    ----------
    begins, ends
        Where each row's customer has its invoices issued by the day, in order of issue, shape `(n,)`.
    settled, due, cents, disputed_from, disputed_to, document
        Of every invoice, in order of customer and issue.
    day, asked
        As of which day, and the document asked about, which is left out; shape `(n,)`.
    most, scanned
        How many are taken at most, of how many issued last.
    late, found_due, found_cents
        Days late so far, due day and amount, to fill; room for `most` a row.
    found_ends
        Where each row's end, to fill, shape `(n,)`.
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
        # The latest issued last, as they are kept.
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
    """Add one past invoice to each estimate: up to where it was at risk, and where it was paid.

    An interval counts only once its days have run out, paid or not: payments known early would otherwise
    make everybody look early.
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
    """Return where a row's settled invoices of a due weekday begin and end; of another, fewer count."""
    begin, end = begins[row, group], ends[row, group]
    if group != asked_weekday:
        begin = max(begin, end - most_others)
    return begin, end


@compiled
def _weigh(
    when: int, amount: float, day: int, asked_due: int, asked_cents: float, fade: Floats, weight: Floats
) -> None:
    """Fill what a past invoice counts for one asked about, by estimate, shape `(ESTIMATES,)`."""
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
    """Fill the hazards of estimates that count invoices, each drawn to the slow one, that to the parent."""
    for estimate in range(TEMPO):
        total, strength = 0.0, STRENGTHS[estimate]
        for place in range(len(parent) - 1, -1, -1):
            total += at_risk[estimate, place]
            above = parent[place] if estimate == SLOW else hazard[SLOW, place]
            hazard[estimate, place] = (events[estimate, place] + strength * above) / (total + strength)


@compiled
def _fill_cumulated(hazard: Floats, cumulated: Floats) -> None:
    """Fill the cumulative hazard up to the end of each interval."""
    running = 0.0
    for place in range(len(hazard)):
        running -= np.log(max(1.0 - hazard[place], _TINY))
        cumulated[place] = running


@compiled
def _fill_odds(hazard: Floats, reached: int, bounds: Ints, found: Floats) -> None:
    """Fill the log-odds of being paid later than each bound, of an invoice unpaid for so many days late."""
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
    """Add a row's past invoices to what each estimate counts."""
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
    """Return payments seen lately over those that the slow estimate expected, drawn to 1."""
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
    """Fill `found`, shape `(n, ESTIMATES, n_bounds)`, with log-odds of being paid later than each bound.

    Parameters
    ----------
    settled
        Where each row's settled invoices of each due weekday begin and end, shape `(n, 7)`, the latest last;
        and their days late, due days and cents.
    opened
        Where each row's open invoices begin and end, shape `(n,)`; and their days late so far, due days and
        cents.
    asked
        As of which day, the invoice's due day and cents, and the days late that it has reached unpaid,
        negative before its due date; shape `(n,)` each.
    parent
        Hazards by interval that each row's customer is drawn to, shape `(n, n_bounds)`.
    bounds
        Days late that end the intervals, ascending.
    most_others
        How many invoices of each other weekday count.
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
    """Fill hazards, shape `(n, n_bounds)`, of who pays late invoices `ratio` times as slowly, one a row.

    Compiled, for vectorised powers differ in the last digit by a row's place.
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
    """Add up what one customer's invoices tell by a day; return what those that tell anything count."""
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
    at_risk: Floats, events: Floats,
) -> None:  # fmt: skip
    """Add up what a population's invoices tell by a day, customers counting about equally.

    Parameters
    ----------
    starts
        Where each customer's invoices begin, and where the last one's end.
    invoices
        Day settled, day issued, days late, due day and dispute of every invoice, by customer and day issued.
    half_life
        Days after which an invoice counts half.
    evenness
        A customer's invoices count together their weight to the power `1 - evenness`.
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
                at_risk[place] += share * running
                events[place] += share * own_events[place]
