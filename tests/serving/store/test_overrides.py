import datetime as dt
from dataclasses import replace

import pytest

from models.errors import StoreError
from serving.store import Store
from tests.serving.store.builders import NOW, Clock, an_entry, an_override


def test_an_override_comes_back_as_it_was_set_with_what_the_model_said(store: Store):
    limit = store.add_override(an_override(value=0.1 + 0.2))
    grade = store.add_override(an_override(customer_id="C2", kind="grade", value="B"))
    zero = store.add_override(an_override(value=0.0))
    assert limit == an_override(value=0.1 + 0.2, override_id=1, created_at=NOW)
    assert (grade.kind, grade.value) == ("grade", "B")
    assert zero.value == 0.0
    assert store.overrides() == (limit, grade, zero)
    assert store.overrides("C2") == (grade,)
    assert store.override(2) == grade
    assert limit.document()["own"] == {"limit_eur": 8_000.0, "grade": "C"}


def test_a_withdrawal_stands_beside_what_it_takes_back(timed: Store, clock: Clock):
    made = timed.add_override(an_override())
    clock.pass_by(days=3)
    ended = timed.withdraw_override(made.override_id, "bruno", "the guarantee has ended")
    assert ended == replace(
        made, withdrawn_at=clock.now, withdrawn_by="bruno", withdrawn_reason="the guarantee has ended"
    )
    assert timed.overrides("C1") == (ended,)
    with pytest.raises(StoreError, match="withdrawn by bruno already"):
        timed.withdraw_override(made.override_id, "anne", "again")
    with pytest.raises(StoreError, match="no override 2"):
        timed.withdraw_override(2, "anne", "a withdrawal is no override")


def test_an_override_is_in_force_from_its_day_to_its_last_one_unless_taken_back(timed: Store, clock: Clock):
    made = timed.add_override(an_override(valid_until=dt.date(2026, 12, 1)))
    days = [dt.date(2026, 11, 20), NOW.date(), dt.date(2026, 12, 1), dt.date(2026, 12, 2)]
    assert [bool(timed.overrides("C1", on=day)) for day in days] == [False, True, True, False]
    clock.pass_by(days=4)
    timed.withdraw_override(made.override_id, "anne", "no longer needed")
    assert [bool(timed.overrides("C1", on=day)) for day in days] == [False, True, False, False]


def test_what_is_not_there_is_an_error(store: Store):
    assert store.override(7) is None
    with pytest.raises(StoreError, match="no override 7"):
        store.withdraw_override(7, "anne", "nothing there")


def test_an_override_and_its_entry_in_the_log_are_kept_together_or_not_at_all(store: Store):
    made = store.add_override(an_override(), an_entry("1" * 32, action="override"))
    with pytest.raises(StoreError):
        store.add_override(an_override(), an_entry("1" * 32, action="override"))
    with pytest.raises(StoreError, match="no override 9"):
        store.withdraw_override(9, "anne", "nothing there", an_entry("2" * 32))
    assert store.overrides() == (made,)
    assert [entry.answer_id for entry in store.audit().items] == ["1" * 32]
