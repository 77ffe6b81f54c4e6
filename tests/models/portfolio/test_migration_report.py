import datetime as dt
from dataclasses import replace

import pytest

from models.errors import MigrationPeriodError
from models.portfolio.default_rates import GradeLevel, GradeNight
from models.portfolio.grade_paths import GradeChange, StillCustomers
from models.portfolio.migration_report import MigrationReport, cohort_periods, migration_report, months_after

FIRST = dt.date(2025, 9, 30)


def night(day: dt.date, pd_12m: float = 0.02, policy_hash: str = "p") -> GradeNight:
    return GradeNight(day, "m", policy_hash, {"B": GradeLevel(90, pd_12m), "C": GradeLevel(10, 0.05)})


def months(count: int) -> list[GradeNight]:
    """Return nights at the ends of some months."""
    return [night(months_after(FIRST, place)) for place in range(count)]


def report(nights: list[GradeNight], **asked: object) -> MigrationReport:
    moves = [
        GradeChange(f"C{n}", day, state)
        for n in range(10)
        for day, state in ((FIRST, "B"), (dt.date(2025, 11, 30), "C" if n < 9 else "default"))
    ]
    states = ([StillCustomers(FIRST, "B", 90)], moves)
    return migration_report(nights, states, **asked)  # type: ignore[arg-type]  # by name


def test_one_night_says_from_when_a_matrix_is_known():
    found = report(months(1))
    assert (found.cohort, found.duration, found.known_from) == (None, None, dt.date(2025, 10, 30))
    assert found.rates[1].pd_12m == found.rates[1].long_run_pd_12m == 0.02
    assert (found.rates[1].observed_share, found.rates[1].low) == (None, None)


def test_a_year_of_nights_has_a_cohort_of_a_year():
    found = report(months(13))
    assert found.cohort is not None
    assert (found.cohort.months, len(found.cohort.periods)) == (12, 1)
    assert found.cohort.matrix.shares[1].tolist() == [0, 0.9, 0.09, 0, 0, 0.01]


def test_fewer_nights_have_shorter_cohorts_that_are_raised_to_the_horizon():
    found = report(months(8))
    assert found.cohort is not None
    assert (found.cohort.months, len(found.cohort.periods)) == (6, 1)
    assert found.cohort.matrix.shares[1, 5] > 0.01
    assert report(months(8), horizon_months=1).cohort.matrix.observed[1] == pytest.approx(100 * 2 + 90 * 5)  # type: ignore[union-attr]


def test_observed_defaults_stand_next_to_the_probabilities():
    nights = [*months(12), night(months_after(FIRST, 12), 0.04)]
    rate = report(nights).rates[1]
    assert (rate.customers, rate.pd_12m, rate.defaults) == (90, 0.04, 1)
    assert rate.long_run_pd_12m == pytest.approx((12 * 0.02 + 0.04) / 13)
    assert rate.observed_share is not None
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < rate.observed_share < 0.02 < rate.high


def test_moves_on_a_night_with_another_policy_are_counted_apart():
    nights = months(13)
    changed = [replace(one, policy_hash="q") if place > 1 else one for place, one in enumerate(nights)]
    assert (report(nights).moves, report(nights).moves_by_change) == (10, 0)
    assert (report(changed).moves, report(changed).moves_by_change) == (10, 10)


def test_a_later_beginning_leaves_out_what_was_before():
    found = report(months(13), since=dt.date(2025, 12, 1))
    assert (found.since, found.first_night, found.moves) == (dt.date(2025, 12, 30), FIRST, 0)


def test_a_missing_night_leaves_out_its_periods_only():
    days = [one.as_of for one in months(6)]
    assert len(cohort_periods(days, 1)) == 5
    assert len(cohort_periods([*days[:2], *days[3:]], 1)) == 3
    assert cohort_periods(days, 12) == []


def test_daily_nights_have_periods_that_end_today():
    days = [FIRST + dt.timedelta(days=n) for n in range(200)]
    periods = cohort_periods(days, 3)
    assert [last for _, last in periods] == [days[-1], months_after(days[-1], -3)]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"since": dt.date(2027, 1, 1)}, "2027-01-01 is after the last night, 2026-09-30"),
        ({"horizon_months": 0}, "the horizon is 0 months; give 1 to 60"),
        ({"horizon_months": 61}, "the horizon is 61 months"),
    ],
)
def test_what_no_night_can_tell_is_refused(asked: dict[str, object], fault: str):
    with pytest.raises(MigrationPeriodError, match=fault):
        report(months(13), **asked)
