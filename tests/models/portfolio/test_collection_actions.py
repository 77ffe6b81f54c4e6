import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.collection_actions import (
    ACTION_KINDS,
    CollectionAction,
    action_faults,
    follow_up_of,
)
from models.portfolio.worklist import PROPOSALS

TODAY = dt.date(2026, 11, 21)
OWED = {"F1": 1_000.0, "F2": 500.0}
days = st.integers(-40, 40).map(lambda n: TODAY + dt.timedelta(days=n))


def promise(eur: float = 1_200.0, until: dt.date = TODAY, **more: object) -> CollectionAction:
    return CollectionAction("C1", "promise", "anne", None, eur, until, "firm", OWED, **more)  # type: ignore[arg-type]


def state(
    action: CollectionAction, owed: dict[str, float], as_of: dt.date, today: dt.date, tone: str = "firm"
):
    return follow_up_of(action, tone, owed, as_of, today).state


def test_a_promise_parks_its_line_until_its_day_and_until_a_night_can_judge_it():
    tomorrow = TODAY + dt.timedelta(days=1)
    assert state(promise(), OWED, TODAY, TODAY) == "parked"
    assert state(promise(), OWED, TODAY - dt.timedelta(days=1), tomorrow) == "parked"
    assert state(promise(), OWED, TODAY, tomorrow) == "broken"


def test_a_promise_is_kept_by_what_was_paid_of_the_invoices_open_then():
    tomorrow = TODAY + dt.timedelta(days=1)
    assert state(promise(), {"F2": 300.0, "F3": 9_000.0}, TODAY, tomorrow) == "open"
    assert state(promise(), {"F2": 300.01, "F3": 9_000.0}, TODAY, tomorrow) == "broken"


def test_a_proceeding_that_opened_since_ends_the_wait():
    later = TODAY + dt.timedelta(days=9)
    assert state(promise(until=later), OWED, TODAY, TODAY, "declare") == "open"
    declared = CollectionAction("C1", "declared", "anne", until=later, tone="declare")
    assert state(declared, OWED, TODAY, TODAY, "declare") == "parked"


@given(st.sampled_from(ACTION_KINDS), days, days, days, st.sampled_from(PROPOSALS))
def test_a_line_waits_only_for_a_day_and_only_a_promise_is_broken(kind, until, as_of, today, tone):
    action = CollectionAction("C1", kind, "anne", None, 1.0, until, tone, OWED)
    found = follow_up_of(action, tone, OWED, as_of, today)
    if found.state == "broken":
        assert kind == "promise"
        assert as_of >= until < today
    if found.state == "parked":
        assert today < until or (kind == "promise" and (as_of < until or today <= until))
    assert (
        follow_up_of(CollectionAction("C1", kind, "anne", tone=tone), tone, {}, as_of, today).state == "open"
    )
    json.dumps(action.document(), allow_nan=False)


@pytest.mark.parametrize(
    ("action", "faults"),
    [
        (CollectionAction("C1", "promise", "anne"), {("until", "missing"), ("amount_eur", "missing")}),
        (promise(0.0, TODAY - dt.timedelta(days=1)), {("until", "past"), ("amount_eur", "amount")}),
        (CollectionAction("C1", "call", "anne", amount_eur=5.0), {("amount_eur", "unexpected")}),
        (CollectionAction("C1", "postponed", "anne"), {("until", "missing")}),
        (CollectionAction("C1", "note", "anne"), {("note", "missing")}),
        (CollectionAction("C1", "call", "anne"), set()),
        (promise(), set()),
    ],
)
def test_every_fault_of_an_action_is_named_by_its_field(action, faults):
    assert {(one.field, one.code) for one in action_faults(action, TODAY)} == faults
