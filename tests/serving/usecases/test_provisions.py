"""Closings are computed, kept and read back with their movement; nothing is invented where a night lacks."""

import datetime as dt
from dataclasses import replace

import pytest

from models.errors import AccessError, CreditError, UnknownClosingError
from models.policy.document import load_policy
from models.portfolio.claims import Claim, ClaimBook
from models.portfolio.flow_history import FlowHistory
from models.portfolio.provision_movement import total
from serving.callers import Caller
from serving.store import Store
from serving.usecases.provisions import Provisions
from tests.models.portfolio.provision_cases import AS_OF, a_claim

POLICY = load_policy()
ANALYST = Caller("anne", "analyst", "command")
EARLIER = AS_OF - dt.timedelta(days=92)


def a_book(*claims: Claim) -> ClaimBook:
    return ClaimBook(claims, FlowHistory((), {}, dt.date(2025, 1, 31)))


@pytest.fixture
def provisions(store: Store) -> Provisions:
    return Provisions(lambda: store)


def test_without_a_night_the_probabilities_are_unknown(provisions: Provisions):
    found = provisions.compute(a_book(a_claim()), EARLIER, POLICY).document()
    assert (found["night"], found["totals"]["probability_eur"]) == (None, None)


def test_an_invoice_that_the_night_does_not_know_leaves_the_sum_unknown(provisions: Provisions):
    known = provisions.compute(a_book(a_claim(1)), AS_OF, POLICY).document()
    assert known["night"]["as_of"] == "2026-11-20"
    assert known["totals"]["probability_eur"] > 0
    found = provisions.compute(a_book(a_claim(1), a_claim(99)), AS_OF, POLICY).document()["totals"]
    assert (found["probability_eur"], found["probability_unknown"]) == (None, 1)


def test_a_thin_history_takes_the_policy_s_rates_and_says_from_when_own_ones_are_known(
    provisions: Provisions,
):
    found = provisions.compute(a_book(a_claim()), AS_OF, POLICY).document()
    assert found["rates"][0]["source"] == "default"
    assert found["own_rates_from"] == "2027-01-31"


def test_a_kept_closing_is_read_back_with_its_movement_and_its_keeper(provisions: Provisions):
    first = provisions.compute(a_book(a_claim(1, reason="plan")), EARLIER, POLICY)
    provisions.keep(first.closing, ANALYST)
    then = provisions.compute(a_book(a_claim(2, reason="default")), AS_OF, POLICY)
    assert then.before == first.closing
    provisions.keep(then.closing, ANALYST)
    found = provisions.find()
    assert (found.closing, found.before, found.record and found.record.who) == (
        then.closing,
        first.closing,
        "anne",
    )
    moved = total(found.movement("french"))
    assert (moved.opening_cents, moved.added_cents, moved.unused_cents) == (50_000, 50_000, 50_000)
    assert [one.as_of for one in provisions.kept()] == [AS_OF, EARLIER]


def test_the_newest_closing_of_a_day_counts(provisions: Provisions):
    for rate in (0.1, 0.2):
        rules = POLICY.provisions.model_copy(update={"vat_share": rate})
        policy = POLICY.model_copy(update={"provisions": rules})
        provisions.keep(provisions.compute(a_book(a_claim()), AS_OF, policy).closing, ANALYST)
    assert len(provisions.kept()) == 1
    assert provisions.find(AS_OF).closing.vat_share == 0.2


def test_a_day_without_a_closing_is_refused_with_those_that_there_are(provisions: Provisions):
    with pytest.raises(UnknownClosingError, match="no closing is kept"):
        provisions.find()
    provisions.keep(provisions.compute(a_book(a_claim()), AS_OF, POLICY).closing, ANALYST)
    with pytest.raises(UnknownClosingError, match="no closing of 2026-09-30 is kept; there are 2026-12-31"):
        provisions.find(EARLIER)


def test_who_may_not_inspect_keeps_nothing(provisions: Provisions):
    closing = provisions.compute(a_book(a_claim()), AS_OF, POLICY).closing
    with pytest.raises(AccessError):
        provisions.keep(closing, replace(ANALYST, role="sales"))
    assert provisions.kept() == ()


def test_a_ledger_without_an_invoice_until_that_day_is_refused(provisions: Provisions):
    book = ClaimBook((), FlowHistory((), {}, None))
    with pytest.raises(CreditError, match="no invoice was issued on or before 2026-12-31"):
        provisions.compute(book, AS_OF, POLICY)


def test_customers_have_the_sums_of_their_invoices(provisions: Provisions):
    view = provisions.compute(a_book(a_claim(1, 45), a_claim(6, 45), a_claim(2)), AS_OF, POLICY)
    assert [(one.customer_id, one.open_cents, one.ifrs.closing_cents) for one in view.customers()] == [
        ("C1", 240_000, 8_640),
        ("C2", 120_000, 360),
    ]
