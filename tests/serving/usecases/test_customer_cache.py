"""What is kept of customers in cache, and when it goes."""

from dataclasses import replace

import pytest

from models.errors import NotPublishedError, StoreError
from serving.store import PackedPartition, Store, open_store
from serving.usecases.assessors import FixedAssessor
from serving.usecases.customer_cache import FRESH_S, LOOK_EVERY_S, CustomerCache, CustomerReader
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import a_customer, a_key


def reader_of(store: Store, assessor: FakeAssessor | None = None) -> CustomerReader:
    return CustomerReader(lambda: store, FixedAssessor(assessor or FakeAssessor()))


def test_what_was_read_is_kept_and_what_nobody_holds_is_not(store: Store):
    cache, found = CustomerCache(10), reader_of(store).read(["C1", "nobody", "411/B"])
    cache.keep(found)
    assert {"C1", "411/B"} == set(found.customers)
    assert cache.get("C1") is found.customers["C1"]
    assert cache.get("nobody") is None


def test_those_asked_about_longest_ago_go_first(store: Store):
    reader, cache = reader_of(store), CustomerCache(1)
    cache.keep(reader.read(["C1"]))
    cache.keep(reader.read(["411/B"]))
    assert cache.get("C1") is None
    assert cache.get("411/B") is not None


def test_who_was_asked_about_since_stays_where_somebody_must_go(store: Store):
    cache, found = CustomerCache(3), reader_of(store).read(["C1"])
    for name in ("first", "second", "third"):
        cache.keep(replace(found, customers={name: replace(found.customers["C1"])}))
    assert cache.get("first") is not None
    cache.keep(replace(found, customers={"fourth": replace(found.customers["C1"])}))
    assert [name for name in ("first", "second", "third", "fourth") if cache.get(name) is None] == ["second"]


def test_another_night_empties_it(store: Store):
    reader, cache = reader_of(store), CustomerCache(10)
    cache.keep(reader.read(["C1"]))
    run = store.begin_run(a_key(data_hash="another"))
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("411/B")], []))
    store.publish(run.run_id, {})
    cache.keep(reader.read([]))
    assert cache.get("C1") is None
    assert set(reader.read(["C1", "411/B"]).customers) == {"411/B"}


def test_another_assessor_empties_it(store: Store):
    cache, first = CustomerCache(10), reader_of(store)
    cache.keep(first.read(["C1"]))
    assessor = cache.assessor
    assert cache.is_of(assessor)
    other = FakeAssessor(policy=assessor.policy, asked=[{}])
    cache.keep(reader_of(store, other).read([]))
    assert cache.get("C1") is None
    assert cache.is_of(other)


def test_a_look_is_due_once_a_second():
    now = 100.0
    cache = CustomerCache(10, lambda: now)
    assert [cache.is_due(), cache.is_due()] == [True, False]
    now += LOOK_EVERY_S
    assert cache.is_due()


def test_what_was_looked_at_too_long_ago_answers_nobody_and_stays_where_nothing_changed(store: Store):
    now = 100.0
    cache, reader = CustomerCache(10, lambda: now), reader_of(store)
    assert not cache.is_stale()
    cache.keep(reader.read(["C1"]))
    kept = cache.get("C1")
    now += FRESH_S
    assert cache.is_stale()
    cache.keep(reader.read(["C1"]), now - FRESH_S / 2)
    assert not cache.is_stale()
    assert cache.get("C1") is kept
    now += FRESH_S / 2
    assert cache.is_stale()


def test_nobody_is_known_before_anything_was_read():
    with pytest.raises(StoreError, match="nothing was read"):
        _ = CustomerCache(10).assessor


def test_without_a_published_night_nothing_can_be_read(tmp_path):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(NotPublishedError):
        reader_of(empty).read(["C1"])
    empty.close()
