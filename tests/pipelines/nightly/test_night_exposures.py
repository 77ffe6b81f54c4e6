"""Exposure, overdue, ageing and credit of one night, held against the streams that features are read from."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assessment.assessor import EPOCH
from models.ledger.ledger import Ledger
from models.portfolio.aging import AgedBalance, OpenItem, aged_balance, summed
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.customer_history import dates
from pipelines.nightly.scoring import Scoring
from pipelines.nightly.totals import totals_of
from tests.builders import FIRST, a_customer, a_ledger, a_payment, an_invoice
from tests.models.features.by_hand import shelve
from tests.models.fitted import fitted
from tests.random_ledger import LAST_DAY, draw_ledger


def scored(ledger: Ledger, day: int) -> Scoring:
    parts = LedgerInMemory.of(ledger, EPOCH + dt.timedelta(days=FIRST + day))
    return Scoring.of(parts.read(0), fitted().assessor, totals_of(parts, "EUR", 0))


def balances(scoring: Scoring, owed_eur: list[float]) -> list[AgedBalance]:
    book, found = scoring.builder.book, []
    for code, owed in enumerate(owed_eur):
        mine = scoring.open[book.owner[scoring.open] == code]
        due = dates(book.due[mine])
        items = [OpenItem("C", on, int(cents)) for on, cents in zip(due, scoring.left[mine], strict=True)]
        on_account = round(owed * 100) - sum(item.open_cents for item in items)
        found.append(aged_balance(items, EPOCH + dt.timedelta(days=scoring.day), on_account))
    return found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(30, LAST_DAY))
def test_what_is_owed_overdue_aged_and_in_credit_is_one_whole(seed: int, day: int):
    drawn = draw_ledger(seed)
    scoring = scored(drawn, day)
    everybody = np.arange(len(drawn.customers))
    owed = scoring.builder.exposure.owed_eur(everybody, np.full(len(everybody), scoring.day)).tolist()
    each = balances(scoring, owed)
    shelf = shelve(drawn)
    for code, one in enumerate(each):
        assert one.net_cents == shelf.owed(str(scoring.builder.book.customer_ids[code]), day)
        assert one.overdue_cents == scoring.overdue[code]
        assert one.overdue_net_cents <= max(one.net_cents, 0)
    whole = summed(each)
    assert whole.exposure_cents == pytest.approx(scoring.sums["portfolio_eur"] * 100)
    assert whole.overdue_cents - whole.exposure_cents <= -sum(min(one.on_account_cents, 0) for one in each)


def test_a_disputed_invoice_is_overdue_from_its_due_date_in_every_figure():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(10, None)), an_invoice("F2", 0, 60)])
    scoring = scored(ledger, 40)
    (one,) = balances(scoring, [2_000.0])
    assert one.overdue_cents == scoring.overdue[0] == 100_000


def test_what_one_paid_too_much_is_its_credit_and_nobody_elses():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, customer_id="C1"), an_invoice("F2", 0, 30, customer_id="C2")],
        [a_payment("F1", 20, 1_700.0, "C1")],
        [a_customer("C1"), a_customer("C2")],
    )
    scoring = scored(ledger, 40)
    day = np.full(2, scoring.day)
    whole = summed(balances(scoring, scoring.builder.exposure.owed_eur(np.arange(2), day).tolist()))
    assert (whole.net_cents, whole.exposure_cents, whole.in_credit_cents) == (30_000, 100_000, -70_000)
    assert (whole.overdue_cents, whole.overdue_net_cents) == (100_000, 100_000)
