import pytest

from serving.web.view_models.prospect import FIELDS, blank, question_of
from serving.web.words import both_texts, words

FR = words("fr")
SOUND = {
    "name": "Essai SARL",
    "siren": "732 829 320",
    "naf": "4321a",
    "legal_form": "5499",
    "headcount": "12",
    "created_on": "2015-03-01",
    "amount": "5 000,50",
    "terms": "45",
    "forecast": "60000",
    "closed_on": "31/12/2025",
    "turnover": "800 000",
    "net_income": "-12 000",
    "equity": "90000",
}


def test_what_was_typed_becomes_a_question():
    question, form = question_of(SOUND, FR)
    assert form.faults == {}
    assert question is not None
    assert question.prospect is not None
    assert (question.prospect.siren, question.prospect.naf) == ("732829320", "43.21A")
    assert (question.amount_eur, question.terms_days, question.yearly_forecast_eur) == (5_000.5, 45, 60_000.0)
    (accounts,) = question.prospect.accounts
    assert (accounts.turnover, accounts.net_income, accounts.total_assets) == (800_000.0, -12_000.0, None)


def test_a_name_alone_is_enough():
    question, _ = question_of({"name": "Essai"}, FR)
    assert question is not None
    assert question.prospect is not None
    assert question.prospect.accounts == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "a\x00b"),
        ("name", "x" * 301),
        ("siren", "123456789"),
        ("naf", "43"),
        ("legal_form", "SARL"),
        ("headcount", "-1"),
        ("created_on", "hier"),
        ("amount", "0"),
        ("terms", "400"),
        ("forecast", "beaucoup"),
        ("turnover", "12,000"),
        ("closed_on", "31/02/2025"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(field, typed):
    question, form = question_of(SOUND | {field: typed}, FR)
    assert question is None
    assert set(form.faults) == {field}
    assert form.typed[field] == typed
    assert form.typed["forecast" if field != "forecast" else "amount"]


def test_figures_of_accounts_need_the_end_of_their_year():
    question, form = question_of({"name": "Essai", "equity": "1000"}, FR)
    assert question is None
    assert set(form.faults) == {"closed_on"}


def test_a_sole_trader_is_a_natural_person():
    question, _ = question_of(SOUND | {"legal_form": "1000"}, FR)
    assert question is not None
    assert question.prospect is not None
    assert question.prospect.party().natural_person


def test_every_field_has_words_and_starts_empty():
    assert {f"prospect.{name}" for name in FIELDS} - set(both_texts()) == set()
    assert set(blank().typed) == set(FIELDS)
