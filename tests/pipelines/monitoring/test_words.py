"""Figures are written as people read them in either language."""

import datetime as dt

from models.wording.formats import day
from pipelines.monitoring.words import figure, month


def test_a_figure_has_the_decimals_of_its_unit():
    assert figure(0.12345, "index", "en") == "0.123"
    assert figure(0.12345, "share", "en") == "12.3%"
    assert figure(0.00123, "points", "en") == "0.12%"
    assert figure(1234.0, "days", "en") == "1,234"
    assert figure(2, "months", "en") == "2"


def test_french_has_a_comma_and_narrow_spaces():
    assert figure(0.12345, "share", "fr") == "12,3\N{NARROW NO-BREAK SPACE}%"
    assert figure(1234.0, "days", "fr") == "1\N{NARROW NO-BREAK SPACE}234"


def test_what_is_not_known_is_said():
    assert (figure(None, "auc", "fr"), figure(None, "auc", "en")) == ("pas encore", "not yet")


def test_days_and_months_follow_the_language():
    one = dt.date(2026, 3, 1)
    assert (day(one, "fr"), day(one, "en")) == ("01/03/2026", "1\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2026")
    assert (month(one, "fr"), month(one, "en")) == ("03/2026", "Mar\N{NO-BREAK SPACE}2026")
    assert (month(None, "fr"), month(None, "en")) == ("tous", "all")
