import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.law.legal_terms import BASES
from models.policy.decision.wording import basis_words, days_words, means_words, money, percent
from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.wording.numerals import SPACE


def test_euros_show_cents_only_where_there_are_any():
    assert money(12_000.0) == (f"12{SPACE}000{SPACE}€", "€12,000")
    assert money(12_000.5) == (f"12{SPACE}000,50{SPACE}€", "€12,000.50")


@given(st.floats(0, 1))
def test_a_share_is_never_written_as_less_than_it_is(share: float):
    assert float(percent(share)[1].rstrip("%")) / 100 >= share - 1e-9


@pytest.mark.parametrize(("days", "words"), [(0, "0 days"), (1, "1 day"), (45, "45 days")])
def test_days_agree_with_their_number(days: int, words: str):
    assert days_words(days)[1] == words


def test_every_basis_and_means_of_payment_has_words_in_both_languages():
    assert all(all(basis_words(basis)) for basis in BASES)
    assert all(all(means_words(means)) for means in MEANS_OF_PAYMENT)
