"""The figures of a night outlive its run, and a day has those of the run published last."""

import datetime as dt

import pytest

from serving.store import PackedPartition, Run, Store
from serving.store import store as facade
from tests.serving.store.builders import AS_OF, a_customer, a_key


def figures(as_of: dt.date, owed_eur: float) -> dict[str, object]:
    return {
        "as_of": as_of.isoformat(),
        "customers": 1,
        "aged_balance": {"exposure_eur": owed_eur, "overdue_eur": 0.0, "overdue_net_eur": 0.0},
        "dso": {},
        "class_mix": [],
        "expected_loss": {"expected_loss_eur": 1.0},
    }


def published(store: Store, as_of: dt.date, owed_eur: float = 10.0) -> Run:
    run = store.begin_run(a_key(as_of=as_of, data_hash=f"{as_of}{owed_eur}"))
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer()], []))
    store.write_findings(run.run_id, figures(as_of, owed_eur), [], [])
    return store.publish(run.run_id, {})


def nights(store: Store) -> list[tuple[str, float]]:
    found = store.portfolio_nights(dt.date(2020, 1, 1), AS_OF)
    return [(one["as_of"], one["exposure_eur"]) for one in found]


def test_figures_stay_when_their_run_is_pruned(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(facade, "KEPT_RUNS", 1)
    days = [AS_OF - dt.timedelta(days=back) for back in (400, 60, 1, 0)]
    kept = [published(store, day) for day in days]
    assert [day for day, _ in nights(store)] == [day.isoformat() for day in days]
    assert store.first_night() == days[0]
    # The run that the quarter's migration starts from stays; the one before it goes.
    base = store.quarter_base(AS_OF)
    assert base is not None
    assert base.run_id == kept[1].run_id
    assert len(store.summaries(kept[1].run_id)) == 1
    assert store.summaries(kept[0].run_id) == ()


def test_a_day_that_is_published_again_has_the_figures_of_the_last_run(store: Store):
    first = published(store, AS_OF, 10.0)
    published(store, AS_OF, 20.0)
    assert nights(store) == [(AS_OF.isoformat(), 20.0)]
    store.publish(first.run_id, {})
    assert nights(store) == [(AS_OF.isoformat(), 10.0)]


def test_a_run_that_is_not_published_keeps_no_figures(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer()], []))
    store.write_findings(run.run_id, figures(AS_OF, 10.0), [], [])
    assert nights(store) == []
    assert store.first_night() is None
