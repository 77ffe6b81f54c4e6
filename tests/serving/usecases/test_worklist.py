"""Actions on the worklist: the night's list stays, and each line is where the actions about it put it."""

import datetime as dt

import pytest

from models.errors import CollectionActionError, StoreError, UnknownCustomerError
from models.portfolio.collection_actions import CollectionAction
from serving.callers import Caller
from serving.store import Assignment, AuditFilter, PackedPartition, Store, WorklistSelection
from serving.usecases.worklist import CollectionActions, WorklistFilter, follow_ups_of
from tests.serving.store.builders import AS_OF, a_customer, a_key, an_entry, an_invoice, to_chase

ANNE = Caller("anne", "sales", "session")
IDS = ("C1", "C2", "C3")
EVERY = WorklistFilter()
TONES = ("courteous", "firm", "declare")


@pytest.fixture
def worked(store: Store) -> Store:
    publish(store, AS_OF)
    return store


def publish(store: Store, as_of: dt.date) -> None:
    run = store.begin_run(a_key(as_of=as_of, policy_hash="worklist"))
    owed = [an_invoice(f"F-{one}-{as_of}", customer_id=one, open_eur=900.0) for one in IDS]
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer(one) for one in IDS], owed))
    lines = [to_chase(one, n, tone=tone) for n, (one, tone) in enumerate(zip(IDS, TONES, strict=True), 1)]
    store.write_findings(run.run_id, {}, [], lines)
    store.publish(run.run_id, {})


def shown(store: Store, wanted: WorklistFilter = EVERY, today: dt.date = AS_OF) -> list[str]:
    run = store.current_run()
    selection = wanted.selection(follow_ups_of(store, run, today))
    page = store.chased(selection, 50, 0, run.run_id)
    assert sum(store.worklist_tones(selection, run.run_id).values()) == page.total == len(page.items)
    return [one.row.customer_id for one in page.items]


def act(store: Store, who: str, kind: str, **more: object) -> CollectionAction:
    return CollectionActions(lambda: store, lambda: AS_OF).record(who, kind, ANNE, **more)  # type: ignore[arg-type]


def test_a_line_waits_for_its_day_and_the_two_lists_make_up_the_night(worked: Store):
    tomorrow = AS_OF + dt.timedelta(days=1)
    act(worked, "C1", "call", until=tomorrow, note="rappeler demain")
    assert shown(worked) == ["C2", "C3"]
    assert shown(worked, WorklistFilter(is_parked=True)) == ["C1"]
    assert shown(worked, today=tomorrow) == list(IDS)
    assert worked.worklist().total == len(IDS)


def test_a_broken_promise_comes_first_and_a_later_action_settles_it(worked: Store):
    act(worked, "C2", "promise", amount_eur=500.0, until=AS_OF)
    later = AS_OF + dt.timedelta(days=1)
    assert shown(worked) == ["C1", "C3"]
    assert shown(worked, today=later) == ["C2", "C1", "C3"]
    act(worked, "C2", "note", note="injoignable")
    assert shown(worked, today=later) == ["C2", "C1", "C3"]
    act(worked, "C2", "call")
    assert shown(worked, today=later) == list(IDS)


def test_the_next_night_judges_a_promise_by_the_invoices_of_then(worked: Store):
    later = AS_OF + dt.timedelta(days=30)
    act(worked, "C1", "promise", amount_eur=900.0, until=AS_OF)
    publish(worked, later)
    assert shown(worked, today=later) == list(IDS)


def test_lines_are_chosen_by_stage_and_by_whose_customers_they_are(worked: Store):
    worked.add_assignments([Assignment("C2", "anne", "claire"), Assignment("C3", "anne", "claire")], [])
    assert shown(worked, WorklistFilter(stage="amicable")) == ["C1", "C2"]
    assert shown(worked, WorklistFilter(assignee="anne")) == ["C2", "C3"]
    assert shown(worked, WorklistFilter(stage="insolvency", assignee="anne")) == ["C3"]
    assert shown(worked, WorklistFilter(tone="firm", stage="insolvency")) == []


def test_thousands_of_lines_may_wait(worked: Store):
    selection = WorklistSelection(parked=frozenset(range(2, 40_000)))
    assert [one.row.customer_id for one in worked.chased(selection).items] == ["C1"]


def test_an_action_is_in_the_log_with_who_did_it(worked: Store):
    made = act(worked, "C1", "promise", amount_eur=500.0, until=AS_OF, note=" 2 fois ")
    assert (made.who, made.note, made.tone) == ("anne", "2 fois", "courteous")
    assert dict(made.owed) == {f"F-C1-{AS_OF}": 900.0}
    (entry,) = worked.audit(about=AuditFilter("C1")).items
    assert (entry.action, entry.who, entry.question["kind"]) == ("collection", "anne", "promise")
    assert CollectionActions(lambda: worked, lambda: AS_OF).history("C1", 10, 0).items == (made,)


def test_nothing_is_recorded_of_an_unknown_customer_or_with_a_fault(worked: Store):
    with pytest.raises(UnknownCustomerError):
        act(worked, "nobody", "call")
    with pytest.raises(CollectionActionError, match="until is missing"):
        act(worked, "C1", "promise", amount_eur=1.0)
    assert worked.newest_action_id() == 0
    assert not worked.audit(about=AuditFilter("C1")).items


def test_an_action_and_its_entry_are_kept_together_or_not_at_all(worked: Store):
    entry = an_entry("1" * 32, action="collection")
    worked.add_action(CollectionAction("C1", "call", "anne"), entry)
    with pytest.raises(StoreError):
        worked.add_action(CollectionAction("C1", "call", "anne"), entry)
    assert worked.newest_action_id() == 1
