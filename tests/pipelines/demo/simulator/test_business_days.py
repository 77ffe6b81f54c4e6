from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipelines.demo.simulator.business_days import (
    MONTH_END,
    RUN_KINDS,
    TENTH,
    bank_holidays,
    working_calendar,
)
from pipelines.demo.simulator.timeline import dates, day_number

CALENDAR = working_calendar(day_number(dt.date(2025, 1, 1)), day_number(dt.date(2026, 12, 31)))


def on(day: dt.date) -> np.ndarray:
    return np.array([day_number(day)])


@pytest.mark.parametrize(("year", "day"), [(2024, (4, 1)), (2025, (4, 21)), (2026, (4, 6)), (2038, (4, 26))])
def test_easter_monday_is_a_holiday(year: int, day: tuple[int, int]):
    assert dt.date(year, *day) in bank_holidays([year])


def test_france_has_eleven_holidays():
    assert len(bank_holidays([2026])) == 11
    assert dt.date(2026, 5, 14) in bank_holidays([2026])


def test_a_holiday_moves_to_the_next_working_day():
    assert dates(CALENDAR.working_day(on(dt.date(2026, 5, 1))))[0].date() == dt.date(2026, 5, 4)


def test_a_run_at_month_end_comes_before_the_weekend():
    run = CALENDAR.run_from(np.array([MONTH_END]), on(dt.date(2026, 5, 12)))
    assert dates(run)[0].date() == dt.date(2026, 5, 29)


def test_a_run_on_the_tenth_waits_for_monday():
    run = CALENDAR.run_from(np.array([TENTH]), on(dt.date(2026, 5, 2)))
    assert dates(run)[0].date() == dt.date(2026, 5, 11)


def test_a_customer_closed_in_august_pays_after():
    run = CALENDAR.run_from(np.array([RUN_KINDS]), on(dt.date(2026, 8, 5)))
    assert dates(run)[0].date() == dt.date(2026, 8, 26)


def test_the_last_run_up_to_a_run_is_that_run():
    days = np.arange(day_number(dt.date(2025, 3, 1)), day_number(dt.date(2026, 9, 1)))
    for kind in range(2 * RUN_KINDS):
        kinds = np.full(len(days), kind)
        run = CALENDAR.run_from(kinds, days)
        assert (CALENDAR.run_up_to(kinds, run) == run).all()
