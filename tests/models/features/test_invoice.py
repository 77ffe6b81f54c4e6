import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.features.build import FeatureBuilder
from models.features.invoice import FEATURES, HABIT, Asked, describe, weekday
from models.features.running import NEVER
from tests.builders import FIRST, a_ledger, a_payment, an_invoice, days, document_at, on, state_at
from tests.random_ledger import draw_ledger

EPOCH = dt.date(1970, 1, 1)


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_the_calendar_of_the_due_date_is_python_s(day: dt.date):
    number = np.array([(day - EPOCH).days])
    nothing = np.full(1, np.nan)
    found = describe(Asked(number, number, nothing), number, nothing, nothing, nothing)
    next_month = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    assert found["due_weekday"][0] == day.weekday() == weekday(number)[0]
    assert found["due_day_of_month"][0] == day.day
    assert found["due_to_month_end"][0] == (next_month - day).days - 1


def test_an_invoice_is_described_by_its_amount_terms_and_age():
    ledger = a_ledger([an_invoice("F1", 0, 30, 500.0), an_invoice("F2", 10, 55, 1_500.0)])
    found = document_at(ledger, 60, "F2")
    assert (found["amount_eur"], found["amount_to_usual"]) == (1_500.0, 1.5)
    assert (found["terms_days"], found["invoice_age_days"], found["days_past_due"]) == (45.0, 50.0, 5.0)


def test_the_habit_of_a_weekday_looks_at_invoices_due_on_it_alone():
    monday, tuesday = 28, 29  # START is a Monday
    ledger = a_ledger(
        [an_invoice("F1", 0, monday), an_invoice("F2", 0, tuesday), an_invoice("F3", 50, 70)],
        [a_payment("F1", monday + 3), a_payment("F2", tuesday + 40)],
    )
    found = document_at(ledger, 90, "F3")
    assert (found["due_weekday"], found["weekday_median"], found["weekday_p90"]) == (0.0, 3.0, 3.0)


def test_the_habit_of_a_weekday_keeps_the_last_fifty():
    invoices = [an_invoice(f"F{place:02d}", 7 * place, 7 * place) for place in range(52)]
    payments = [a_payment(f"F{place:02d}", 7 * place + (60 if place < 8 else 1)) for place in range(52)]
    found = state_at(a_ledger(invoices, payments), 400)
    assert found["weekday0_median"] == 1.0
    assert math.isnan(found["weekday1_median"])
    assert found["weekday0_p90"] == pytest.approx(np.quantile([60] * 6 + [1] * 44, 0.9))


def test_a_kept_habit_describes_an_invoice_as_the_ledger_does():
    builder = FeatureBuilder.of(draw_ledger(13))
    mine = np.flatnonzero(builder.book.is_invoice & (builder.book.issued < NEVER))
    day = np.full(len(mine), FIRST + 450)
    frame = builder.documents(mine, day)
    kept = builder.habit.kept(builder.book.owner[mine], day)
    assert list(kept) == list(HABIT)
    of_week = weekday(builder.book.due[mine])
    for name in ("median", "p90"):
        table = np.stack([kept[f"weekday{one}_{name}"] for one in range(7)], axis=1)
        picked = table[np.arange(len(mine)), of_week]
        assert np.array_equal(picked, frame[f"weekday_{name}"].to_numpy(), equal_nan=True)


def test_the_usual_invoice_is_unknown_before_the_first():
    ledger = a_ledger([an_invoice("F1", 20, 50, 800.0)])
    assert math.isnan(state_at(ledger, 19)["usual_eur"])
    assert state_at(ledger, 20)["usual_eur"] == 800.0


def test_no_feature_reads_the_calendar_month():
    assert not [f.name for f in FEATURES if f.name in ("due_month", "issue_month", "quarter", "month")]
    one, other = (int(on(day).astype("datetime64[D]").astype(int)) for day in (0, 364))
    for feature in ("due_weekday",):
        assert weekday(np.array([one]))[0] == weekday(np.array([other]))[0], feature
    assert days(0)[0] == one
