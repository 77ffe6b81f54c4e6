"""Whoever changes, drops, moves or adds an entry behind our back is found out, on both databases."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from serving.store import AuditKeys, PromotionEntry, Store, StoredModel, StoredPolicy, open_store, packing
from serving.store.audit import seal
from serving.store.engine import MIGRATIONS, migrate, migration, transaction
from serving.store.schema import AUDIT
from tests.serving.store.builders import NOW, a_state, an_entry, an_override
from tests.serving.store.templated import a_template, record_one

KEY = "k" * 40
COUNT = 7
GROWING = (
    *("audit", "kept_states", "kept_forms", "overrides", "promotions", "models", "kept_policies"),
    "sealed_rows",
)


@pytest.fixture(params=["", KEY], ids=["plain", "keyed"])
def keys(request: pytest.FixtureRequest) -> AuditKeys:
    return AuditKeys.read(request.param)


@pytest.fixture
def kept(store_url: str, keys: AuditKeys) -> Iterator[Store]:
    """A store with seven entries."""
    opened = open_store(store_url, audit_keys=keys)
    for n in range(COUNT):
        opened.record_answers([an_entry(f"{n:032x}", state=a_state())])
    yield opened
    opened.close()


def behind_our_back(store: Store, *statements: str, **values: Any) -> None:  # noqa: ANN401  # bound values
    """Do what the triggers refuse, as somebody who may do anything to the database."""
    with transaction(store._engine, writes=True) as connection:
        if connection.dialect.name == "sqlite":
            for table in GROWING:
                for name in ("update", "delete", "replace"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{name}"))
        else:
            for table in GROWING:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement), values)


def reseal(store: Store, audit_id: int) -> None:
    """Seal an entry anew, as somebody who knows this program."""
    with transaction(store._engine) as connection:
        row = connection.execute(AUDIT.select().where(AUDIT.c.audit_id == audit_id)).mappings().one()
    behind_our_back(store, f"UPDATE audit SET seal = :seal WHERE audit_id = {audit_id}", seal=seal(row))


def places(store: Store) -> list[tuple[str, str]]:
    return [(fault.what, fault.why) for fault in store.check_audit().faults]


def test_a_log_that_nobody_touched_is_sound(kept: Store, keys: AuditKeys):
    found = kept.check_audit()
    assert (found.sound, found.entries, found.states, found.faults) == (True, COUNT, 1, ())
    assert (found.keyed, found.plain) == ((COUNT, 0) if keys.secrets else (0, COUNT))
    assert found.newest is not None
    assert kept.check_audit(found.newest).sound
    assert all(entry.sound for entry in kept.audit().items)


def test_an_empty_log_is_sound(store: Store):
    found = store.check_audit()
    assert (found.sound, found.entries, found.newest) == (True, 0, None)


def test_a_column_that_was_changed_is_told(kept: Store):
    behind_our_back(kept, "UPDATE audit SET who = 'mallory' WHERE audit_id = 3")
    assert places(kept) == [("3", "seal")]


def test_an_entry_that_was_changed_and_sealed_anew_is_told(kept: Store):
    behind_our_back(kept, "UPDATE audit SET who = 'mallory' WHERE audit_id = 3")
    reseal(kept, 3)
    assert places(kept) == [("3", "broken")]
    entry = kept.audit_entry(f"{2:032x}")
    assert entry is not None
    assert (entry.who, entry.sound) == ("mallory", False)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DELETE FROM audit WHERE audit_id = 3", "4"),
        ("DELETE FROM audit WHERE audit_id = 1", "2"),
        ("UPDATE audit SET audit_id = 100 WHERE audit_id = 3", "4"),
        ("UPDATE audit SET link = NULL WHERE audit_id = 3", "3"),
    ],
)
def test_an_entry_that_was_dropped_moved_or_unlinked_is_told(kept: Store, statement: str, place: str):
    behind_our_back(kept, statement)
    assert (place, "broken") in places(kept)


def test_the_newest_entries_dropped_are_told_by_an_earlier_check(kept: Store):
    newest = kept.check_audit().newest
    behind_our_back(kept, f"DELETE FROM audit WHERE audit_id > {COUNT - 2}")
    assert kept.check_audit().sound
    found = kept.check_audit(newest)
    assert [(fault.what, fault.why) for fault in found.faults] == [(str(COUNT), "newest")]
    assert not found.sound


def rewritten(store: Store, keys: AuditKeys) -> None:
    """Change an entry, and make every seal and link from it on anew with what keys there are."""
    behind_our_back(store, "UPDATE audit SET who = 'mallory' WHERE audit_id = 3")
    reseal(store, 3)
    with transaction(store._engine) as connection:
        rows = connection.execute(AUDIT.select().order_by(AUDIT.c.audit_id)).mappings().all()
    link = rows[1]["link"]
    for row in rows[2:]:
        link = keys.link(link, row["seal"])
        behind_our_back(store, f"UPDATE audit SET link = :link WHERE audit_id = {row['audit_id']}", link=link)


def test_who_rewrites_all_that_follows_is_found_out_by_the_key_alone(kept: Store, keys: AuditKeys):
    newest = kept.check_audit().newest
    rewritten(kept, AuditKeys())
    found = kept.check_audit()
    assert found.sound is not bool(keys.secrets)
    assert not kept.check_audit(newest).sound
    told = [(fault.what, fault.why) for fault in found.faults]
    assert told == ([("3", "without_key")] if keys.secrets else [])


def test_another_key_of_ones_own_proves_nothing(kept: Store, keys: AuditKeys):
    rewritten(kept, AuditKeys.read("m" * 40))
    found = kept.check_audit()
    assert (found.sound, found.other_key) == (False, COUNT - 2)


def test_a_state_that_was_changed_is_told(kept: Store):
    state_hash = a_state().state_hash
    behind_our_back(kept, "UPDATE kept_states SET party = '{}'")
    assert places(kept) == [(state_hash, "state")]
    behind_our_back(kept, "UPDATE kept_states SET party = 'no JSON'")
    assert places(kept) == [(state_hash, "state")]


FORM_BEHIND_OUR_BACK = {
    "dropped": "DELETE FROM kept_forms WHERE form_hash = :form_hash",
    "changed": "UPDATE kept_forms SET form = :other WHERE form_hash = :form_hash",
    "not to be read": "UPDATE kept_forms SET form = :rubbish WHERE form_hash = :form_hash",
}


@pytest.mark.parametrize("how", FORM_BEHIND_OUR_BACK)
def test_a_form_that_was_changed_or_dropped_is_told_with_each_entry_that_fills_it_in(kept: Store, how: str):
    body = record_one(kept, "a" * 32)
    record_one(kept, "b" * 32)
    record_one(kept, "c" * 32, name="Another")
    assert kept.check_audit().sound
    forged = packing.pack_text(body.replace(b"28000.5", b"99000.5"))
    values = {"form_hash": hashlib.sha256(a_template()).hexdigest(), "other": forged, "rubbish": b"yno frame"}
    behind_our_back(kept, FORM_BEHIND_OUR_BACK[how], **values)
    assert places(kept) == [(str(COUNT + 1), "form"), (str(COUNT + 2), "form")]
    assert not kept.check_audit().sound
    told = [(entry.answer_id[0], entry.sound, bool(entry.answer)) for entry in kept.audit(limit=3).items]
    assert told == [("c", True, True), ("b", False, False), ("a", False, False)]


def test_entries_of_before_there_were_links_stay_sound_and_are_counted(store_url: str):
    store = open_store(store_url, audit_keys=AuditKeys.read(KEY))
    store.record_answers([an_entry("1" * 32), an_entry("2" * 32)])
    behind_our_back(store, "UPDATE audit SET link = NULL")
    store.record_answers([an_entry("3" * 32)])
    found = store.check_audit()
    assert (found.sound, found.unlinked, found.keyed) == (True, 2, 1)
    assert all(entry.sound for entry in store.audit().items)
    store.close()


def test_a_key_may_be_set_later_and_changed(store_url: str):
    for number, text_of_keys in enumerate(["", KEY, f"{'n' * 40},{KEY}"]):
        store = open_store(store_url, audit_keys=AuditKeys.read(text_of_keys))
        store.record_answers([an_entry(f"{number:032x}")])
        found = store.check_audit()
        assert (found.sound, found.plain, found.keyed) == (True, 1, number)
        store.close()
    late = open_store(store_url, audit_keys=AuditKeys.read("n" * 40))
    assert (late.check_audit().sound, late.check_audit().other_key) == (False, 1)
    late.close()


def test_many_writers_at_once_make_one_chain(store_url: str, keys: AuditKeys):
    stores = [open_store(store_url, audit_keys=keys) for _ in range(3)]

    def write(n: int) -> None:
        entries = [an_entry(f"{n * 10 + k:032x}", state=a_state()) for k in range(3)]
        stores[n % 3].record_answers(entries)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(30)))
    found = stores[0].check_audit()
    assert (found.sound, found.entries, found.states) == (True, 90, 1)
    for store in stores:
        store.close()


def test_a_long_log_is_read_in_stretches(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("serving.store.audit_check.READ_AT_ONCE", 4)
    store.record_answers([an_entry(f"{n:032x}", state=a_state()) for n in range(8)])
    assert (store.check_audit().entries, store.check_audit().sound) == (8, True)


def test_a_state_that_was_dropped_is_told(kept: Store):
    behind_our_back(kept, "DELETE FROM kept_states")
    found = kept.check_audit()
    assert [(fault.what, fault.why) for fault in found.faults] == [(a_state().state_hash, "state_gone")]
    assert (found.states, found.sound) == (0, False)


@pytest.fixture
def ruled(store_url: str, keys: AuditKeys) -> Iterator[Store]:
    """A store with one row of everything that is sealed."""
    opened = open_store(store_url, clock=lambda: NOW, audit_keys=keys)
    opened.add_policy(StoredPolicy("abc", "1", "text"))
    opened.add_model(StoredModel("late30", "cafe", {"model.json": "{}"}))
    opened.withdraw_override(opened.add_override(an_override()).override_id, "anne", "no longer needed")
    opened.record_promotion(PromotionEntry("late30", 1, "late30/1", "promoted", "anne", reason="better"))
    opened.add_user("anne", "sales", "correct horse battery")
    opened.add_key("night", "batch")
    yield opened
    opened.close()


def test_rows_that_nobody_touched_are_sound_however_they_were_changed_by_the_program(ruled: Store):
    ruled.rotate_key("night")
    ruled.revoke_key("night")
    ruled.set_password("anne", "another horse battery")
    ruled.disable_user("anne")
    found = ruled.check_audit()
    assert (found.sound, found.seals, found.faults) == (True, 13, ())
    assert ruled.check_audit(found.newest, found.newest_seal).sound


def test_a_day_on_which_a_key_was_used_is_no_change(ruled: Store):
    assert ruled.find_key(ruled.add_key("other", "sales")) is not None
    assert ruled.check_audit().sound


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE models SET target = 'default12'", ("model cafe", "row_changed")),
        ("DELETE FROM models", ("model cafe", "row_gone")),
        ("UPDATE kept_policies SET text = 'other'", ("policy abc", "row_changed")),
        ("DELETE FROM kept_policies", ("policy abc", "row_gone")),
        ("UPDATE overrides SET limit_eur = 9e9 WHERE override_id = 1", ("override 1", "row_changed")),
        ("DELETE FROM overrides WHERE withdraws = 1", ("override 2", "row_gone")),
        ("UPDATE promotions SET who = 'mallory'", ("promotion 1", "row_changed")),
        ("DELETE FROM promotions", ("promotion 1", "row_gone")),
        ("UPDATE users SET role = 'admin'", ("user 1", "row_changed")),
        ("UPDATE users SET password_hash = 'x'", ("user 1", "row_changed")),
        ("UPDATE api_keys SET role = 'admin'", ("key 1", "row_changed")),
        ("DELETE FROM api_keys", ("key 1", "row_gone")),
        (
            (
                "INSERT INTO users (name, role, password_hash, created_at, password_changed_at) "
                "SELECT 'mallory', 'admin', 'x', created_at, created_at FROM users"
            ),
            ("user 2", "row_without_seal"),
        ),
    ],
)
def test_a_row_that_was_edited_dropped_or_put_in_is_told(
    ruled: Store, statement: str, place: tuple[str, str]
):
    behind_our_back(ruled, statement)
    assert places(ruled) == [place]
    assert not ruled.check_audit().sound


def test_a_seal_made_anew_or_dropped_is_told_by_its_link(ruled: Store):
    behind_our_back(ruled, "UPDATE sealed_rows SET seal = 'x' WHERE seal_id = 2")
    assert ("seal 2", "broken") in places(ruled)
    behind_our_back(ruled, "DELETE FROM sealed_rows WHERE seal_id = 2")
    assert ("seal 3", "broken") in places(ruled)


def test_the_newest_seals_dropped_with_their_rows_are_told_by_an_earlier_check(ruled: Store):
    newest = ruled.check_audit().newest_seal
    assert newest is not None
    behind_our_back(ruled, "DELETE FROM api_keys", f"DELETE FROM sealed_rows WHERE seal_id = {newest[0]}")
    assert ruled.check_audit().sound
    found = ruled.check_audit(None, newest)
    assert [(fault.what, fault.why) for fault in found.faults] == [(f"seal {newest[0]}", "newest")]


def test_what_was_written_before_there_were_seals_is_sealed_by_the_update(ruled: Store):
    with migration(ruled._engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "0006")
    migrate(ruled._engine)
    found = ruled.check_audit()
    assert (found.sound, found.seals) == (True, 6)
    ruled.add_key("other", "sales")
    behind_our_back(ruled, "UPDATE users SET role = 'admin'")
    assert places(ruled) == [("user 1", "row_changed")]
