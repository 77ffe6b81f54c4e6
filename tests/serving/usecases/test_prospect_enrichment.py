"""A prospect takes from the registers what was left out, and keeps what was given; notices always count."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.registers.client import RegisterClient
from serving.registers.lookup import Fact, ProspectFacts, look_up
from serving.registers.notices import SAYS, Notice
from serving.registers.yearly_accounts import YearAccounts
from serving.schemas.decisions import DecisionIn
from serving.schemas.questions import AssessmentIn
from serving.usecases.prospect_enrichment import FIELDS, enrich, filings_of, is_natural_person
from tests.serving.asked_registers import sound
from tests.serving.registers.local_server import serving, settings_for
from tests.serving.registers.samples import ONE

DAY = dt.date(2026, 3, 2)
VALUES: dict[str, object] = {
    "name": "ESSAI DES BOIS",
    "naf": "43.21A",
    "legal_form": "5710",
    "headcount": 34.5,
    "created_on": dt.date(2011, 4, 1),
}


def facts(*notices: Notice, accounts: tuple[YearAccounts, ...] = (), **values: object) -> ProspectFacts:
    """What the registers say: `values` beside or in place of those of a sound company."""
    known = {name: Fact(value, "Annuaire", DAY) for name, value in (VALUES | values).items()}  # type: ignore[arg-type]
    return ProspectFacts(ONE, "found", known, notices, (), accounts, {})


def a_notice(kind: str, happened: str, published: str, number: str = "A1") -> Notice:
    days = (dt.date.fromisoformat(day) for day in (happened, published))
    return Notice(number, ONE, kind, *days, "", SAYS)


def a_question(**prospect: object) -> AssessmentIn:
    return AssessmentIn.model_validate({"prospect": {"siren": ONE, **prospect}, "amount_eur": 500})


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_left_out_is_the_registers(name: str):
    filled = enrich(a_question(), lambda siren: facts())
    assert getattr(filled.question.prospect, name) == VALUES[name]
    assert filled.names == FIELDS


GIVEN: dict[str, object] = {
    "name": "Autre",
    "naf": "62.01Z",
    "legal_form": "1000",
    "headcount": 3.0,
    "created_on": "2020-02-02",
    "accounts": [],
}


@given(named=st.sets(st.sampled_from(sorted(GIVEN))))
def test_what_is_given_stays_and_nothing_else_does(named):
    year = YearAccounts(ONE, dt.date(2024, 12, 31), DAY, confidential=False, months=12.0, source="R")
    question = a_question(**{name: GIVEN[name] for name in named})
    filled = enrich(question, lambda siren: facts(accounts=(year,)))
    before, after = question.prospect, filled.question.prospect
    assert set(filled.names) == {*FIELDS, "accounts"} - named
    assert all(getattr(after, name) == getattr(before, name) for name in named)
    assert question.prospect == a_question(**{name: GIVEN[name] for name in named}).prospect


def test_what_is_given_as_unknown_stays_unknown():
    filled = enrich(a_question(naf=None), lambda siren: facts())
    assert filled.question.prospect.naf is None


@pytest.mark.parametrize("prospect", [{"siren": None, "name": "x"}, {"look_up": False, "name": "x"}])
def test_nobody_is_looked_up_without_a_siren_or_against_one_s_will(prospect):
    filled = enrich(a_question(**prospect), lambda siren: pytest.fail("asked"))
    assert (filled.found, filled.document()) == (None, {})


def test_a_customer_of_the_portfolio_is_not_looked_up():
    question = AssessmentIn(customer_id="C1")
    assert enrich(question, lambda siren: pytest.fail("asked")).question is question


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", "a\x85b"), ("name", "x" * 301), ("headcount", -1.0), ("created_on", dt.date(1500, 1, 1))],
)
def test_a_value_that_a_prospect_may_not_have_is_left_out_and_shown_in_the_facts(name, value):
    filled = enrich(a_question(), lambda siren: facts(**{name: value}))
    assert getattr(filled.question.prospect, name) is None
    assert name not in filled.names
    assert name in filled.document()["facts"]["facts"]


def test_accounts_come_with_their_publication_and_their_figures():
    years = (
        YearAccounts(ONE, dt.date(2023, 12, 31), DAY, True, None, "BODACC A9"),
        YearAccounts(ONE, dt.date(2024, 12, 31), DAY, False, 12.0, "R", {"turnover": 5e5, "equity": -3.0}),
    )
    hidden, shown = enrich(a_question(), lambda siren: facts(accounts=years)).question.prospect.accounts
    assert (hidden.confidential, hidden.turnover, hidden.months) == (True, None, None)
    assert (shown.closed_on, shown.published_on) == (dt.date(2024, 12, 31), DAY)
    assert (shown.turnover, shown.equity, shown.cash) == (5e5, -3.0, None)


def test_a_year_that_no_company_could_have_had_is_left_out():
    years = (YearAccounts(ONE, dt.date(2024, 12, 31), DAY, False, 12.0, "R", {"turnover": 1e99}),)
    assert enrich(a_question(), lambda siren: facts(accounts=years)).question.prospect.accounts == []


def test_a_decision_stays_one():
    question = DecisionIn.model_validate({"prospect": {"siren": ONE}, "amount_eur": 500, "terms_days": 30})
    filled = enrich(question, lambda siren: facts())
    assert isinstance(filled.question, DecisionIn)
    assert filled.question.prospect.name == "ESSAI DES BOIS"


def test_notices_are_filings_each_event_once_and_since_its_first_publication():
    found = facts(
        a_notice("receivership", "2026-01-05", "2026-01-20", "A2"),
        a_notice("receivership", "2026-01-05", "2026-01-08", "A1"),
        a_notice("liquidation", "2026-02-05", "2026-02-08", "A3"),
    )
    assert [(row["kind"], str(row["published_on"]), row["source"]) for row in filings_of(found)] == [
        ("receivership", "2026-01-08", "BODACC A1"),
        ("liquidation", "2026-02-08", "BODACC A3"),
    ]


@pytest.mark.parametrize(
    ("values", "judged_on"),
    [
        ({"active": False, "ceased_on": dt.date(2026, 1, 31)}, dt.date(2026, 1, 31)),
        ({"active": False}, DAY),
        ({"ceased_on": dt.date(2026, 1, 31)}, dt.date(2026, 1, 31)),
        ({"active": False, "ceased_on": dt.date(2030, 1, 1)}, DAY),
    ],
)
def test_a_company_that_has_ceased_is_closed_from_when_the_register_knows_it(values, judged_on):
    (row,) = filings_of(facts(**values))
    assert (row["kind"], row["judged_on"], row["published_on"]) == ("closure", judged_on, DAY)


@pytest.mark.parametrize("values", [{}, {"active": True}])
def test_a_company_that_goes_on_has_no_filing(values):
    assert filings_of(facts(**values)) == []


def test_the_registers_tell_a_natural_person():
    assert is_natural_person(facts(natural_person=True))
    assert not is_natural_person(facts(natural_person=False))
    assert not is_natural_person(replace(facts(), facts={}))


def test_what_real_answers_say_fills_a_prospect(tmp_path: Path):
    with serving(by_path=sound()) as server, RegisterClient(settings_for(server.url, tmp_path)) as client:
        filled = enrich(a_question(), lambda siren: look_up(siren, client))
    assert set(filled.names) == {*FIELDS, "accounts"}
    assert [year.turnover for year in filled.question.prospect.accounts] == [1_100_000.0, 1_200_000.0]
