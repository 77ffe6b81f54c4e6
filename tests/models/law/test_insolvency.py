"""What judgments mean for a creditor, as cases that a lawyer can read: the law's article beside each."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.law.insolvency import Insolvency, Judgment, insolvency_of
from models.law.insolvency_words import notice_of
from models.ledger.tables import JUDGMENTS
from tests.typography import faults

TODAY = dt.date(2026, 6, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def judged(kind: str, judged_on: str, published_on: str | None = None, source: str = "BODACC A1") -> Judgment:
    on = day(judged_on)
    return Judgment(kind, on, day(published_on) if published_on else on, source)


@pytest.mark.parametrize(
    ("published", "months", "declare_by", "relief_by", "law"),
    [
        ("2026-02-10", 2, "2026-04-10", "2026-08-10", "R622-24, L622-26"),
        ("2026-02-10", 4, "2026-06-10", "2026-08-10", "R622-24 al. 2: creditors outside metropolitan France"),
        ("2025-12-31", 2, "2026-02-28", "2026-06-30", "art. 641 CPC: the last day of a shorter month"),
        ("2023-12-30", 2, "2024-02-29", "2024-06-30", "art. 641 CPC: a leap year"),
    ],
)
def test_a_claim_is_declared_within_months_of_the_publication(
    published: str, months: int, declare_by: str, relief_by: str, law: str
):
    found = insolvency_of([judged("receivership", "2023-01-01", published)], day(published))
    assert found is not None, law
    assert (found.declare_by(months), found.relief_by()) == (day(declare_by), day(relief_by)), law


@pytest.mark.parametrize(
    ("as_of", "step"),
    [
        ("2026-04-10", "declare"),
        ("2026-04-11", "relief"),
        ("2026-08-10", "relief"),
        ("2026-08-11", "follow"),
    ],
)
def test_after_each_deadline_what_is_left_is_said(as_of: str, step: str):
    found = insolvency_of([judged("liquidation", "2026-02-03", "2026-02-10")], day(as_of))
    assert found is not None
    notice = notice_of(found, day(as_of), 2)
    assert notice.step == step
    for text in (notice.todo_fr, notice.todo_en):
        assert "L622-21" in text  # no reminder, whatever the day


def test_a_proceeding_is_said_with_its_judgment_its_publication_and_the_last_day():
    found = insolvency_of([judged("receivership", "2026-04-20", "2026-04-28")], TODAY)
    assert found is not None
    notice = notice_of(found, TODAY, 2)
    assert notice.title_en == (
        "Receivership: judgment of 2026-04-20, opening published in the BODACC on 2026-04-28."
    )
    assert "avant le 28/06/2026 (il reste 27 jours" in notice.todo_fr
    assert "R622-24" in notice.todo_fr


def test_a_day_that_another_source_told_is_said_to_be_checked():
    found = insolvency_of([judged("receivership", "2026-04-20", "2026-04-28", "URSSAF")], TODAY)
    assert found is not None
    assert "à vérifier" in notice_of(found, TODAY, 2).title_fr


def test_a_conversion_goes_on_with_the_proceeding_that_was_opened():
    found = insolvency_of(
        [
            judged("receivership", "2026-01-05", "2026-01-12"),
            judged("liquidation", "2026-05-04", "2026-05-11"),
        ],
        TODAY,
    )
    assert found is not None
    assert (found.kind, found.judged_on, found.opened_on) == (
        "liquidation",
        day("2026-05-04"),
        day("2026-01-05"),
    )
    assert found.declare_by(2) == day("2026-03-12")


@pytest.mark.parametrize(
    ("adopted", "farming", "runs"),
    [
        ("2016-06-02", False, True),
        ("2016-06-01", False, False),
        ("2011-06-02", True, True),
        ("2011-06-01", True, False),
    ],
)
def test_a_plan_lasts_ten_years_and_fifteen_in_farming(adopted: str, farming: bool, runs: bool):
    found = insolvency_of([judged("receivership_plan", adopted)], TODAY, farming=farming)
    assert (found is not None and found.has_plan) == runs  # L626-12


def test_a_running_plan_is_no_open_proceeding_and_its_failure_opens_one():
    opened, plan = (
        judged("receivership", "2024-01-08", "2024-01-15"),
        judged("receivership_plan", "2025-01-06"),
    )
    found = insolvency_of([opened, plan], TODAY)
    assert found is not None
    assert (found.is_open, found.has_plan, found.opened_on) == (False, True, day("2024-01-08"))
    assert (found.declare_by(2), found.step(TODAY, 2)) == (None, None)
    failed = insolvency_of([opened, plan, judged("liquidation", "2026-05-04", "2026-05-12")], TODAY)
    assert failed is not None
    assert (failed.kind, failed.opened_on) == ("liquidation", day("2026-05-04"))
    assert failed.declare_by(2) == day("2026-07-12")


def test_a_proceeding_of_which_nothing_more_is_published_lapses_after_ten_years():
    assert insolvency_of([judged("receivership", "2016-06-01")], TODAY) is None
    assert insolvency_of([judged("receivership", "2016-06-02")], TODAY) is not None


def test_a_judgment_that_is_not_understood_waits_until_a_later_one_is():
    unread = judged("unknown", "2026-03-02", source="BODACC A7")
    found = insolvency_of([unread], TODAY)
    assert found == Insolvency("none", unread_on=day("2026-03-02"), unread_source="BODACC A7")
    fr, _ = notice_of(found, TODAY, 2).sentences
    assert "BODACC A7" in fr
    assert insolvency_of([unread, judged("proceeding_ended", "2026-03-03")], TODAY) is None
    both = insolvency_of([unread, judged("liquidation", "2026-02-03")], TODAY)
    assert both is not None
    assert (both.is_open, both.is_unread) == (True, True)


def test_what_is_published_later_is_not_known():
    assert insolvency_of([judged("liquidation", "2026-05-04", "2026-06-02")], TODAY) is None


days = st.dates(dt.date(2005, 1, 1), dt.date(2027, 1, 1))
judgments = st.builds(Judgment, st.sampled_from(JUDGMENTS), days, days, st.sampled_from(["BODACC A1", None]))


@given(st.lists(judgments, max_size=6), st.booleans(), st.sampled_from((2, 4)))
def test_whatever_was_judged_is_said_well_and_survives_its_document(
    those: list[Judgment], farming: bool, months: int
):
    found = insolvency_of(those, TODAY, farming=farming)
    assert found == insolvency_of(reversed(those), TODAY, farming=farming)
    if found is None:
        return
    assert Insolvency.from_document(found.document()) == found
    notice = notice_of(found, TODAY, months)
    fr, en = notice.sentences
    assert fr
    assert faults(fr, "fr") == []
    assert faults(en, "en") == []
    assert (notice.step is not None) == found.is_open
