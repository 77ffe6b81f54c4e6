"""Lists of the night: what each shows, and what of it stands in the audit log."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from models.errors import NotPublishedError, StoreError, UnknownCustomerError
from serving.api.routes import alerts as alerts_route
from serving.api.routes import portfolio as portfolio_route
from serving.api.routes import worklist as worklist_route
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.store import (
    AlertFollowUp,
    AuditEntry,
    CustomerQuery,
    ListPage,
    PackedPartition,
    Store,
    WorklistEntry,
    open_store,
)
from serving.usecases import lists
from serving.usecases.alerts import AlertFilter, ShownAlerts, listed_alert
from serving.usecases.assessors import FixedAssessor
from serving.usecases.limit_usage import LimitsInForce
from serving.usecases.lists import (
    PublishedLists,
    Viewer,
    listed_chase,
    listed_customer,
    listed_exposure,
)
from serving.usecases.similar_names import SimilarNames
from serving.usecases.worklist import WorklistFilter
from serving.web.pages import alerts as alerts_page
from serving.web.pages import portfolio as portfolio_page
from serving.web.pages import search as search_page
from serving.web.pages import worklist as worklist_page
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import a_customer, a_key, an_alert, to_chase
from tests.serving.web.visiting import with_people

VIEWER = Viewer(Caller("anne", "sales", "session"), "page", {"path": "/worklist"})
LINE = a_customer("C1", limit_eur=1_000.0, open_eur=1_200.0, grade="B").summary()
STANDS = {
    "limit_in_force_eur": 1_000.0,
    "limit_from": "model",
    "grade_in_force": "B",
    "grade_from": "model",
    "use_share": 1.2,
    "over_limit_eur": 200.0,
}


def test_a_line_keeps_the_models_own_figures_beside_what_is_in_force():
    told = listed_customer(LINE, {}, {})
    assert told["limit_eur"] == 1_000.0
    assert told.items() >= STANDS.items()


def test_who_is_chased_comes_with_what_is_owed_in_all():
    told = listed_chase(WorklistEntry(to_chase("C1", 3), LINE), {})
    assert (told["place"], told["open_eur"]) == (3, 1_200.0)
    assert told.items() >= STANDS.items()


def test_an_alert_is_told_with_where_its_customer_stands_after_it():
    row = an_alert("C1", after={"grade": "B", "limit_eur": 1_000.0}, before={"grade": "A", "limit_eur": 9.0})
    run = with_people().store.current_run()
    assert run is not None
    moment = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    followed = {"C1": AlertFollowUp("anne", moment, "paul")}
    listed = listed_alert(row, ShownAlerts(run, ListPage((row,), 1, 10, 0), {}, followed))
    assert listed.items() >= STANDS.items()
    assert (listed["seen_by"], listed["seen_at"], listed["owner"]) == ("anne", moment.isoformat(), "paul")


def test_an_exposure_keeps_what_the_night_published():
    line = {"customer_id": "C1", "limit_eur": 1_000.0, "grade": "B", "open_eur": 1_200.0, "share": 0.1}
    assert listed_exposure(line, {}) == line | STANDS


@contextmanager
def shown_by(store: Store) -> Iterator[PublishedLists]:
    """Give the use case over a store that is open."""
    recorder = Recorder(lambda: store)
    limits = LimitsInForce(lambda: store, FixedAssessor(FakeAssessor()), lambda: dt.date(2026, 1, 1))
    try:
        yield PublishedLists(lambda: store, recorder, limits, SimilarNames(lambda: store))
    finally:
        recorder.close()


def newest(store: Store) -> AuditEntry:
    return store.audit(1).items[0]


@pytest.mark.parametrize("name", ["customers", "worklist", "alerts"])
def test_a_page_of_a_list_stands_in_the_log_with_whom_it_names(name: str):
    store, asked = (
        with_people().store,
        {"customers": (CustomerQuery(),), "worklist": (WorklistFilter(),), "alerts": (AlertFilter(),)},
    )
    with shown_by(store) as shown:
        found = getattr(shown, name)(VIEWER, *asked[name], 3, 0)
    rows = [one.row if name == "worklist" else one for one in found.page.items]
    ids = [row.customer_id for row in rows]
    entry = newest(store)
    assert (entry.who, entry.action, entry.question) == ("anne", "page", {"path": "/worklist"})
    assert (entry.answer["run_id"], entry.answer["customer_ids"]) == (found.run.run_id, ids)


def test_a_whole_list_comes_stretch_by_stretch_and_is_entered_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lists, "AT_ONCE", 7)
    store = with_people().store
    before = len(store.audit(500).items)
    with shown_by(store) as shown:
        every, chased = (
            shown.every_customer(VIEWER, CustomerQuery()),
            shown.every_chase(VIEWER, WorklistFilter()),
        )
        assert len(store.audit(500).items) == before + 2
        assert len(list(every.rows)) == store.search("").total
        assert [one.row.place for one in chased.rows] == list(range(1, store.worklist().total + 1))
    assert len(store.audit(500).items) == before + 2
    assert "customer_ids" not in newest(store).answer


def test_the_portfolio_comes_with_what_is_in_force_of_its_largest_exposures():
    store = with_people().store
    with shown_by(store) as shown:
        found = shown.portfolio(VIEWER)
    assert found.document == store.portfolio()
    assert newest(store).answer == {"run_id": found.run.run_id, "as_of": found.run.key.as_of.isoformat()}


def test_invoices_of_nobody_are_refused_and_not_entered():
    store = with_people().store
    before = newest(store).answer_id
    with shown_by(store) as shown, pytest.raises(UnknownCustomerError):
        shown.invoices(VIEWER, "nobody")
    assert newest(store).answer_id == before


def test_before_the_first_night_there_is_no_list(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'new.db'}")) as store, shown_by(store) as shown:
        for ask in (lambda: shown.customers(VIEWER, CustomerQuery(), 20, 0), lambda: shown.portfolio(VIEWER)):
            with pytest.raises(NotPublishedError):
                ask()
        assert not store.audit(1).items


def test_what_cannot_be_entered_is_not_shown():
    store = with_people().store
    with shown_by(store) as shown:
        shown.recorder.close()
        with pytest.raises(StoreError):
            shown.worklist(VIEWER, WorklistFilter(), 20, 0)


@pytest.mark.parametrize(
    "entry_point",
    [
        alerts_page,
        alerts_route,
        portfolio_page,
        portfolio_route,
        search_page,
        worklist_page,
        worklist_route,
    ],
)
def test_lists_reach_the_store_and_the_log_through_their_use_case_alone(entry_point: ModuleType):
    assert "PublishedListsDep" in vars(entry_point)
    assert not {"StoreDep", "RecorderDep", "LimitsDep", "RunDep"} & vars(entry_point).keys()


def test_a_list_is_of_one_run_though_a_night_is_published_while_it_is_read(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'two.db'}")) as store, shown_by(store) as shown:
        runs = []
        for policy, customer_id in (("one", "C1"), ("two", "C2")):
            run = store.begin_run(a_key(policy_hash=policy))
            store.write_partition(run.run_id, 0, PackedPartition.of([a_customer(customer_id)], []))
            store.write_findings(run.run_id, {}, [an_alert(customer_id)], [to_chase(customer_id)])
            runs.append(run)
        store.publish(runs[0].run_id, {})
        every = shown.every_customer(VIEWER, CustomerQuery())
        store.publish(runs[1].run_id, {})
        assert [row.customer_id for row in every.rows] == ["C1"]
        for run, customer_id in zip(runs, ("C1", "C2"), strict=True):
            found = store.alerts(run_id=run.run_id).items
            assert [row.customer_id for row in found] == [customer_id]
