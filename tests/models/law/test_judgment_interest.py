import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.judgment_interest import increased_from, judgment_interest
from models.law.legal_rates import load_rates

RATES = load_rates()
DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2025, 6, 30))


def test_five_points_are_added_once_two_months_have_run_out():
    found = judgment_interest(10_000, dt.date(2025, 1, 15), dt.date(2025, 4, 15), RATES)
    assert [(line.first, line.last, line.rate, line.increased) for line in found.lines] == [
        (dt.date(2025, 1, 16), dt.date(2025, 3, 15), Decimal("0.0371"), False),
        (dt.date(2025, 3, 16), dt.date(2025, 4, 15), Decimal("0.0871"), True),
    ]
    assert found.interest_eur == Decimal("59.97") + Decimal("73.98")


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (dt.date(2025, 12, 31), dt.date(2026, 3, 1)),
        (dt.date(2027, 12, 30), dt.date(2028, 3, 1)),
        (dt.date(2025, 11, 12), dt.date(2026, 1, 13)),
    ],
)
def test_a_delay_in_months_ends_with_a_shorter_month(day: dt.date, begins: dt.date):
    assert increased_from(day) == begins


@given(DAYS, st.integers(0, 400))
def test_every_day_after_the_decision_counts_once_and_the_increase_never_comes_early(
    day: dt.date, length: int
):
    paid = min(day + dt.timedelta(days=length), dt.date(2026, 6, 30))
    found = judgment_interest(1_000, day, paid, RATES)
    assert sum(line.days for line in found.lines) == (paid - day).days
    for line in found.lines:
        legal = RATES.of(line.semester).legal_professional
        assert line.rate == legal + (Decimal("0.05") if line.increased else 0)
        assert line.increased == (line.first >= found.increased_from)


def test_a_payment_before_the_decision_is_refused():
    with pytest.raises(CreditError, match="before the decision"):
        judgment_interest(1_000, dt.date(2025, 1, 15), dt.date(2025, 1, 14), RATES)


def test_the_document_tells_increased_days_apart():
    told = judgment_interest(1_000, dt.date(2025, 1, 15), dt.date(2025, 4, 15), RATES).document()
    assert [line["increased"] for line in told["lines"]] == [False, True]
    assert told["increased_from"] == "2025-03-16"
