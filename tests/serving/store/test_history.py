import datetime as dt
import pickle
from dataclasses import replace

from serving.store import Dossier, Event, PackedPartition, PaidInvoice, Run, Store
from tests.serving.store.builders import (
    AS_OF,
    a_customer,
    a_dossier,
    a_key,
    an_alert,
    an_invoice,
    an_override,
    to_chase,
)

DAY = dt.timedelta(days=1)


def published(store: Store, as_of: dt.date, pd_12m: float = 0.01, **key: object) -> Run:
    run = store.begin_run(a_key(as_of=as_of, **key))
    customers = [a_customer("C1", pd_12m=pd_12m, dossier=a_dossier()), a_customer("C2")]
    store.write_partition(
        run.run_id,
        0,
        PackedPartition.of(customers, [an_invoice("F1", "C1", days_overdue=21, disputed=False)]),
    )
    store.write_partition(run.run_id, 1, PackedPartition.of([a_customer("C3")], [an_invoice("F3", "C3")]))
    store.write_findings(run.run_id, {}, [an_alert("C1")], [to_chase("C1")])
    return store.publish(run.run_id, {"peers": {}})


def test_there_is_no_past_before_the_first_night(store: Store):
    assert store.run_before(AS_OF) is None
    assert store.history("C1") == ()
    assert store.customer_file("C1") is None
    published(store, AS_OF)
    assert store.run_before(AS_OF) is None
    assert [point.as_of for point in store.history("C1")] == [AS_OF]


def test_the_run_before_is_the_newest_of_the_last_day_that_is_complete(store: Store):
    published(store, AS_OF - 3 * DAY)
    published(store, AS_OF - 2 * DAY, data_hash="first")
    second = published(store, AS_OF - 2 * DAY, data_hash="second")
    store.begin_run(a_key(as_of=AS_OF - DAY))
    found = store.run_before(AS_OF)
    assert found is not None
    assert found.run_id == second.run_id


def test_a_customers_history_has_one_point_a_day_up_to_the_published_one(store: Store):
    first = published(store, AS_OF - DAY, 0.02)
    published(store, AS_OF, 0.03, policy_hash="old")
    published(store, AS_OF, 0.04)
    assert [(p.as_of, p.pd_12m) for p in store.history("C1")] == [(AS_OF - DAY, 0.02), (AS_OF, 0.04)]
    store.publish(first.run_id, {})
    assert [p.pd_12m for p in store.history("C1")] == [0.02]
    assert store.history("nobody") == ()


def test_of_several_runs_of_a_day_the_published_one_counts(store: Store):
    first = published(store, AS_OF, 0.03, policy_hash="old")
    published(store, AS_OF, 0.04)
    store.publish(first.run_id, {})
    assert [p.pd_12m for p in store.history("C1")] == [0.03]


def test_a_customers_file_holds_all_that_is_known(store: Store):
    published(store, AS_OF)
    kept = store.add_override(an_override(customer_id="C1"))
    found = store.customer_file("C1")
    assert found is not None
    assert found.stored.row.customer_id == "C1"
    assert found.context == {"peers": {}}
    assert found.dossier == a_dossier()
    assert [(i.days_overdue, i.disputed) for i in found.invoices] == [(21, False)]
    assert found.alert == an_alert("C1")
    assert found.to_chase == to_chase("C1")
    assert (found.overrides, found.last_override_id) == ((kept,), kept.override_id)
    assert store.last_override_id() == kept.override_id
    assert store.customer_file("nobody") is None


def test_a_customer_without_a_past_has_an_empty_file(store: Store):
    published(store, AS_OF)
    found = store.customer_file("C3")
    assert found is not None
    assert (found.dossier, found.alert, found.to_chase, found.overrides) == (Dossier(), None, None, ())


def test_events_of_an_older_night_are_read_without_their_source():
    document = a_dossier().document() | {"filings": [["sale", "2026-05-02", None]]}
    assert Dossier.from_document(document).filings == (Event("sale", dt.date(2026, 5, 2)),)


def test_a_dossier_of_an_older_night_holds_no_outside_score():
    document = {name: told for name, told in a_dossier().document().items() if name != "outside"}
    assert Dossier.from_document(document).outside == ()


def test_paid_invoices_of_an_older_night_are_read():
    document = a_dossier().document()
    del document["settled"]
    due, paid = dt.date(2026, 6, 30).toordinal(), dt.date(2026, 7, 4).toordinal()
    document["paid"] = [["F0"], [due], [paid], [4], [123_456]]
    assert Dossier.from_document(document) == a_dossier()


def test_a_dossier_comes_back_as_it_went_in():
    first, late = a_dossier().paid[0], dt.date(2027, 1, 5)
    disputed = PaidInvoice("F1", dt.date(2026, 9, 1), late, 20, 10.0)
    early = PaidInvoice("F2", dt.date(2026, 5, 31), dt.date(2026, 5, 11), -20, 0.29)
    whole = replace(a_dossier(), paid=(disputed, first, early))
    assert Dossier.from_document(whole.document()) == whole
    assert Dossier.from_document(Dossier().document()) == Dossier()


def test_customers_of_any_run_are_read_as_stored_and_parsed_later(store: Store):
    run = published(store, AS_OF)
    published(store, AS_OF + DAY)
    stored = pickle.loads(pickle.dumps(store.stored_rows(run.run_id, ["C3", "C1", "nobody"])))
    read = store.scored_of(run.run_id, ["C1", "C3"])
    assert [row.summary() for row in stored.rows()] == [row.summary() for row in read]
    assert [row.customer_id for row in stored.rows()] == ["C1", "C3"]
    assert stored.rows()[0].assessment == a_customer().assessment


def test_more_customers_are_read_at_once_than_a_statement_has_parameters(store: Store):
    run = published(store, AS_OF)
    many = [*(f"X{number}" for number in range(40_000)), "C1"]
    assert [row["customer_id"] for row in store.stored_rows(run.run_id, many).columns] == ["C1"]


def test_grades_of_two_runs_are_counted_with_those_in_one_only(store: Store):
    ids = []
    for day, grades in (
        (AS_OF, {"C1": "A", "C2": "A", "C3": "B"}),
        (AS_OF + DAY, {"C2": "C", "C3": "B", "C4": "E"}),
    ):
        run = store.begin_run(a_key(as_of=day, data_hash="pairs"))
        rows = [a_customer(who, grade=grade) for who, grade in grades.items()]
        store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
        ids.append(run.run_id)
    assert store.grade_pairs(*ids) == {("A", None): 1, ("A", "C"): 1, ("B", "B"): 1, (None, "E"): 1}
