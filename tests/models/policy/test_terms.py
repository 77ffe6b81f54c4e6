import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.policy.policy import GRADES, load_policy
from models.policy.terms import recommend_terms

POLICY = load_policy()


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
