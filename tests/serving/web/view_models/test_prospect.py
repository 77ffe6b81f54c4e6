import pytest

from serving.schemas.questions import AccountsIn, ProspectIn
from serving.web.view_models.prospect import (
    FIELDS,
    blank,
    form_values,
    is_number_alone,
    number_alone,
    question_of,
)
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
        ("closed_on", "31/12/2199"),
        ("closed_on_2", "31/02/2024"),
        ("equity_3", "beaucoup"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(field, typed):
    question, form = question_of(SOUND | {field: typed}, FR)
    assert question is None
    assert set(form.faults) == {field}
    assert form.typed[field] == typed
    assert form.typed["forecast" if field != "forecast" else "amount"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_prospect_stands_in_the_form_as_it_is_read_again(language):
    w = words(language)
    years = [
        AccountsIn(closed_on="2023-12-31", turnover=1.0, equity=2.0),
        AccountsIn(closed_on="2024-12-31", turnover=1_234_567.891, equity=-500.25),
    ]
    given = {"name": "Essai", "siren": "732829320", "naf": "43.21A", "legal_form": "5710"}
    before = ProspectIn(**given, headcount=34.5, created_on="2011-04-01", accounts=years)
    question, form = question_of(form_values(before, w), w)
    assert form.faults == {}
    after = question.prospect
    assert after.accounts == years
    names = ("name", "siren", "naf", "legal_form", "headcount", "created_on")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


@pytest.mark.parametrize("typed", ["732829320", " 732 829 320 ", "732 829 320 00074"])
def test_a_number_alone_may_be_a_siret_and_may_hold_spaces(typed):
    kept, form = number_alone({"siren": typed, "step": "siren"}, FR)
    assert form.faults == {}
    assert question_of(kept, FR)[0].prospect.siren == "732829320"


@pytest.mark.parametrize("typed", ["", "732829321", "73282932000075", "abc"])
def test_a_number_with_a_wrong_key_is_at_fault(typed):
    _, form = number_alone({"siren": typed, "step": "siren"}, FR)
    assert set(form.faults) == {"siren"}
    assert form.typed["siren"] == typed


def test_a_changed_number_in_a_filled_form_asks_anew_and_keeps_what_is_asked():
    filled = SOUND | {"looked_up": "732829320"}
    assert not is_number_alone(filled)
    other = filled | {"siren": "356000000"}
    assert is_number_alone(other)
    kept, _ = number_alone(other, FR)
    assert {name for name, value in kept.items() if value} == {"siren", "amount", "terms", "forecast"}


def test_what_is_emptied_in_a_filled_form_stays_empty():
    filled, _ = question_of(SOUND | {"naf": "", "looked_up": "732829320"}, FR)
    by_hand, _ = question_of(SOUND | {"naf": ""}, FR)
    assert "naf" in filled.prospect.model_fields_set
    assert "naf" not in by_hand.prospect.model_fields_set


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
    assert {f"prospect.{name}" for name in FIELDS if name[-1].isalpha()} - set(both_texts()) == set()
    assert set(blank().typed) == set(FIELDS)
