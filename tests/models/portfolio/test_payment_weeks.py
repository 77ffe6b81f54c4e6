"""Shares of invoices by week: what is already past, shifts, storage to the cent, and the calendar."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.curves import BOUNDS
from models.portfolio.payment_rhythm import PaymentRhythm, RhythmCounts, month_part
from models.portfolio.payment_weeks import PARTS, WEEKS, delayed, expected_cents, week_shares, whole_parts

AS_OF = int(np.datetime64("2026-06-28").astype(int))  # a Sunday
EVEN = PaymentRhythm(np.full(7, 1 / 7), np.ones(6), np.array([0.01, 0.005, 0.001]))


def certain(days_late: int) -> np.ndarray:
    """Return the curve of an invoice paid exactly so many days late."""
    return (days_late > BOUNDS).astype(float)[None]


def shares_of(chances: np.ndarray, past: float, rhythm: PaymentRhythm = EVEN, delay: int = 0) -> np.ndarray:
    return week_shares(chances, np.full(len(chances), past), AS_OF, rhythm, delay)


@st.composite
def curves(draw: st.DrawFn) -> np.ndarray:
    drawn = draw(st.lists(st.floats(0, 1), min_size=len(BOUNDS), max_size=len(BOUNDS)))
    return np.sort(np.array(drawn))[::-1][None]


def test_an_invoice_paid_on_its_due_date_falls_in_the_week_of_that_day():
    for ahead, week in ((1, 0), (7, 0), (8, 1), (91, 12)):
        shares = shares_of(certain(0), -ahead)
        assert shares[0].argmax() == week
        np.testing.assert_allclose(shares.sum(), 1.0)


def test_a_payment_beyond_thirteen_weeks_is_in_none():
    np.testing.assert_allclose(shares_of(certain(0), -92.0), 0.0, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(curves(), st.integers(-120, 500))
def test_shares_are_a_distribution_whatever_the_curve(chances, past):
    shares = shares_of(chances, float(past), PaymentRhythm.assumed())
    assert shares.shape == (1, WEEKS)
    assert (shares >= 0).all()
    assert shares.sum() <= 1 + 1e-9


@settings(max_examples=40, deadline=None)
@given(curves(), st.integers(-80, 100))
def test_what_is_left_after_a_bound_is_the_curve_given_what_has_passed(chances, past):
    levels = np.where(past >= BOUNDS, 1.0, chances[0])
    shares = shares_of(levels[None], float(past))
    for bound, level in zip(BOUNDS, levels, strict=True):
        weeks, rest = divmod(int(bound) - past, 7)
        if rest == 0 and 0 < weeks <= WEEKS:
            np.testing.assert_allclose(1 - shares[0, :weeks].sum(), level, atol=1e-9)


def test_nobody_pays_on_a_day_of_the_week_without_payments():
    sundays = PaymentRhythm(np.array([0.0] * 6 + [1.0]), np.ones(6), EVEN.tail_rates)
    chances = np.where(BOUNDS < 60, 1.0, 0.0)[None]  # paid 46 to 60 days late
    shares = week_shares(chances, np.array([45.0]), AS_OF, sundays)
    np.testing.assert_allclose(shares[0, :2], [0.5, 0.5], atol=1e-9)
    np.testing.assert_allclose(shares[0, 2:], 0.0, atol=1e-9)


def test_late_invoices_are_paid_when_the_month_ends():
    monthly = PaymentRhythm(np.full(7, 1 / 7), np.array([6.0, 0.2, 0.2, 0.2, 0.2, 0.2]), EVEN.tail_rates)
    chances = np.clip((120.0 - BOUNDS) / 100, 0, 1)[None]
    even, shares = shares_of(chances, 20.0), shares_of(chances, 20.0, monthly)
    ends_a_month = [0, 4, 8]  # weeks with 29 June, 31 July and 28 August
    assert (shares[0, [0, 4]] > 1.5 * even[0, [0, 4]]).all()
    others = [week for week in range(1, 8) if week not in ends_a_month]
    assert (shares[0, others] < even[0, others]).sum() >= len(others) - 1


def test_a_delay_shifts_the_distribution_by_whole_weeks():
    chances = np.clip((20.0 - BOUNDS) / 40, 0, 1)[None]
    plain, later = shares_of(chances, -10.0), shares_of(chances, -10.0, delay=14)
    np.testing.assert_allclose(later[0, 2:], plain[0, :-2], atol=1e-9)
    np.testing.assert_allclose(later[0, :2], 0.0, atol=1e-9)


@given(st.integers(0, 13), st.lists(st.floats(0, 1), min_size=WEEKS, max_size=WEEKS))
def test_a_delay_of_stored_shares_agrees_for_whole_weeks(weeks, drawn):
    shares = np.array(drawn)[None] / max(sum(drawn), 1.0)
    moved = delayed(shares, 7.0 * weeks)
    np.testing.assert_allclose(moved[0, weeks:], shares[0, : WEEKS - weeks], atol=1e-12)
    np.testing.assert_allclose(moved[0, :weeks], 0.0, atol=1e-12)


def test_each_invoice_may_have_its_own_delay_and_earlier_payments_stay():
    shares = np.zeros((2, WEEKS))
    shares[:, 1] = 1.0
    moved = delayed(shares, np.array([7.0, -21.0]))
    assert moved[0, 2] == 1.0
    assert moved[1, 0] == 1.0


@given(st.lists(st.floats(0, 1), min_size=WEEKS, max_size=WEEKS), st.integers(0, 10**11))
def test_stored_shares_lose_no_cent(drawn, cents):
    shares = np.array(drawn)[None] / max(sum(drawn), 1.0)
    parts = whole_parts(shares)
    assert int(parts.astype(int).sum()) <= PARTS
    np.testing.assert_allclose(parts / PARTS, shares, atol=1.1 / PARTS)
    expected = expected_cents(np.array([cents]), parts)
    assert abs(int(expected.sum()) - cents * int(parts.astype(int).sum()) / PARTS) <= 0.5
    if drawn and sum(drawn) >= 1:
        assert int(expected.sum()) == cents


def test_the_part_of_the_month_counts_from_its_end():
    days = np.array(["2026-02-28", "2026-02-24", "2026-02-01"], "datetime64[D]").astype(int)
    assert month_part(days).tolist() == [0, 1, 5]


def test_counts_of_parts_add_up_to_those_of_the_whole():
    drawn = np.random.default_rng(3)
    due = AS_OF - drawn.integers(0, 500, 200)
    settled = due + drawn.integers(-20, 400, 200)
    whole = RhythmCounts.of(due, settled, AS_OF)
    parts = RhythmCounts.of(due[:90], settled[:90], AS_OF) + RhythmCounts.of(due[90:], settled[90:], AS_OF)
    assert whole.document() == parts.document()
    assert RhythmCounts.from_document(whole.document()).document() == whole.document()


def test_counts_know_nothing_after_the_day():
    due = np.array([AS_OF - 200, AS_OF - 40, AS_OF - 40])
    open_then = RhythmCounts.of(due, np.array([AS_OF + 1, AS_OF - 5, AS_OF + 9]), AS_OF)
    open_still = RhythmCounts.of(due, np.array([10**9, AS_OF - 5, 10**9]), AS_OF)
    assert open_then.document() == open_still.document()


def test_a_rhythm_is_read_from_the_counts():
    due = np.full(400, AS_OF - 60)
    mondays = RhythmCounts.of(due, np.full(400, AS_OF - 20), AS_OF).rhythm()  # Monday 8 June
    assert mondays.weekdays[0] > 0.95
    np.testing.assert_allclose(mondays.weekdays.sum(), 1.0)
    assert PaymentRhythm.assumed().month_parts.tolist() == [1.0] * 6
