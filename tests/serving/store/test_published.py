from dataclasses import replace

import pytest

from models.errors import StoreError
from serving.store import PackedPartition, Run, Store, WorklistSelection
from tests.serving.store.builders import a_customer, a_key, an_alert, an_invoice, to_chase

IDS = ("C1", "C2", "C3")
PORTFOLIO = {"customers": 3, "expected_loss_eur": 0.1 + 0.2}


def written(store: Store, **key: object) -> Run:
    run = store.begin_run(a_key(**key))
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer(i) for i in IDS], [an_invoice("F1", "C1")])
    )
    alerts = [
        an_alert("C2", severity="high", cause="model"),
        an_alert("C1", cause="policy"),
        an_alert("C3", severity="low"),
    ]
    store.write_findings(run.run_id, PORTFOLIO, alerts, [to_chase("C3", 1), to_chase("C1", 2, tone="formal")])
    return run


def test_findings_are_seen_once_the_run_is_published(store: Store):
    run = written(store)
    assert store.portfolio() is None
    assert (store.alerts().total, store.worklist().total) == (0, 0)
    store.publish(run.run_id, {})
    assert store.portfolio() == PORTFOLIO
    assert [row.customer_id for row in store.alerts().items] == ["C2", "C1", "C3"]
    assert [row.customer_id for row in store.worklist().items] == ["C3", "C1"]


def test_rows_come_back_as_they_went_in(store: Store):
    store.publish(written(store).run_id, {})
    assert store.alerts().items[1] == an_alert("C1", cause="policy")
    assert store.alert_of("C1") == an_alert("C1", cause="policy")
    assert store.worklist().items[0] == to_chase("C3", 1)
    assert store.alert_of("nobody") is None


def test_alerts_are_chosen_by_severity_and_cause(store: Store):
    store.publish(written(store).run_id, {})
    assert [row.customer_id for row in store.alerts(severity="high").items] == ["C2"]
    assert [row.customer_id for row in store.alerts(cause="policy").items] == ["C1"]
    assert store.alerts(severity="high", cause="policy").total == 0
    assert [row.customer_id for row in store.worklist(tone="formal").items] == ["C1"]


def test_a_stretch_says_where_the_next_one_starts(store: Store):
    store.publish(written(store).run_id, {})
    first = store.alerts(limit=2)
    assert (len(first.items), first.total, first.next_offset) == (2, 3, 2)
    last = store.alerts(limit=2, offset=2)
    assert ([row.customer_id for row in last.items], last.next_offset) == (["C3"], None)
    assert store.alerts(offset=50).next_offset is None


def test_findings_written_again_replace_what_was_there(store: Store):
    run = written(store)
    store.write_findings(run.run_id, {"customers": 1}, [an_alert("C1")], [])
    store.publish(run.run_id, {})
    assert store.portfolio() == {"customers": 1}
    assert (store.alerts().total, store.worklist().total) == (1, 0)


def test_findings_that_cannot_be_kept_leave_the_old_ones(store: Store):
    run = written(store)
    with pytest.raises(StoreError, match="portfolio"):
        store.write_findings(run.run_id, {"dso": float("nan")}, [], [])
    with pytest.raises(StoreError, match="C1"):
        store.write_findings(run.run_id, {}, [an_alert("C1", after={"limit_eur": float("inf")})], [])
    store.publish(run.run_id, {})
    assert store.portfolio() == PORTFOLIO


def test_a_complete_run_takes_no_more_findings(store: Store):
    run = written(store)
    store.publish(run.run_id, {})
    with pytest.raises(StoreError, match="complete"):
        store.write_findings(run.run_id, {}, [], [])


def test_an_alert_about_nobody_of_the_run_is_refused(store: Store):
    run = written(store)
    with pytest.raises(StoreError, match="refused a row"):
        store.write_findings(run.run_id, {}, [an_alert("nobody")], [])


def test_a_run_written_anew_takes_its_findings_with_its_customers(store: Store):
    run = written(store)
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1")], []))
    store.publish(run.run_id, {})
    assert (store.alerts().items, store.worklist().items) == ((), ())


def test_the_worklist_comes_with_the_customers_lines_of_the_same_run(store: Store):
    store.publish(written(store).run_id, {})
    assert (store.chased().total, store.chased(WorklistSelection(("formal",))).total) == (2, 1)
    for row, found in zip(store.worklist().items, store.chased().items, strict=True):
        assert found.row == row
        assert replace(found.summary, on_account_eur=0.0) == a_customer(row.customer_id).summary()
    assert [one.row.customer_id for one in store.chased(limit=1, offset=1).items] == ["C1"]
    written(store, data_hash="not published")
    assert store.chased().total == 2
