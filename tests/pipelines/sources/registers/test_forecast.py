"""The end is expected from the pace of late: what came at once from the cache does not mislead for long."""

import datetime as dt

from pipelines.sources.registers.forecast import WINDOW, Forecast

BEGAN = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)


def test_an_even_pace_gives_the_end_from_the_first_company():
    now = [BEGAN]
    forecast = Forecast(10, 100, lambda: now[0])
    for done in range(11, 101):
        now[0] += dt.timedelta(seconds=2)
        progress = forecast.after(done)
        assert progress.ends_at == BEGAN + dt.timedelta(seconds=180)
    assert (progress.done, progress.total, progress.now) == (100, 100, progress.ends_at)


def test_cached_answers_are_forgotten_after_a_window():
    now = [BEGAN]
    forecast = Forecast(0, 10_000, lambda: now[0])
    for done in range(1, 5_001):
        forecast.after(done)
    for done in range(5_001, 5_001 + WINDOW):
        now[0] += dt.timedelta(seconds=1)
        progress = forecast.after(done)
    assert progress.ends_at is not None
    assert progress.ends_at - now[0] == dt.timedelta(seconds=10_000 - progress.done)
