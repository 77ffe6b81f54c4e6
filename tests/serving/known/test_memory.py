"""What is kept of customers in memory, and when it goes."""

from dataclasses import replace

import pytest

from models.errors import StoreError
from serving.api.problems import Problem
from serving.known.memory import FRESH_S, LOOK_EVERY_S, Memory, Reader
from serving.services import Services
from serving.settings import Settings
from serving.store import Store, open_store
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import a_customer, a_key


def reader_of(store: Store, assessor: FakeAssessor | None = None) -> Reader:
    return Reader(Services(Settings(_env_file=None), assessor or FakeAssessor(), store))


def test_what_was_read_is_kept_and_what_nobody_holds_is_not(store: Store):
    memory, found = Memory(10), reader_of(store).read(["C1", "nobody", "411/B"])
    memory.keep(found)
    assert {"C1", "411/B"} == set(found.entries)
    assert memory.get("C1") is found.entries["C1"]
    assert memory.get("nobody") is None


def test_those_asked_about_longest_ago_go_first(store: Store):
    reader, memory = reader_of(store), Memory(1)
    memory.keep(reader.read(["C1"]))
    memory.keep(reader.read(["411/B"]))
    assert memory.get("C1") is None
    assert memory.get("411/B") is not None


def test_who_was_asked_about_since_stays_where_somebody_must_go(store: Store):
    memory, found = Memory(3), reader_of(store).read(["C1"])
    for name in ("first", "second", "third"):
        memory.keep(replace(found, entries={name: replace(found.entries["C1"])}))
    assert memory.get("first") is not None
    memory.keep(replace(found, entries={"fourth": replace(found.entries["C1"])}))
    assert [name for name in ("first", "second", "third", "fourth") if memory.get(name) is None] == ["second"]


def test_another_night_empties_it(store: Store):
    reader, memory = reader_of(store), Memory(10)
    memory.keep(reader.read(["C1"]))
    run = store.begin_run(a_key(data_hash="another"))
    store.write_partition(run.run_id, 0, [a_customer("411/B")], [])
    store.publish(run.run_id, {})
    memory.keep(reader.read([]))
    assert memory.get("C1") is None
    assert set(reader.read(["C1", "411/B"]).entries) == {"411/B"}


def test_another_assessor_empties_it(store: Store):
    memory, first = Memory(10), reader_of(store)
    memory.keep(first.read(["C1"]))
    assessor = memory.assessor
    assert memory.is_of(assessor)
    other = FakeAssessor(policy=assessor.policy, asked=[{}])
    memory.keep(reader_of(store, other).read([]))
    assert memory.get("C1") is None
    assert memory.is_of(other)


def test_a_look_is_due_once_a_second():
    now = 100.0
    memory = Memory(10, lambda: now)
    assert [memory.is_due(), memory.is_due()] == [True, False]
    now += LOOK_EVERY_S
    assert memory.is_due()


def test_what_was_looked_at_too_long_ago_answers_nobody_and_stays_where_nothing_changed(store: Store):
    now = 100.0
    memory, reader = Memory(10, lambda: now), reader_of(store)
    assert not memory.is_stale()
    memory.keep(reader.read(["C1"]))
    kept = memory.get("C1")
    now += FRESH_S
    assert memory.is_stale()
    memory.keep(reader.read(["C1"]), now - FRESH_S / 2)
    assert not memory.is_stale()
    assert memory.get("C1") is kept
    now += FRESH_S / 2
    assert memory.is_stale()


def test_nobody_is_known_before_anything_was_read():
    with pytest.raises(StoreError, match="nothing was read"):
        _ = Memory(10).assessor


def test_without_a_published_night_nothing_can_be_read(tmp_path):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(Problem) as caught:
        reader_of(empty).read(["C1"])
    assert caught.value.status == 503
    empty.close()
