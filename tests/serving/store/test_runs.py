import pytest

import serving.store.store as store_module
from models.errors import StoreError
from serving.store import PackedPartition, Run, Store
from tests.serving.store.builders import AS_OF, NOW, a_customer, a_key, an_invoice


def published(store: Store, *ids: str, context: dict[str, object] | None = None, **key: object) -> Run:
    run = store.begin_run(a_key(**key))
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer(i) for i in ids], [an_invoice(f"F{i}", i) for i in ids])
    )
    return store.publish(run.run_id, context or {})


def test_an_empty_store_has_no_run_and_knows_nobody(store: Store):
    assert store.current_run() is None
    assert store.customer("C1") is None
    assert store.search("").total == 0


def test_readers_see_nothing_of_a_run_before_it_is_published(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer()], [an_invoice()]))
    assert store.current_run() is None
    assert store.customer("C1") is None
    assert store.invoices_of("C1") == ()
    assert store.customers_by_risk(5) == ()


def test_publishing_shows_the_run_with_its_context_and_times(store: Store):
    published(store, "C1", context={"peers": {"43": 0.1}})
    run = store.current_run()
    assert run is not None
    assert (run.complete, run.published, run.context) == (True, True, {"peers": {"43": 0.1}})
    assert (run.key.as_of, run.started_at, run.published_at) == (AS_OF, NOW, NOW)
    assert store.customer("C1") is not None


def test_the_same_key_gives_the_same_run_to_resume(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 3, PackedPartition.of([a_customer()], []))
    again = store.begin_run(a_key())
    assert again == run
    assert not again.complete
    assert store.done_partitions(again.run_id) == {3}
    assert store.begin_run(a_key(policy_hash="other")).run_id != run.run_id


def test_beginning_and_publishing_twice_changes_nothing(store: Store):
    run = published(store, "C1", context={"night": 1})
    again = store.begin_run(a_key())
    assert again == run
    assert again.published
    assert store.publish(again.run_id, {"night": 2}) == run
    assert store.current_run() == run


def test_a_complete_run_takes_no_more_partitions(store: Store):
    run = published(store, "C1")
    with pytest.raises(StoreError, match="complete"):
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C2")], []))
    assert store.customer("C1") is not None


def test_a_run_that_was_replaced_is_published_again_without_computing(store: Store):
    first = published(store, "C1", context={"policy": "old"})
    published(store, "C2", policy_hash="new")
    assert store.customer("C1") is None
    back = store.begin_run(a_key())
    assert (back.run_id, back.complete, back.published) == (first.run_id, True, False)
    store.publish(back.run_id, {"policy": "ignored"})
    assert store.customer("C1") is not None
    assert store.current_run() == first


def test_rewriting_a_partition_replaces_it_and_no_other(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer("C1"), a_customer("C2")], [an_invoice("F1", "C1")])
    )
    store.write_partition(run.run_id, 1, PackedPartition.of([a_customer("C9")], []))
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C2")], [an_invoice("F2", "C2")]))
    store.publish(run.run_id, {})
    assert [line.customer_id for line in store.search("").items] == ["C2", "C9"]
    assert store.invoices_of("C1") == ()
    assert [i.invoice_id for i in store.invoices_of("C2")] == ["F2"]


def test_a_partition_with_a_faulty_row_is_not_written_at_all(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1")], []))
    bad = an_invoice("F1", "C2", p_late30=float("nan"))
    with pytest.raises(StoreError, match="invoice F1: p_late30 is nan"):
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C2")], [bad]))
    with pytest.raises(StoreError, match="refused a row"):
        store.write_partition(
            run.run_id, 1, PackedPartition.of([a_customer("C3")], [an_invoice("F1", "somebody else")])
        )
    assert store.done_partitions(run.run_id) == {0}
    assert [line.customer_id for line in store.summaries(run.run_id)] == ["C1"]


def test_an_empty_run_cannot_be_published(store: Store):
    run = store.begin_run(a_key())
    with pytest.raises(StoreError, match="no partition"):
        store.publish(run.run_id, {})
    with pytest.raises(StoreError, match="no run 99"):
        store.publish(99, {})


def test_old_runs_are_pruned_and_the_published_one_never(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store_module, "KEPT_RUNS", 2)
    first = published(store, "C0", data_hash="0")
    ids = [published(store, f"C{n}", data_hash=str(n)).run_id for n in (1, 2, 3)]
    assert store.summaries(first.run_id) == ()
    assert store.summaries(ids[0]) == ()
    assert [line.customer_id for line in store.summaries(ids[1])] == ["C2"]
    store.publish(ids[1], {})
    assert store.begin_run(a_key(data_hash="4")).run_id not in ids
    assert store.customer("C2") is not None
