"""What is read out of a state once."""

import datetime as dt

import numpy as np
import pytest

from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.customer_context import EPOCH, FEATURE_PLACES, CustomerContext, facts_of
from models.assessment.party import Party
from models.features.build import CUSTOMER_FEATURES, STATE_SCHEMA
from models.features.similar_invoices import PAST, StoredInvoices
from models.features.state_schema import StateVector
from models.features.table import names
from models.policy.document import load_policy
from tests.models.fitted import fitted

AS_OF = dt.date(2026, 9, 1)


def known(**facts: float) -> CustomerContext:
    nothing = StateVector(STATE_SCHEMA, np.full(STATE_SCHEMA.length, np.nan))
    state = CustomerState(Party("C1"), AS_OF, nothing.with_numbers(facts))
    (found,) = fitted().assessor.know([state])
    return found


def test_the_features_are_those_of_the_contract():
    held = {name: float(at) for at, name in enumerate(names(CUSTOMER_FEATURES))}
    assert known(**held).features.tolist() == list(held.values())
    assert FEATURE_PLACES.tolist() == [STATE_SCHEMA.place(name).start for name in held]


def test_the_past_is_what_its_columns_hold():
    builder = fitted().builder
    day = np.full(40, (AS_OF - EPOCH).days)
    rows = builder.states(np.arange(40), day)
    amounts = np.full(40, 50_000)
    expected = StoredInvoices.of(rows[PAST].to_numpy(np.float64)).columns(day, day + 30, amounts)
    vectors = builder.state_vectors(np.arange(40), day)
    states = [CustomerState(Party(str(at)), AS_OF, vector) for at, vector in enumerate(vectors)]
    found = StoredInvoices.together([one.past for one in fitted().assessor.know(states)])
    for name, column in found.columns(day, day + 30, amounts).items():
        assert np.array_equal(column, expected[name], equal_nan=True)


def test_what_is_unknown_is_none():
    facts = facts_of(known(turnover=5.0).state.vector.values)
    assert (facts["turnover"], facts["usual_eur"]) == (5.0, None)


@pytest.mark.parametrize(
    ("since", "yearly"), [(10.0, 36_500.0), (100.0, 10_950.0), (4_000.0, 3_000.0), (np.nan, None)]
)
def test_a_year_is_forecast_at_the_pace_of_the_days_it_has_been_a_customer(since: float, yearly: float):
    one = known(invoiced_365d_eur=3_000.0, days_since_first_invoice=since)
    assert one.resolve(CreditRequest(), load_policy()).yearly_forecast_eur == yearly


def test_what_was_asked_stays():
    asked = CreditRequest(12.5, 0, 0.0)
    assert known(usual_eur=9.0, agreed_terms_days=45.0).resolve(asked, load_policy()) == asked


def test_a_case_counts_the_order_on_top_of_what_is_owed_and_no_days_before_the_due_date():
    one = known(open_eur=1_000.0, peak_exposure_eur=1_200.0, equity_ratio=0.25, total_assets=1_000.0)
    case = one.case(CreditRequest(500.0, 30), 0.1, -4.0)
    assert (case.peak_exposure_eur, case.expected_days_late, case.net_worth_eur) == (1_500.0, 0.0, 250.0)
    assert one.case(CreditRequest(50.0, 30), 0.1, 4.0).peak_exposure_eur == 1_200.0
