from pathlib import Path

import pytest

from models.errors import StoreError
from serving.store import AuditFilter, Store, open_store
from serving.store.engine import transaction
from tests.serving.store.builders import a_state, an_entry


def test_an_entry_comes_back_as_it_was_told_figures_exact(store: Store):
    told = an_entry(state=a_state())
    store.record_answers([told])
    found = store.audit_entry(told.answer_id)
    assert found == an_entry(state_hash=a_state().state_hash)
    assert store.audit_entry("b" * 32) is None


def test_pages_go_back_from_the_newest_and_each_entry_comes_once(store: Store):
    ids = [f"{n:032x}" for n in range(7)]
    store.record_answers([an_entry(answer_id) for answer_id in ids[:4]])
    store.record_answers([an_entry(answer_id) for answer_id in ids[4:]])
    seen, before = [], None
    for _ in range(3):
        page = store.audit(limit=3, before=before)
        seen += [entry.answer_id for entry in page.items]
        before = page.next_before
    assert seen == ids[::-1]
    assert before is None


def test_the_log_is_filtered_by_customer_and_by_who_asked(store: Store):
    entries = [
        an_entry("1" * 32, customer_id="C1", who="anne"),
        an_entry("2" * 32, customer_id="C2", who="anne"),
        an_entry("3" * 32, customer_id="C1", who="bruno"),
    ]
    store.record_answers(entries)
    assert [e.answer_id[0] for e in store.audit(about=AuditFilter("C1")).items] == ["3", "1"]
    assert [e.answer_id[0] for e in store.audit(about=AuditFilter(who="anne")).items] == ["2", "1"]
    assert [e.answer_id[0] for e in store.audit(about=AuditFilter("C1", "anne")).items] == ["1"]


def test_entries_are_written_all_or_none(store: Store):
    store.record_answers([an_entry("1" * 32)])
    for faulty in (an_entry("1" * 32), an_entry("3" * 32, answer={"value": float("nan")})):
        with pytest.raises(StoreError):
            store.record_answers([an_entry("2" * 32), faulty])
    assert [entry.answer_id for entry in store.audit().items] == ["1" * 32]


def test_a_row_that_was_changed_behind_our_back_is_told_apart(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    store.record_answers([an_entry("1" * 32), an_entry("2" * 32)])
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql(f"UPDATE audit SET who = 'mallory' WHERE answer_id = '{'1' * 32}'")
    assert [(entry.who, entry.sound) for entry in store.audit().items] == [
        ("claire", True),
        ("mallory", False),
    ]
    store.close()


def test_the_log_outlives_the_process(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/encours.db"
    first = open_store(url)
    first.record_answers([an_entry()])
    first.close()
    second = open_store(url)
    assert second.audit_entry(an_entry().answer_id) == an_entry()
    second.close()
