import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.proceedings import Proceedings
from models.features.running import NEVER
from models.ledger.ledger import Ledger, as_known_on
from models.ledger.tables import PLANS, PROCEEDINGS, TABLES
from tests.builders import FIRST, START, Row, a_customer, a_filing, a_ledger, days, on
from tests.random_ledger import LAST_DAY, draw_ledger


def opened(*filings: Row) -> Proceedings:
    return Proceedings.of(a_ledger(filings=filings))


def known(found: Proceedings, *when: int) -> list[bool]:
    return found.known.open(np.zeros(len(when), dtype=np.int64), days(*when)).tolist()


def test_a_proceeding_is_open_from_its_publication_to_that_of_its_end():
    found = opened(a_filing("receivership", 10, 20), a_filing("proceeding_ended", 100, 130))
    assert known(found, 19, 20, 129, 130) == [False, True, True, False]
    judged = found.judged.open(np.zeros(4, int), days(9, 10, 99, 100))
    assert judged.tolist() == [False, True, True, False]


@pytest.mark.parametrize("kind", ["receivership", "liquidation"])
def test_what_is_judged_after_an_end_or_on_its_day_is_open(kind: str):
    for judged in (100, 150):
        found = opened(
            a_filing("safeguard", 10, 20),
            a_filing("proceeding_ended", 100, 110),
            a_filing(kind, judged, 160),
        )
        assert known(found, 109, 110, 159, 160) == [True, False, False, True]


def test_an_opening_published_after_the_end_of_it_opens_nothing():
    found = opened(a_filing("receivership", 10, 140), a_filing("proceeding_ended", 100, 130))
    assert known(found, 130, 140, 500) == [False, False, False]


def test_an_end_of_nothing_is_nothing():
    found = opened(a_filing("proceeding_ended", 100, 130))
    assert known(found, 50, 500) == [False, False]
    assert found.next(np.zeros(1, int), days(0)).tolist() == [NEVER]


def test_what_was_withdrawn_counts_in_between_and_was_never_judged():
    found = opened(a_filing("receivership", 10, 20, withdrawn_on=on(50)))
    assert known(found, 19, 20, 49, 50, 500) == [False, True, True, False, False]
    assert not found.judged.open(np.zeros(2, int), days(30, 60)).any()
    assert found.next(np.zeros(1, int), days(0)).tolist() == [NEVER]
    assert found.known.opened(np.zeros(3, int), days(19, 49, 50)).tolist() == [False, True, False]


def test_a_proceeding_told_anew_after_its_withdrawal_is_open_again():
    found = opened(a_filing("receivership", 10, 20, withdrawn_on=on(50)), a_filing("receivership", 10, 80))
    assert known(found, 49, 50, 79, 80) == [True, False, False, True]


def test_an_end_that_was_withdrawn_leaves_the_proceeding_open_again():
    found = opened(a_filing("safeguard", 10, 20), a_filing("proceeding_ended", 40, 45, withdrawn_on=on(60)))
    assert known(found, 44, 45, 59, 60) == [True, False, False, True]


def test_a_conversion_begins_nothing_anew():
    found = opened(
        a_filing("safeguard", 10, 20),
        a_filing("proceeding_ended", 50, 60),
        a_filing("receivership", 50, 60),
        a_filing("liquidation", 90, 95),
    )
    assert found.begins.days().tolist() == [FIRST + 10]


def test_each_customer_number_of_a_company_is_in_its_proceeding():
    ledger = a_ledger(
        customers=[a_customer("A", siren="X"), a_customer("B", siren="X"), a_customer("C", siren="Y")],
        filings=[
            a_filing("receivership", 10, 20, None, siren="X"),
            a_filing("proceeding_ended", 100, 130, None, siren="X"),
        ],
    )
    found = Proceedings.of(ledger)
    assert found.known.open(np.arange(3), days(50, 50, 50)).tolist() == [True, True, False]
    assert found.known.open(np.arange(3), days(130, 130, 130)).tolist() == [False] * 3
    assert found.first_known(3).tolist() == [FIRST + 20, FIRST + 20, NEVER]


def cut(ledger: Ledger, day: int) -> Ledger:
    return as_known_on(ledger, START + dt.timedelta(days=day))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(60, LAST_DAY + 100))
def test_nothing_published_after_a_day_tells_whether_a_proceeding_is_open_on_it(seed: int, day: int):
    ledger = draw_ledger(seed)
    owner, when = np.arange(5), np.full(5, FIRST + day)
    whole, then = Proceedings.of(ledger), Proceedings.of(cut(ledger, day))
    assert np.array_equal(whole.known.open(owner, when), then.known.open(owner, when))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(60, LAST_DAY + 100))
def test_without_ends_a_proceeding_goes_on_for_ever(seed: int, day: int):
    ledger = draw_ledger(seed)
    lasting = (
        ~ledger.filings["kind"].isin((*PLANS, "proceeding_ended")) & ledger.filings["withdrawn_on"].isna()
    )
    filings = ledger.filings[lasting].reset_index(drop=True)
    ledger = Ledger(**{**{name: ledger.table(name) for name in TABLES}, "filings": filings})
    openings = filings[filings["kind"].isin(PROCEEDINGS)]
    published = openings.groupby("customer_id")["published_on"].min()
    moment = pd.Timestamp(START) + pd.Timedelta(days=day)
    expected = [f"C{who}" in published.index and published[f"C{who}"] <= moment for who in range(5)]
    assert Proceedings.of(ledger).known.open(np.arange(5), np.full(5, FIRST + day)).tolist() == expected
