import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.book import open_book
from models.features.default_events import DefaultEvents
from models.features.running import NEVER
from models.ledger.ledger import Ledger
from models.ledger.tables import PLANS, PROCEEDING_ENDED, PROCEEDINGS
from tests.builders import FIRST, START, a_customer, a_filing, a_ledger, a_payment, a_signal, an_invoice, days
from tests.models.features.by_hand import Shelf, shelve
from tests.random_ledger import LAST_DAY, draw_ledger


def events_of(ledger: Ledger) -> DefaultEvents:
    return DefaultEvents.of(ledger, open_book(ledger))


def in_default(ledger: Ledger, *when: int) -> list[bool]:
    asked = days(*when)
    return events_of(ledger).in_default(np.zeros(len(when), dtype=np.int64), asked).tolist()


def past_due(shelf: Shelf, who: str, day: int) -> bool:
    """Tell whether more than 500 EUR and 1 % of the exposure is more than 90 days past due, by hand."""
    late = sum(bill.standing(day)[0] for bill in shelf.mine(who, day) if bill.passes(90) <= day)
    return late > 50_000 and late > 0.01 * max(shelf.owed(who, day), 0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(60, LAST_DAY + 100))
def test_default_is_what_reading_the_ledger_by_hand_says(seed: int, day: int):
    ledger = draw_ledger(seed)
    shelf = shelve(ledger)
    moment = pd.Timestamp(START) + pd.Timedelta(days=day)
    told = ledger.filings[ledger.filings["published_on"] <= moment]
    told = told[~(told["withdrawn_on"] <= moment)]
    opened = told[told["kind"].isin(PROCEEDINGS)].groupby("customer_id")["judged_on"].max()
    ended = told[told["kind"].isin((*PLANS, PROCEEDING_ENDED))].groupby("customer_id")["judged_on"].max()
    proceeding = {who for who, day in opened.items() if not (who in ended.index and ended[who] > day)}
    lost = ledger.signals[(ledger.signals["kind"] == "write_off") & (ledger.signals["seen_on"] <= moment)]
    final = proceeding | set(lost["customer_id"])
    found = events_of(ledger).in_default(np.arange(5), np.full(5, FIRST + day))
    expected = [f"C{who}" in final or past_due(shelf, f"C{who}", day) for who in range(5)]
    assert found.tolist() == expected


def test_91_days_past_due_are_a_default_and_paying_ends_it():
    ledger = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 200)])
    assert in_default(ledger, 120, 121, 199, 200) == [False, True, True, False]


@pytest.mark.parametrize(("eur", "default"), [(500.0, False), (500.01, True)])
def test_500_euros_are_not_enough(eur: float, default: bool):
    assert in_default(a_ledger([an_invoice("F1", 0, 30, eur)]), 200) == [default]


@pytest.mark.parametrize(("other_eur", "default"), [(58_000.0, True), (59_400.0, False)])
def test_one_percent_of_the_exposure_is_not_enough(other_eur: float, default: bool):
    ledger = a_ledger([an_invoice("F1", 0, 30, 600.0), an_invoice("F2", 150, 500, other_eur)])
    assert in_default(ledger, 200) == [default]


def test_small_invoices_add_up():
    ledger = a_ledger([an_invoice("F1", 0, 30, 300.0), an_invoice("F2", 0, 30, 300.0)])
    assert in_default(ledger, 121) == [True]


def test_a_part_payment_under_the_threshold_ends_the_default():
    ledger = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 150, 600.0)])
    assert in_default(ledger, 149, 150) == [True, False]


def test_days_in_dispute_put_the_default_off():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(100, 150))])
    assert in_default(ledger, 121, 170, 171) == [False, False, True]


def test_a_proceeding_that_nothing_ended_goes_on_and_is_known_from_its_publication():
    ledger = a_ledger(filings=[a_filing("safeguard", 50, 80)])
    assert in_default(ledger, 49, 50, 79, 80, 3_000) == [False, False, False, True, True]
    events = events_of(ledger)
    assert events.decided(np.zeros(3, int), days(49, 50, 79)).tolist() == [False, True, True]
    assert (events.final.tolist(), events.first_known.tolist()) == ([NEVER], [FIRST + 80])


def test_a_proceeding_that_was_ended_is_a_default_until_its_end_is_published():
    ledger = a_ledger(filings=[a_filing("safeguard", 50, 80), a_filing("proceeding_ended", 200, 230)])
    assert in_default(ledger, 79, 80, 200, 229, 230, 5_000) == [False, True, True, True, False, False]
    decided = events_of(ledger).decided(np.zeros(4, int), days(49, 50, 199, 200))
    assert decided.tolist() == [False, True, True, False]


def test_a_failure_after_a_proceeding_s_end_is_a_new_default():
    ledger = a_ledger(
        filings=[
            a_filing("receivership", 50, 60),
            a_filing("proceeding_ended", 200, 210),
            a_filing("liquidation", 400, 410),
        ]
    )
    following = events_of(ledger).next_default(np.zeros(4, int), days(0, 50, 200, 400)).tolist()
    assert following == [FIRST + 50, FIRST + 400, FIRST + 400, NEVER]


def test_a_state_tells_a_default_that_is_no_open_proceeding_any_more():
    filings = [a_filing("receivership", 50, 60), a_filing("proceeding_ended", 200, 210)]
    arrears = [an_invoice("F1", 0, 30)]
    asked = np.zeros(4, int), days(10, 60, 150, 210)
    assert events_of(a_ledger(arrears, filings=filings)).in_default_as(*asked).tolist() == [0, 1, 1, 2]
    assert events_of(a_ledger(filings=filings)).in_default_as(*asked).tolist() == [0, 1, 1, 0]
    assert events_of(a_ledger(arrears)).in_default_as(*asked).tolist() == [0, 0, 1, 1]


def test_a_second_spell_is_found_after_the_first():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30), an_invoice("F2", 300, 330)], [a_payment("F1", 200), a_payment("F2", 500)]
    )
    events = events_of(ledger)
    owner = np.zeros(4, dtype=np.int64)
    following = events.next_default(owner, days(0, 121, 420, 421)).tolist()
    assert following == [FIRST + 121, FIRST + 421, FIRST + 421, NEVER]


def test_one_customer_s_default_is_not_another_s():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, customer_id="C2")],
        customers=[a_customer("C1"), a_customer("C2"), a_customer("C3")],
        signals=[a_signal("write_off", 10, "C3")],
    )
    events = events_of(ledger)
    assert events.in_default(np.arange(3), np.full(3, FIRST + 300)).tolist() == [False, True, True]
    assert events.next_default(np.arange(3), days(0, 0, 0)).tolist() == [NEVER, FIRST + 121, FIRST + 10]


def test_a_portfolio_where_nothing_ever_happens_has_no_default():
    events = events_of(a_ledger())
    assert events.in_default(np.array([0]), days(5)).tolist() == [False]
    assert events.next_default(np.array([0]), days(5)).tolist() == [NEVER]
    nothing = np.array([], dtype=np.int64)
    assert len(events.in_default(nothing, nothing)) == 0
