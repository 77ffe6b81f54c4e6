import threading
from dataclasses import replace

import pytest

from models.errors import CaseAnsweredError, StoreError, UnknownCaseError
from serving.store import ApprovalCase, CaseEvent, CaseFilter, Store
from tests.serving.store.builders import NOW, an_entry, an_override


def a_case(**changes: object) -> ApprovalCase:
    values: dict[str, object] = {
        "kind": "limit",
        "customer_id": "C1",
        "siren": "732829320",
        "name": "Société C1",
        "who": "camille",
        "answer_id": "a" * 32,
        "approver": "analyst",
        "approvals": 1,
        "amount_eur": 0.1 + 0.2,
        "question": {"limit_eur": 0.1 + 0.2, "valid_until": "2027-01-31"},
        "facts": {"entity_open_eur": 0.0},
        "reason": "the customer doubles its orders",
    }
    return ApprovalCase(**(values | changes))  # type: ignore[arg-type]  # fields by name


def opened(store: Store, number: int = 0, **changes: object) -> ApprovalCase:
    return store.open_case(a_case(**changes), an_entry(f"{number:032x}", action="case"))


def test_a_case_comes_back_as_it_was_sent_and_its_state_follows_from_its_events(store: Store):
    made = opened(store)
    assert made == a_case(case_id=1, opened_at=NOW)
    assert (made.state, made.unread) == ("open", False)
    said = store.add_case_event(CaseEvent(1, "commented", "dominique", "which guarantee?"))
    assert (said.state, said.unread) == ("open", True)
    assert not store.add_case_event(CaseEvent(1, "read", "camille")).unread
    once = store.add_case_event(CaseEvent(1, "endorsed", "dominique", "yes", "analyst", {"limit_eur": 1.0}))
    assert (once.state, once.events[-1].terms) == ("endorsed", {"limit_eur": 1.0})
    done = store.add_case_event(
        CaseEvent(1, "accepted", "claire", "yes", entry_id="e" * 32), an_entry("e" * 32), an_override()
    )
    assert done.state == "accepted"
    assert done.closed is not None
    assert [one.override_id for one in store.overrides("C1")] == [done.closed.override_id]
    assert store.case(1) == done
    assert store.check_audit().sound


@pytest.mark.parametrize("kind", ["accepted", "withdrawn"])
def test_an_answered_case_takes_no_other_answer_and_leaves_nothing_behind(store: Store, kind: str):
    opened(store)
    store.add_case_event(CaseEvent(1, kind, "claire"))  # type: ignore[arg-type]  # kinds by name
    for again in ("refused", "endorsed", "withdrawn"):
        event = CaseEvent(1, again, "dominique")  # type: ignore[arg-type]  # as above
        with pytest.raises(CaseAnsweredError, match=f"{kind} by claire"):
            store.add_case_event(event, an_entry("b" * 32), an_override())
    with pytest.raises(UnknownCaseError):
        store.add_case_event(CaseEvent(2, "refused", "claire"), an_entry("c" * 32))
    assert store.overrides() == ()
    assert len(store.audit().items) == 1
    store.add_case_event(CaseEvent(1, "commented", "camille", "thank you"))


def test_of_two_answers_at_once_one_wins_and_the_other_is_told(store: Store):
    for number in range(4):
        opened(store, number)
    ends: list[str] = []
    ready = threading.Barrier(2)

    def answer(who: str) -> None:
        for case_id in range(1, 5):
            ready.wait()
            try:
                store.add_case_event(CaseEvent(case_id, "accepted", who), None, an_override())
                ends.append(f"{case_id} won")
            except CaseAnsweredError:
                ends.append(f"{case_id} told")

    threads = [threading.Thread(target=answer, args=(who,)) for who in ("claire", "dominique")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [f"{n} {end}" for n in range(1, 5) for end in ("told", "won")]
    assert len(store.overrides()) == 4


def test_lists_select_by_state_person_and_level(store: Store):
    opened(store, 0)
    opened(store, 1, who="claire", approver="credit_manager", kind="order")
    opened(store, 2, customer_id="C2")
    store.add_case_event(CaseEvent(2, "endorsed", "dominique"))
    store.add_case_event(CaseEvent(3, "refused", "claire"))

    def found(**wanted: object) -> list[int]:
        one = CaseFilter(**wanted)  # type: ignore[arg-type]  # conditions by name
        page = store.cases(one)
        assert page.total == store.count_cases(one) == len(page.items)
        return [case.case_id for case in page.items]

    assert found() == [3, 2, 1]
    assert found(states=("open",)) == [1]
    assert found(states=("open", "endorsed")) == [2, 1]
    assert found(states=("refused",)) == [3]
    assert found(kind="order") == [2]
    assert found(customer_id="C2") == [3]
    assert found(who="camille") == [3, 1]
    assert found(levels=("analyst",), not_by="camille") == []
    assert found(levels=("analyst", "credit_manager"), not_by="dominique") == [3, 1]
    assert [store.count_unread_cases(who) for who in ("camille", "claire", "dominique")] == [1, 1, 0]
    assert [one.case_id for one in store.cases(CaseFilter(), 1, 1).items] == [2]


def test_an_approved_order_is_found_by_its_customer_or_its_siren(store: Store):
    for number, kind in enumerate(("accepted", "amended", "refused"), 1):
        opened(store, number, kind="order")
        store.add_case_event(CaseEvent(number, kind, "claire"))  # type: ignore[arg-type]  # kinds by name
    opened(store, 4, kind="limit")
    store.add_case_event(CaseEvent(4, "accepted", "claire"))
    assert [one.case_id for one in store.approved_orders("C1", None)] == [2, 1]
    assert [one.case_id for one in store.approved_orders(None, "732829320")] == [2, 1]
    assert store.approved_orders(None, None) == store.approved_orders("C2", None) == ()


def test_neither_a_case_nor_its_events_can_be_changed(store: Store):
    opened(store)
    store.add_case_event(CaseEvent(1, "refused", "claire", "no"))
    with (
        pytest.raises(Exception, match="cases only grow"),
        store._engine.begin() as connection,  # no method of the store could
    ):
        connection.exec_driver_sql("UPDATE cases SET who = 'claire'")
    with pytest.raises(StoreError):
        store.open_case(replace(a_case(), facts={"x": object()}), an_entry("f" * 32))
