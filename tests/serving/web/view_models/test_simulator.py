import pytest

from models.policy.decision.exposure import Commitments
from models.policy.decision.order import MOST_EUR
from models.wording.formats import LANGUAGES
from serving.web.view_models.simulator import DEFAULT_DAYS, FIELDS, question_of
from serving.web.words import both_texts, words

FR = words("fr")


def test_an_order_that_was_typed_becomes_a_question():
    fields = {
        "amount": "12 000",
        "terms": "45",
        "basis": "eom_plus",
        "deposit": "30",
        "means": "direct_debit",
        "delivered": "1 000,50",
        "deposits": "200",
    }
    question, form = question_of("411/B", fields, FR)
    assert form.faults == {}
    assert question is not None
    assert question.customer_id == "411/B"
    order = question.order()
    assert (order.amount_eur, order.terms_days, order.deposit_share) == (12_000.0, 45, 0.3)
    assert order.commitments == Commitments(1_000.5, 0.0, 200.0)
    assert (order.invoice_basis, order.means_of_payment, order.prepaid) == ("eom_plus", "direct_debit", False)


def test_terms_that_are_not_typed_are_the_laws():
    question, _ = question_of("C1", {"amount": "100", "prepaid": "1"}, FR)
    assert question is not None
    assert question.terms_days == DEFAULT_DAYS
    assert question.prepaid


def test_without_an_amount_nothing_is_asked_and_nothing_is_wrong():
    question, form = question_of("C1", {"terms": "400"}, FR)
    assert question is None
    assert form.faults == {}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "beaucoup"),
        ("amount", str(MOST_EUR * 10)),
        ("terms", "366"),
        ("terms", "1,5"),
        ("deposit", "101"),
        ("basis", "x"),
        ("means", "x"),
        ("ordered", "-1"),
    ],
)
def test_a_fault_stands_at_its_field(field, typed):
    question, form = question_of("C1", {"amount": "100", field: typed}, FR)
    assert question is None
    assert set(form.faults) == {field}
    assert form.typed[field] == typed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_words(language):
    _, form = question_of("C1", {}, words(language))
    assert all(label for _, label in (*form.bases, *form.means))
    assert {f"simulator.{name}" for name in FIELDS} - set(both_texts()) == set()
