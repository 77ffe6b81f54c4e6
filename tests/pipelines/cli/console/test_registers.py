"""A refresh says how far it is and until about when, in both languages, and by lines without a terminal."""

import datetime as dt

import pytest

from models.wording.numerals import SPACE
from pipelines.cli.console.registers import progress_words, refresh_progress
from pipelines.sources.registers.forecast import TaskProgress

NOW = dt.datetime(2026, 12, 1, 8).astimezone()
HOUR = dt.timedelta(hours=1)


def words(lang: str, ends_at: dt.datetime | None) -> str:
    return progress_words(TaskProgress(1_500, 100_000, NOW, ends_at), lang).replace(SPACE, " ")


def test_the_end_is_a_time_of_today_or_names_its_day():
    assert words("en", NOW + 6.5 * HOUR) == "registers: 1,500 of 100,000, about until 14:30"
    assert words("fr", NOW + 6.5 * HOUR) == "registres : 1 500 sur 100 000, jusque vers 14:30"
    assert words("en", None) == "registers: 1,500 of 100,000"
    assert "14:30" in words("fr", NOW + 30.5 * HOUR)
    assert "2026" in words("fr", NOW + 30.5 * HOUR)


def test_without_a_terminal_a_line_comes_from_time_to_time(capsys: pytest.CaptureFixture[str]):
    with refresh_progress("fr") as show:
        for minute in range(61):
            now = NOW + dt.timedelta(minutes=minute)
            show(TaskProgress(minute, 61, now, NOW + HOUR))
    assert len(capsys.readouterr().out.splitlines()) == 6
