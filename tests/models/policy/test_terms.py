import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.legal_terms import BASES, due_date, latest_due
from models.policy.document import load_policy
from models.policy.grades import GRADES
from models.policy.terms import longest_terms, recommend_terms

POLICY = load_policy()
SELLERS = {
    code: POLICY.revised(terms={"seller_naf": (code,) if code else ()})
    for code in ("", "49.41A", "46.32A", "11.01Z", "11.02A", "46.31Z")
}


@given(st.sampled_from(GRADES), st.floats(0, 1e7), st.one_of(st.none(), st.integers(0, 365)))
def test_terms_never_pass_the_legal_cap_nor_what_was_asked_for(
    grade: str, limit_eur: float, asked: int | None
):
    terms = recommend_terms(grade, limit_eur, asked, POLICY)
    assert 0 <= terms.terms_days <= 60
    assert asked is None or terms.terms_days <= asked


def test_a_limit_of_zero_is_prepayment():
    terms = recommend_terms("A", 0.0, 30, POLICY)
    assert (terms.terms_days, terms.deposit_share, terms.means_of_payment) == (0, 1.0, "prepayment")


def test_without_a_request_the_legal_default_applies():
    assert recommend_terms("A", 1_000.0, None, POLICY).terms_days == 30


def test_a_worse_grade_gets_shorter_terms_and_a_larger_deposit():
    found = [recommend_terms(grade, 1_000.0, 60, POLICY) for grade in GRADES]
    assert [t.terms_days for t in found] == sorted((t.terms_days for t in found), reverse=True)
    assert [t.deposit_share for t in found] == sorted(t.deposit_share for t in found)


@pytest.mark.parametrize(("grade", "limit", "days"), [("F", 1.0, 1), ("A", -1.0, 1), ("A", 1.0, -1)])
def test_what_cannot_be_is_refused(grade: str, limit: float, days: int):
    with pytest.raises(CreditError):
        recommend_terms(grade, limit, days, POLICY)


@given(
    st.sampled_from(GRADES),
    st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
    st.sampled_from(sorted(SELLERS)),
    st.sampled_from((None, "43.21A", "84.11Z")),
    st.sampled_from(BASES),
)
def test_the_longest_terms_are_legal_in_every_sector_and_on_every_basis_and_never_past_the_grades(
    grade: str, day: dt.date, seller: str, customer: str | None, basis: str
):
    policy = SELLERS[seller]
    longest = longest_terms(grade, day, customer, policy, basis)
    legal = latest_due(day, longest.basis, caps=policy.terms.caps_for(customer))
    assert due_date(day, longest.days, longest.basis) <= legal.due_on
    assert longest.days <= POLICY.terms.max_days[grade]
    assert longest.law is None or longest.law == legal.law
    recommended = recommend_terms(grade, 1_000.0, 365, policy, customer).terms_days
    assert recommended <= longest_terms(grade, day, customer, policy).days


def test_a_haulier_offers_30_days_and_a_seller_of_fresh_meat_20():
    day = dt.date(2026, 11, 21)
    assert longest_terms("A", day, None, SELLERS["49.41A"]).law == "L441-11 II 5°"
    assert [
        longest_terms("A", day, None, SELLERS[code]).days for code in ("", "49.41A", "46.32A", "11.02A")
    ] == [60, 30, 20, 60]


def test_where_the_law_leaves_no_day_of_a_basis_the_days_count_from_the_invoice():
    longest = longest_terms("A", dt.date(2026, 11, 1), None, SELLERS["46.32A"], "eom_plus")
    assert (longest.days, longest.basis) == (20, "net")


@given(
    st.sampled_from(sorted(SELLERS)),
    st.integers(0, 120),
    st.sampled_from([None, "49.41A", "46.31Z", "10.11Z"]),
)
def test_caps_that_were_looked_up_before_give_the_same_terms(seller: str, days: int, naf: str | None):
    policy = SELLERS[seller]
    told = recommend_terms("A", 5_000.0, days, policy, None, policy.terms.caps_for(naf))
    assert told == recommend_terms("A", 5_000.0, days, policy, naf)
