"""Past runs lose what nothing reads any more; history, the log and what is published stay as they are."""

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import delete, select

from serving.store import PackedPartition, PrunedRuns, Store, pruning
from serving.store.engine import transaction
from serving.store.schema import AUDIT, DOCUMENTS, KEPT_STATES
from tests.serving.store.builders import (
    AS_OF,
    a_customer,
    a_key,
    a_state,
    an_alert,
    an_entry,
    an_invoice,
)

NIGHTS = 5


def a_night(store: Store, days: int, **changes: object) -> int:
    key = a_key(as_of=AS_OF + dt.timedelta(days=days), **changes)
    run = store.begin_run(key)
    rows = [a_customer(name, pd_12m=0.01 * (days + 1)) for name in ("C1", "C2")]
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, [an_invoice("F1", "C1")]))
    store.write_findings(run.run_id, {"as_of": str(key.as_of)}, [an_alert("C1")], [])
    store.publish(run.run_id, {"customers": 2})
    return run.run_id


def documents(store: Store) -> Counter[int]:
    """Count the documents of each run."""
    with transaction(store._engine) as connection:
        return Counter(connection.scalars(select(DOCUMENTS.c.run_id)))


@pytest.fixture
def nights(store: Store) -> list[int]:
    store.record_answers([an_entry(state=a_state())])
    return [a_night(store, day) for day in range(NIGHTS)]


def test_documents_of_old_nights_go_and_all_that_is_shown_stays(store: Store, nights: list[int]):
    history, portfolios = store.history("C1"), [store.portfolio(run_id) for run_id in nights]
    shown = (store.customer("C1"), store.alerts(), store.search(""), store.customer_file("C1"))
    assert store.prunable(2) == PrunedRuns(3, 6, 0)
    assert sum(documents(store).values()) == 2 * NIGHTS
    assert store.prune(2) == PrunedRuns(3, 6, 0)
    assert documents(store) == {nights[3]: 2, nights[4]: 2}
    assert store.history("C1") == history
    assert len(history) == NIGHTS
    assert [store.portfolio(run_id) for run_id in nights] == portfolios
    assert len(store.summaries(nights[0])) == 2
    after = (store.customer("C1"), store.alerts(), store.search(""), store.customer_file("C1"))
    assert repr(after) == repr(shown)
    assert store.check_audit().sound
    assert store.prune(2) == store.prunable(2) == PrunedRuns(0, 0, 0)


def test_what_the_log_refers_to_is_never_removed(store: Store, nights: list[int]):
    with transaction(store._engine) as connection:
        before = [connection.execute(select(table)).all() for table in (AUDIT, KEPT_STATES)]
    store.prune(1)
    with transaction(store._engine) as connection:
        assert [connection.execute(select(table)).all() for table in (AUDIT, KEPT_STATES)] == before


def test_the_published_night_and_the_one_it_is_compared_with_stay_whole(store: Store, nights: list[int]):
    old = store.begin_run(a_key(as_of=AS_OF + dt.timedelta(days=2)))
    assert old.run_id == nights[2]
    store.publish(nights[2], {})
    store.prune(1)
    assert set(documents(store)) == {nights[1], nights[2], nights[4]}


def test_a_pruned_night_that_is_run_again_is_computed_anew(store: Store, nights: list[int]):
    store.prune(1)
    again = a_night(store, 0)
    assert again not in nights
    customer = store.customer("C1")
    assert customer is not None
    assert customer.row.pd_12m == 0.01
    assert len(store.history("C1")) == 1


def test_unfinished_nights_of_before_go_and_one_that_may_be_resumed_stays(store: Store, nights: list[int]):
    later = store.begin_run(a_key(data_hash="later"))
    store.write_partition(later.run_id, 0, PackedPartition.of([a_customer("C1")], []))
    assert store.prune(7) == PrunedRuns(0, 0, 0)
    a_night(store, 9)
    assert store.prune(7) == PrunedRuns(0, 0, 1)
    assert store.begin_run(a_key(data_hash="later")).run_id != later.run_id


def test_an_empty_store_has_nothing_to_remove(store: Store):
    store.begin_run(a_key())
    assert store.prune(1) == PrunedRuns(0, 0, 0)
    store.release_space()
    assert store.size_bytes() > 0


def test_killed_between_two_nights_the_next_one_goes_on(
    store: Store, nights: list[int], monkeypatch: pytest.MonkeyPatch
):
    class KilledError(Exception):
        """Stands for the end of the process."""

    calls = []

    def killed(table: object) -> object:
        calls.append(table)
        if len(calls) > len(pruning._REMOVED) + 1:
            raise KilledError
        return delete(table)  # type: ignore[arg-type]

    with monkeypatch.context() as dying:
        dying.setattr(pruning, "delete", killed)
        with pytest.raises(KilledError):
            store.prune(2)
    assert documents(store) == dict.fromkeys(nights[1:], 2)
    assert store.prune(2) == PrunedRuns(2, 4, 0)


def test_space_is_given_back_to_the_disk(store: Store, store_url: str):
    text = "".join(chr(33 + n * n % 90) for n in range(4000))
    for day in range(4):
        run = store.begin_run(a_key(as_of=AS_OF + dt.timedelta(days=day)))
        rows = [a_customer(f"C{n}", party={"customer_id": f"C{n}", "text": text}) for n in range(100)]
        store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
        store.publish(run.run_id, {})
    store.copy_back()
    before = store.size_bytes()
    store.prune(1)
    store.release_space()
    if store_url.startswith("sqlite"):
        assert store.size_bytes() < 0.7 * before
