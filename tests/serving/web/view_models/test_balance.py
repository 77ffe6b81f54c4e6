from hypothesis import given
from hypothesis import strategies as st

from serving.web.view_models.balance import balance_terms
from serving.web.words import words

CENTS = st.integers(0, 10**9)


def cents(text: str) -> int:
    return round(100 * float(text.replace("€", "").replace(",", "").replace("\N{MINUS SIGN}", "-")))


@given(overdue=CENTS, not_due=CENTS, credit=st.integers(-(10**9), 10**6))
def test_the_sum_adds_up_as_it_is_written(overdue: int, not_due: int, credit: int):
    exposure = overdue + not_due + credit
    *terms, total = balance_terms(exposure / 100, overdue / 100, credit / 100, words("en"))
    signs = {"": 1, "+": 1, "\N{MINUS SIGN}": -1}
    assert sum(signs[one.sign] * cents(one.amount) for one in terms) == cents(total.amount) == exposure
    assert (len(terms) == 3) == (credit != 0)


def test_each_term_is_named():
    found = balance_terms(1_300.0, 500.0, -200.0, words("fr"))
    assert [f"{one.sign} {one.label}".strip() for one in found] == [
        "Factures échues", "+ Factures non échues", "\N{MINUS SIGN} Crédits non affectés", "= Encours total",
    ]  # fmt: skip
