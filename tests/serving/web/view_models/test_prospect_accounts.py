import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.schemas.questions import AccountsIn
from serving.usecases.prospect_enrichment import MOST_YEARS
from serving.web.forms import Typed
from serving.web.view_models.prospect_accounts import (
    FIELDS,
    FIGURES,
    SHOWN,
    SLOTS,
    also_shown,
    name_of,
    read_years,
    shown_days,
    with_theirs,
    years_in_form,
)
from serving.web.words import both_texts, words

FR = words("fr")


def a_year(day: str, **figures: float) -> AccountsIn:
    return AccountsIn(closed_on=day, published_on="2026-01-01", **figures)


THEIRS = [a_year("2023-12-31", turnover=1.0), a_year("2024-12-31", turnover=2.0, cash=9.0)]
DAYS = frozenset(one.closed_on for one in THEIRS)
years = st.lists(
    st.builds(
        AccountsIn,
        closed_on=st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31)),
        turnover=st.floats(-1e9, 1e9).map(lambda eur: round(eur, 2)),
    ),
    max_size=5,
    unique_by=lambda one: one.closed_on,
)


@given(years, st.sampled_from(LANGUAGES))
def test_the_latest_three_stand_in_the_form_as_they_are_read_again(given_years, language):
    w = words(language)
    read = read_years(Typed(years_in_form(given_years, w), w))
    latest = sorted(given_years, key=lambda one: one.closed_on)[-len(SLOTS) :]
    assert [(one.closed_on, one.turnover) for one in read] == [
        (one.closed_on, one.turnover + 0.0) for one in latest
    ]


@given(years)
def test_their_years_shown_and_sent_again_unchanged_are_theirs(theirs):
    theirs = sorted(theirs, key=lambda one: one.closed_on)
    form = years_in_form(theirs, FR)
    shown = shown_days({SHOWN: also_shown(frozenset(), form, theirs)})
    assert with_theirs(read_years(Typed(form, FR)), theirs, shown) == theirs


def test_an_unchanged_year_keeps_the_figures_that_the_form_does_not_show():
    assert with_theirs([AccountsIn(closed_on="2024-12-31", turnover=2.0)], THEIRS) == THEIRS


def test_a_changed_figure_counts_and_an_emptied_one_is_unknown():
    (_, last) = with_theirs([AccountsIn(closed_on="2024-12-31", equity=7.0)], THEIRS)
    assert (last.turnover, last.equity, last.cash) == (None, 7.0, 9.0)


def test_a_year_that_stood_in_the_form_and_stands_there_no_more_is_left_out():
    assert with_theirs([AccountsIn(closed_on="2024-12-31", turnover=2.0)], THEIRS, DAYS) == THEIRS[1:]
    assert with_theirs([], THEIRS, DAYS) == []


def test_a_year_that_was_never_shown_stays():
    assert with_theirs([], THEIRS, frozenset({dt.date(2024, 12, 31)})) == THEIRS[:1]


def test_a_year_kept_from_the_public_stays_until_somebody_has_its_figures():
    hidden = [THEIRS[0], a_year("2024-12-31").model_copy(update={"confidential": True})]
    assert with_theirs([], hidden, DAYS) == hidden[1:]
    mine = AccountsIn(closed_on="2024-12-31", turnover=3.0)
    assert with_theirs([mine], hidden) == [THEIRS[0], mine]


def test_another_year_joins_theirs_in_its_place():
    newer = AccountsIn(closed_on="2025-12-31", turnover=3.0)
    assert with_theirs([newer], THEIRS) == [*THEIRS, newer]
    assert with_theirs([newer], []) == [newer]


def test_no_more_years_come_together_than_a_question_may_have():
    theirs = [a_year(f"{year}-12-31", turnover=1.0) for year in range(2000, 2000 + MOST_YEARS)]
    newer = AccountsIn(closed_on="2025-12-31", turnover=3.0)
    assert with_theirs([newer], theirs) == [*theirs[1:], newer]


def test_figures_need_the_end_of_their_year():
    typed = Typed({"equity_2": "1000"}, FR)
    assert read_years(typed) == []
    assert set(typed.faults) == {"closed_on_2"}


def test_a_year_stands_once():
    twice = {"closed_on": "2024-12-31", "equity": "1", "closed_on_3": "31/12/2024", "equity_3": "2"}
    typed = Typed(twice, FR)
    read_years(typed)
    assert set(typed.faults) == {"closed_on_3"}


@pytest.mark.parametrize("text", ["", ",", "no day", "2024-12-31,x", "2024-13-01"])
def test_what_is_no_day_in_the_hidden_field_counts_for_nothing(text):
    assert shown_days({SHOWN: text}) <= {dt.date(2024, 12, 31)}


def test_every_figure_of_the_form_is_one_of_the_accounts_and_has_words():
    assert set(FIGURES) < set(AccountsIn.model_fields)
    assert {f"prospect.{name}" for name in FIELDS if name[-1].isalpha()} <= set(both_texts())
    assert len(set(FIELDS)) == len(SLOTS) * (1 + len(FIGURES))
    assert name_of("equity", SLOTS[0]) == "equity"
