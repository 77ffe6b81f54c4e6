import datetime as dt
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.features.invoice import FEATURES, InvoiceQueries, describe
from models.features.similar_invoices import weekday
from tests.builders import a_ledger, an_invoice, days, document_at, on, state_at

EPOCH = dt.date(1970, 1, 1)


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_the_calendar_of_the_due_date_is_python_s(day: dt.date):
    number = np.array([(day - EPOCH).days])
    nothing = np.full(1, np.nan)
    found = describe(InvoiceQueries(number, number, nothing), number, nothing, {})
    next_month = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    assert found["due_weekday"][0] == day.weekday() == weekday(number)[0]
    assert found["due_day_of_month"][0] == day.day
    assert found["due_to_month_end"][0] == (next_month - day).days - 1


def test_an_invoice_is_described_by_its_amount_terms_and_age():
    ledger = a_ledger([an_invoice("F1", 0, 30, 500.0), an_invoice("F2", 10, 55, 1_500.0)])
    found = document_at(ledger, 60, "F2")
    assert (found["amount_eur"], found["amount_to_usual"]) == (1_500.0, 1.5)
    assert (found["terms_days"], found["invoice_age_days"], found["days_past_due"]) == (45.0, 50.0, 5.0)


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
