import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError, PolicyError
from models.law.legal_rates import load_rates
from models.law.penalties import BASES, INDEMNITY_EUR, penalty
from tests.typography import faults

RATES = load_rates()
AMOUNTS = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2025, 12, 31))
LATE = st.integers(0, 180)


def test_15_000_euros_30_days_late_at_15_percent():
    """agenceipro.com, "Zoom sur les pénalités de retard": 184.93 EUR."""
    found = penalty(15_000, dt.date(2025, 1, 31), dt.date(2025, 3, 2), RATES, contract_rate=0.15)
    assert found.days_late == 30
    assert found.interest_eur == Decimal("184.93")
    assert found.total_eur == Decimal("224.93")


def test_1_000_euros_30_days_late_at_the_rate_of_the_first_half_of_2024():
    """heropay.eu, "Comment facturer des pénalités sans erreur ?": 14.5 % give 11.92 EUR."""
    found = penalty(1_000, dt.date(2024, 3, 1), dt.date(2024, 3, 31), RATES)
    assert found.lines[0].rate == Decimal("0.145")
    assert found.interest_eur == Decimal("11.92")


@pytest.mark.parametrize(
    ("semester", "day", "floor"),
    [
        ("2023-S2", dt.date(2023, 8, 1), "0.1266"),
        ("2024-S2", dt.date(2024, 8, 1), "0.1476"),
        ("2025-S2", dt.date(2025, 8, 1), "0.0828"),
        ("2026-S1", dt.date(2026, 2, 1), "0.0786"),
    ],
)
def test_the_floor_is_as_published(semester: str, day: dt.date, floor: str):
    """capeb09.fr (2023), bpifrance-creation.fr (2024), legifiscal.fr (2025 and 2026)."""
    found = penalty(1_000, day, day + dt.timedelta(days=10), RATES, contract_rate=0.01)
    assert found.floor_applied
    assert [(line.semester, line.rate, line.basis) for line in found.lines] == [
        (semester, Decimal(floor), "floor")
    ]


def test_interest_is_cut_at_the_border_of_half_years_each_at_its_own_rate():
    found = penalty(10_000, dt.date(2024, 12, 21), dt.date(2025, 1, 20), RATES)
    told = [(line.semester, line.days, line.rate, line.interest_eur) for line in found.lines]
    assert told == [
        ("2024-S2", 10, Decimal("0.1425"), Decimal("39.04")),
        ("2025-S1", 20, Decimal("0.1315"), Decimal("72.05")),
    ]
    assert found.total_eur == Decimal("151.09")


def test_a_payment_on_the_way_bears_interest_on_its_day_and_lowers_what_follows():
    paid = [(dt.date(2025, 2, 10), 400), (dt.date(2025, 1, 20), Decimal("100.00"))]
    found = penalty(1_000, dt.date(2025, 1, 31), dt.date(2025, 2, 28), RATES, payments=paid)
    assert [(line.balance_eur, line.first.day, line.last.day) for line in found.lines] == [
        (Decimal(900), 1, 10),
        (Decimal(500), 11, 28),
    ]


def test_an_invoice_paid_in_time_owes_nothing():
    due = dt.date(2025, 1, 31)
    for found in (
        penalty(1_000, due, due, RATES),
        penalty(1_000, due, dt.date(2025, 3, 1), RATES, payments=[(due, 1_000)]),
    ):
        assert (found.total_eur, found.days_late, found.lines) == (0, 0, ())


def test_a_half_year_that_is_missing_is_an_error_and_no_guess():
    with pytest.raises(PolicyError, match="2015-S2"):
        penalty(1_000, dt.date(2015, 12, 1), dt.date(2016, 2, 1), RATES)


@given(AMOUNTS, DAYS, LATE)
def test_lines_add_up_and_count_every_day_after_the_due_date_once(amount: Decimal, due: dt.date, late: int):
    found = penalty(amount, due, due + dt.timedelta(days=late), RATES)
    assert sum(line.days for line in found.lines) == late == found.days_late
    assert sum((line.interest_eur for line in found.lines), Decimal(0)) == found.interest_eur
    assert found.indemnity_eur == (INDEMNITY_EUR if late else 0)
    assert found.total_eur == found.interest_eur + found.indemnity_eur


@given(AMOUNTS, DAYS, LATE, st.integers(0, 10_000))
def test_no_contract_gets_under_three_times_the_legal_rate_and_a_higher_rate_never_costs_less(
    amount: Decimal, due: dt.date, late: int, points: int
):
    paid = due + dt.timedelta(days=late)
    rate = Decimal(points) / 10_000
    found = penalty(amount, due, paid, RATES, contract_rate=rate)
    for line in found.lines:
        assert line.rate >= 3 * RATES.of(line.semester).legal_professional
        assert line.basis == ("contract" if line.rate == rate else "floor")
    higher = penalty(amount, due, paid, RATES, contract_rate=min(rate + Decimal("0.01"), Decimal(1)))
    assert higher.interest_eur >= found.interest_eur


@given(AMOUNTS, DAYS, st.integers(1, 180), st.integers(1, 180), st.integers(1, 99))
def test_paying_a_part_sooner_never_costs_more_but_for_a_cent_of_rounding_a_line(
    amount: Decimal, due: dt.date, late: int, sooner: int, percent: int
):
    paid = due + dt.timedelta(days=late)
    part = (amount * percent / 100).quantize(Decimal("0.01"))
    payments = [(paid - dt.timedelta(days=min(sooner, late)), part)] if part else []
    found = penalty(amount, due, paid, RATES, payments=payments)
    whole = penalty(amount, due, paid, RATES)
    assert found.interest_eur <= whole.interest_eur + Decimal("0.01") * len(found.lines)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount_eur": 0}, "the amount"),
        ({"amount_eur": float("nan")}, "the amount"),
        ({"amount_eur": 10.005}, "whole cents"),
        ({"contract_rate": 12.0}, "rate"),
        ({"payments": [(dt.date(2025, 2, 1), 2_000)]}, "exceed"),
        ({"payments": [(dt.date(2025, 4, 1), 10)]}, "ends on 2025-03-01"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], says: str):
    asked: dict[str, object] = {
        "amount_eur": 1_000,
        "due_on": dt.date(2025, 1, 31),
        "paid_on": dt.date(2025, 3, 1),
    }
    with pytest.raises(CreditError, match=says):
        penalty(**{**asked, **change}, rates=RATES)  # type: ignore[arg-type]  # arguments by name


def test_the_document_names_where_every_rate_comes_from_in_both_languages():
    told = penalty(1_000, dt.date(2025, 1, 31), dt.date(2025, 3, 1), RATES, contract_rate=0.01).document()
    assert told["floor_applied"] is True
    assert told["lines"][0]["rate"] == "0.1113"
    assert "trois fois" in told["lines"][0]["basis_fr"]
    assert "three times" in told["lines"][0]["basis_en"]


def test_every_basis_is_set_as_its_language_sets_it():
    for fr, en in BASES.values():
        assert faults(fr, "fr") == []
        assert faults(en, "en") == []
