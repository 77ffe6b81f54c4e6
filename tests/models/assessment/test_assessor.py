import datetime as dt
import json
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.assessment.assessment import Assessment, CreditRequest, CustomerState
from models.assessment.assessor import EPOCH, Assessor
from models.assessment.party import Party
from models.assessment.prospects import prospect_state
from models.errors import ModelError
from models.features.build import (
    CUSTOMER_FEATURES,
    HISTORY_FAMILIES,
    STATE_COLUMNS,
    STATE_SCHEMA,
    mask_history,
)
from models.features.curves import BOUNDS, PARENT, POPULATION
from models.features.default_events import AFTER_A_PROCEEDING
from models.features.open_invoices import OPEN
from models.features.state_schema import StateVector, unversioned
from models.policy.credit_case import case_of
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from pipelines.training.fit import fit
from pipelines.training.plan import FitPlan
from tests.models.fitted import TREES, fitted

KEPT_LATER = [*OPEN, *PARENT]
"""What states of the first version lacked."""
AS_OF = dt.date(2026, 9, 1)
PARTY = Party(
    None, "Prospect", naf="43.21A", legal_form="5499", headcount=12.0, created_on=dt.date(2015, 1, 1)
)


@cache
def states() -> pd.DataFrame:
    owner = np.arange(300)
    return fitted().builder.states(owner, np.full(300, (AS_OF - EPOCH).days))


def a_state(place: int = 0, **values: float) -> CustomerState:
    """Return a demo customer's state with some of its values changed."""
    row = states().iloc[place].copy()
    row[list(values)] = list(values.values())
    return CustomerState(Party(str(place)), AS_OF, StateVector(STATE_SCHEMA, row.to_numpy(np.float64)))


def a_request(amount: float | None = 5_000.0, terms: int | None = 30) -> CreditRequest:
    return CreditRequest(amount, terms)


def test_a_batch_answers_what_each_asked_alone_is_answered():
    assessor = fitted().assessor
    asked = [a_state(place) for place in range(60)]
    requests = [a_request(None if place % 2 else 100.0 * (place + 1), None) for place in range(60)]
    assert assessor.assess_many(asked, requests) == [
        assessor.assess(state, request) for state, request in zip(asked, requests, strict=True)
    ]


def test_a_known_customer_is_answered_as_a_state_is_however_often_it_is_asked_about():
    assessor = fitted().assessor
    asked = [a_state(place) for place in range(20)]
    known, requests = assessor.know(asked), [a_request(50.0 * (place + 1)) for place in range(20)]
    once, again = assessor.answer(known, requests), assessor.answer(known[::-1], requests[::-1])
    assert once == again[::-1] == assessor.assess_many(asked, requests)
    assert assessor.know([]) == assessor.answer([], []) == []


@pytest.mark.parametrize("count", [1, 7, 8, 40])
def test_with_another_thread_beside_it_answers_the_same(count: int):
    assessor = fitted().assessor
    known, requests = assessor.know([a_state(place) for place in range(count)]), [a_request()] * count
    with ThreadPoolExecutor(1) as executor:
        assert assessor.answer(known, requests, executor) == assessor.answer(known, requests)


def test_what_fails_in_the_thread_beside_fails_the_answer():
    assessor = replace(fitted().assessor, late=replace(fitted().late, curve=None))
    known = fitted().assessor.know([a_state(place) for place in range(20)])
    with ThreadPoolExecutor(1) as executor, pytest.raises(ModelError, match="knows no days late"):
        assessor.answer(known, [a_request()] * 20, executor)


def test_a_model_that_reads_what_features_lack_is_refused_when_it_is_put_in_charge():
    additive = fitted().late.additive
    unknown = replace(additive, features=("no_such_feature", *additive.features))
    late = replace(fitted().late, additive=unknown)
    with pytest.raises(ModelError, match="'no_such_feature', which the features lack"):
        replace(fitted().assessor, late=late)


FIRST = unversioned(1192)
"""The states of the first version."""


def stored_first(state: CustomerState) -> CustomerState:
    """The same state as a night of the first version stored it, value by name."""
    values = [state.vector.values[STATE_SCHEMA.place(one.name)] for one in FIRST.fields]
    return replace(state, vector=StateVector(FIRST, np.concatenate(values)))


@cache
def assessor_of_then() -> Assessor:
    """Models that read no more than those states hold, whatever features came since."""
    since = {one.name: np.nan for one in CUSTOMER_FEATURES if one.name not in FIRST}
    found = fitted()
    if not since:
        return found.assessor
    late, default = (
        fit(replace(rows, frame=rows.frame.assign(**since)), FitPlan(target, TREES, rounds=20)).kept
        for rows, target in ((found.late_rows, "late30"), (found.default_rows, "default12"))
    )
    return Assessor(late, default, load_policy())


def test_a_state_of_an_earlier_version_is_answered_as_one_without_open_invoices_or_parent():
    for place in range(3):
        whole = a_state(place, **dict.fromkeys(KEPT_LATER, np.nan))
        one, other = (assessor_of_then().assess(state, a_request()) for state in (whole, stored_first(whole)))
        assert other.p_late30 == one.p_late30
        assert other.pd_12m == one.pd_12m
        assert (other.days_late_p10, other.days_late_p50) == (one.days_late_p10, one.days_late_p50)


def test_an_earlier_state_and_one_of_today_may_be_asked_about_together():
    today, earlier = a_state(0), stored_first(a_state(0))
    both = assessor_of_then().assess_many([earlier, today], [a_request()] * 2)
    assert both == [assessor_of_then().assess(state, a_request()) for state in (earlier, today)]


def test_a_prospect_is_drawn_to_the_portfolio_that_a_night_published():
    slow = {POPULATION: [0.001] * len(BOUNDS)}
    quick = {POPULATION: [0.5] * len(BOUNDS)}
    late = [prospect([], peers=peers).p_late30.value for peers in (slow, {}, quick)]
    assert late == sorted(late, reverse=True)
    assert late[0] > late[2] + 0.1


def test_nobody_asked_is_nobody_answered():
    assert fitted().assessor.assess_many([], []) == []


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 299), amount=st.floats(1, 1e7), terms=st.integers(0, 365))
def test_an_answer_adds_up_and_lies_in_its_bounds(place: int, amount: float, terms: int):
    assessor = fitted().assessor
    found = assessor.assess(a_state(place), CreditRequest(amount, terms))
    for model, told in ((assessor.late, found.p_late30), (assessor.default, found.pd_12m)):
        total = told.base + math.fsum(reason.contribution for reason in told.reasons)
        assert total == pytest.approx(told.margin, abs=1e-6)
        score = told.slope * told.margin + told.intercept
        assert 1 / (1 + math.exp(-score)) == pytest.approx(told.value, rel=1e-12)
        assert 0.0 < told.low <= told.value <= told.high < 1.0
        assert told.model_version == model.version
    assert found.days_late_p10 <= found.days_late_p50 <= found.days_late_p90
    assert list(found.p_later_than) == ["0", "5", "15", "30", "60"]
    chances = list(found.p_later_than.values())
    assert chances == sorted(chances, reverse=True)
    assert found.p_later_than["30"] == pytest.approx(found.p_late30.value, rel=1e-12)
    assert found.limit.limit_eur >= 0.0
    assert found.request == CreditRequest(amount, terms, found.request.yearly_forecast_eur)
    json.dumps(found.document(), allow_nan=False)


def test_what_was_not_asked_is_taken_from_the_customer_s_habits():
    state = a_state(0, usual_eur=1_234.567, agreed_terms_days=45.0)
    asked = fitted().assessor.assess(state, CreditRequest()).request
    assert (asked.amount_eur, asked.terms_days) == (1_234.57, 45)


def test_where_no_habit_is_known_the_policy_speaks():
    state = a_state(0, usual_eur=np.nan, agreed_terms_days=np.nan)
    assessor = fitted().assessor
    asked = assessor.assess(state, CreditRequest()).request
    assert (asked.amount_eur, asked.terms_days) == (1_000.0, assessor.policy.terms.default_days)


@pytest.mark.parametrize(("naf", "days"), [("84.11Z", 30), ("43.21A", 60), (None, 60)])
def test_recommended_terms_keep_the_cap_of_the_customer_s_sector(naf: str | None, days: int):
    state = replace(a_state(0), party=Party("0", naf=naf))
    assessor = fitted().assessor
    roomy = {"max_days": dict.fromkeys("ABCDE", 60)}
    assessor = replace(assessor, policy=assessor.policy.revised(terms=roomy))
    found = assessor.assess(state, CreditRequest(100.0, 60))
    assert found.limit.limit_eur > 0.0
    assert found.recommended_terms_days == days


def test_recommended_terms_keep_the_cap_of_what_the_seller_sells():
    assessor = fitted().assessor
    carrier = {"seller_naf": ("46.32A",)}
    assessor = replace(assessor, policy=assessor.policy.revised(terms=carrier))
    assert assessor.assess(a_state(0), CreditRequest(100.0, 60)).recommended_terms_days <= 20


@pytest.mark.parametrize("insured", [0.0, 50_000.0])
def test_a_customer_in_default_has_the_worst_grade_and_no_credit(insured: float):
    state = a_state(0, in_default=1.0, proceedings=0.0, insured_limit_eur=insured, covered_share=0.9)
    found = fitted().assessor.assess(state, a_request())
    assert (found.grade, found.history, found.limit.limit_eur) == ("E", "in_default", 0.0)


def test_a_proceeding_that_was_ended_stops_credit_no_more_and_stays_known():
    ended = fitted().assessor.assess(a_state(0, proceedings=1.0, in_default=0.0), a_request())
    assert ended.case.open_proceeding is False
    assert ended.limit.binding != "open_proceeding"
    assert ended.pd_12m.value >= fitted().assessor.assess(a_state(0), a_request()).pd_12m.value


def test_a_default_after_a_proceeding_that_was_ended_is_not_called_a_proceeding():
    found = fitted().assessor.assess(
        a_state(0, proceedings=1.0, in_default=float(AFTER_A_PROCEEDING)), a_request()
    )
    assert (found.limit.limit_eur, found.limit.binding) == (0.0, "in_default")
    assert (found.case.open_proceeding, found.case.in_default, found.grade) == (False, True, "E")


def test_a_prospect_s_proceeding_stops_credit_until_its_end_is_published():
    def limit_eur(ended_on: dt.date) -> float:
        opened = AS_OF - dt.timedelta(days=900)
        filings = [
            {"kind": "receivership", "judged_on": opened, "published_on": opened},
            {"kind": "proceeding_ended", "judged_on": AS_OF - dt.timedelta(days=9), "published_on": ended_on},
        ]
        state = fitted().assessor.state_of_prospect(PARTY, [], AS_OF, {}, filings=filings)
        return fitted().assessor.assess(state, a_request()).limit.limit_eur

    assert limit_eur(AS_OF) > 0.0
    assert limit_eur(AS_OF + dt.timedelta(days=1)) == 0.0


def test_an_open_proceeding_stops_credit():
    found = fitted().assessor.assess(a_state(0, proceedings=1.0, in_default=1.0), a_request())
    assert (found.limit.limit_eur, found.limit.binding) == (0.0, "open_proceeding")


def test_a_published_closure_stops_credit():
    found = fitted().assessor.assess(a_state(0, closures=1.0, proceedings=0.0, in_default=0.0), a_request())
    assert (found.limit.limit_eur, found.limit.binding) == (0.0, "closed")


def test_the_case_on_an_answer_gives_the_same_limit_again():
    assessor = fitted().assessor
    found = assessor.assess_many([a_state(place) for place in range(60)], [a_request()] * 60)
    assert [recommend_limit(case_of(one.document()), assessor.policy) for one in found] == [
        one.limit for one in found
    ]


def test_invoices_paid_late_are_counted_from_their_shares():
    state = a_state(0, n_paid_all=40.0, late15_share_all=0.25, late60_share_all=0.05)
    case = fitted().assessor.assess(state, a_request()).case
    assert (case.n_paid_invoices, case.n_paid_late15, case.n_paid_late60) == (40, 10, 2)


@pytest.mark.parametrize("natural", [True, False])
def test_a_natural_person_waits_for_a_human(natural: bool):
    state = a_state(0)
    person = replace(state, party=replace(state.party, natural_person=natural))
    assert fitted().assessor.assess(person, a_request()).needs_human is natural


@pytest.mark.parametrize(("paid", "history"), [(0, "none"), (9, "short"), (10, "full")])
def test_an_answer_says_how_much_history_it_rests_on(paid: float, history: str):
    assert (
        fitted().assessor.assess(a_state(0, n_paid_all=paid, in_default=0.0), a_request()).history == history
    )


def test_the_same_state_has_the_same_hash_and_another_has_another():
    assessor = fitted().assessor
    one, again, other = (
        assessor.assess(state, a_request()).features_hash
        for state in (a_state(0), a_state(0), a_state(0, overdue_eur=1.0))
    )
    assert one == again != other


def prospect(
    accounts: list[dict[str, object]], party: Party = PARTY, peers: Mapping[str, object] | None = None
) -> Assessment:
    assessor = fitted().assessor
    return assessor.assess(assessor.state_of_prospect(party, accounts, AS_OF, peers or {}), a_request())


def test_a_prospect_is_answered_without_accounts_or_peers():
    found = prospect([])
    assert found.history == "none"
    assert found.paydex is None
    assert 0.0 < found.pd_12m.value < 1.0
    assert json.dumps(found.document(), allow_nan=False)


def test_a_prospect_known_by_nothing_is_answered_too():
    found = prospect([], Party(None))
    assert 0.0 < found.pd_12m.value < 1.0


def test_a_prospect_s_accounts_are_read_and_those_published_later_are_not():
    sound = {
        "closed_on": dt.date(2025, 12, 31),
        "published_on": dt.date(2026, 6, 1),
        "currency": "EUR",
        "turnover": 2e6,
        "total_assets": 1e6,
        "equity": 4e5,
    }
    known = prospect_state(PARTY, [sound], AS_OF, {}).vector
    assert known.number("equity_ratio") == 0.4
    late = prospect_state(PARTY, [{**sound, "published_on": dt.date(2026, 9, 2)}], AS_OF, {}).vector
    assert late.hash == prospect_state(PARTY, [], AS_OF, {}).vector.hash


def test_a_prospect_looks_like_the_rows_that_were_masked_for_it():
    state = pd.DataFrame([prospect_state(PARTY, [], AS_OF, {}).vector.values], columns=list(STATE_COLUMNS))
    names = [feature.name for feature in CUSTOMER_FEATURES if feature.family in HISTORY_FAMILIES]
    masked = mask_history(states().head(1), np.array([True]))
    assert np.array_equal(state[names].to_numpy(), masked[names].to_numpy(), equal_nan=True)


def test_a_prospect_s_peers_are_those_of_its_sector_and_size():
    found = prospect_state(PARTY, [], AS_OF, {"216": (0.2, None), "217": (0.9, 0.9)}).vector
    assert found.number("peer_late30_rate") == 0.2
    assert math.isnan(found.number("peer_default_rate"))


def test_a_customer_just_entered_is_answered_as_the_same_prospect():
    prospected = prospect_state(PARTY, [], AS_OF, {"216": (0.1, 0.02)})
    named = prospect_state(replace(PARTY, customer_id="C9"), [], AS_OF, {"216": (0.1, 0.02)})
    assert prospected.vector.hash == named.vector.hash


@pytest.mark.parametrize(("kind", "column"), [("receivership", "proceedings"), ("closure", "closures")])
def test_a_prospect_s_filings_count_from_their_publication(kind: str, column: str):
    filing = {"kind": kind, "judged_on": AS_OF - dt.timedelta(days=9), "source": "BODACC A1"}
    known, later = (
        prospect_state(PARTY, [], AS_OF, {}, [{**filing, "published_on": AS_OF + dt.timedelta(days=days)}])
        for days in (0, 1)
    )
    assert known.vector.number(column) == 1.0
    assert later.vector.hash == prospect_state(PARTY, [], AS_OF, {}).vector.hash


@pytest.mark.parametrize("kind", ["receivership", "closure"])
def test_a_prospect_under_a_stop_gets_no_credit(kind: str):
    day = AS_OF - dt.timedelta(days=9)
    filing = {"kind": kind, "judged_on": day, "published_on": day, "source": None}
    state = fitted().assessor.state_of_prospect(PARTY, [], AS_OF, {}, filings=[filing])
    assert fitted().assessor.assess(state, a_request()).limit.limit_eur == 0.0
