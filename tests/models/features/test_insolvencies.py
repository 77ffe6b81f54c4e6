import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.insolvencies import insolvencies
from models.features.proceedings import Proceedings, years_later
from models.ledger.ledger import as_known_on
from tests.builders import FIRST, START, a_customer, a_filing, a_ledger, on
from tests.random_ledger import LAST_DAY, draw_ledger


def date(day: int) -> dt.date:
    return dt.date.fromisoformat(str(START.astype("datetime64[D]"))) + dt.timedelta(days=day)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(60, LAST_DAY + 5_000))
def test_one_company_stands_as_the_whole_portfolio_is_reckoned(seed: int, day: int):
    ledger = draw_ledger(seed)
    known = Proceedings.of(ledger).known.open(np.arange(5), np.full(5, FIRST + day)).tolist()
    found = insolvencies(as_known_on(ledger, date(day)), date(day))
    assert [who in found and found[who].is_open for who in range(5)] == known


def test_every_number_of_a_company_stands_alike_and_farming_is_read_from_the_naf():
    ledger = a_ledger(
        customers=[a_customer("A", siren="X", naf="01.11Z"), a_customer("B", siren="X"), a_customer("C")],
        filings=[
            a_filing("safeguard_plan", -4_500, -4_490, None, siren="X"),
            a_filing("receivership", 5, 9, "C", withdrawn_on=on(20)),
        ],
    )
    found = insolvencies(as_known_on(ledger, date(30)), date(30))
    assert list(found) == [0]  # B is no farm by what is known of it: twelve years are too long
    assert found[0].has_plan


@given(st.dates(dt.date(1971, 1, 1), dt.date(2060, 1, 1)), st.integers(1, 20))
def test_years_later_is_the_same_day_of_that_year(day: dt.date, years: int):
    number = (day - dt.date(1970, 1, 1)).days
    later = dt.date(1970, 1, 1) + dt.timedelta(days=int(years_later(np.array([number]), years)[0]))
    last = (day.month, day.day) == (2, 29) and later.day == 28
    assert (later.year, later.month) == (day.year + years, day.month)
    assert later.day == day.day or last
