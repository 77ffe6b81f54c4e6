import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.errors import StoreError
from models.features.state_schema import StateVector
from serving.store import CustomerRow, InvoiceRow, PackedPartition, Store, packing
from tests.serving.store.builders import a_customer, a_key, a_schema, a_vector, an_invoice


def publish(store: Store, customers: list[CustomerRow], invoices: list[InvoiceRow] | None = None) -> None:
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of(customers, invoices or []))
    store.publish(run.run_id, {})


def names(store: Store, q: str) -> list[str | None]:
    return [line.name for line in store.search(q, 20, 0).items]


def test_a_refused_row_leaves_the_partition_as_it_was(store: Store):
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer()], []))
    twice = PackedPartition.of([a_customer(name="Autre"), a_customer(name="Encore")], [])
    with pytest.raises(StoreError, match="the store refused a row"):
        store.write_partition(run.run_id, 0, twice)
    store.publish(run.run_id, {})
    assert names(store, "") == [a_customer().name]


@pytest.mark.parametrize("name", ["Société C1", "as an earlier version named it"])
def test_a_customer_comes_back_bit_for_bit(store: Store, name: str):
    state = np.array([0.1 + 0.2, np.nan, -0.0, np.inf, 5e-324, math.pi])
    assessment = {"value": 0.1 + 0.2, "tiny": 5e-324, "text": "été ☂", "list": [1, None, 2.5], "flag": True}
    assessment["party"] = {"customer_id": "C1", "name": name}
    row = a_customer(state=a_vector(*state), assessment=assessment, pd_12m=1 / 3)
    run = store.begin_run(a_key(state_schema=row.state.schema.hash))
    store.write_partition(run.run_id, 0, PackedPartition.of([row], []))
    store.publish(run.run_id, {})
    found = store.customer("C1")
    assert found is not None
    assert found.as_of == a_key().as_of
    assert found.row.state.values.tobytes() == state.tobytes()
    assert found.row.state.values.flags.writeable
    assert found.row.state.schema == row.state.schema
    assert found.row.assessment == assessment
    assert found.row.pd_12m == 1 / 3
    assert found.row.party == {"customer_id": "C1", "name": "Société C1"}


@given(hnp.arrays(np.float64, st.integers(0, 50)))
def test_any_vector_survives_packing(vector: np.ndarray):
    assert packing.bytes_vector(packing.vector_bytes(vector)).tobytes() == vector.tobytes()


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=50)
def test_any_float_survives_in_a_document(value: float):
    assert packing.unpack(packing.pack({"v": np.float64(value)}, "it"))["v"] == value


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), dt.date(2026, 1, 1), {1, 2}])
def test_a_document_that_is_not_json_is_refused_by_name(store: Store, bad: object):
    run = store.begin_run(a_key())
    with pytest.raises(StoreError, match="the assessment of customer C1"):
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer(assessment={"x": bad})], []))


def test_a_state_that_is_no_float64_vector_is_refused(store: Store):
    run = store.begin_run(a_key())
    short = StateVector(a_schema(), np.zeros(3, dtype=np.float32))
    with pytest.raises(StoreError, match="float32"):
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer(state=short)], []))


def test_a_run_holds_states_of_its_own_schema_only(store: Store):
    run = store.begin_run(a_key())
    with pytest.raises(StoreError, match="customer C1: its state is of schema"):
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer(state=a_vector(1.0))], []))


def test_invoices_come_back_whole_from_the_earliest_due_date(store: Store):
    late = an_invoice("F1", due_on=dt.date(2026, 12, 1))
    early = an_invoice("F2", due_on=dt.date(2026, 11, 1), p_late30=1 / 3)
    publish(store, [a_customer()], [late, early])
    assert store.invoices_of("C1") == (early, late)


def test_what_is_on_account_is_what_is_owed_less_the_open_invoices(store: Store):
    bills = [an_invoice("F1", open_eur=1_500.1), an_invoice("F2", open_eur=0.2)]
    publish(store, [a_customer("C1", open_eur=-3_499.7), a_customer("C2", open_eur=0.0)], bills)
    found = [line.on_account_eur for line in store.search("", 20, 0).items]
    assert found == [-5_000.0, 0.0]
    file = store.customer_file("C1")
    assert file is not None
    assert (file.stored.row.on_account_eur, file.history[0].on_account_eur) == (-5_000.0, -5_000.0)


def test_customers_come_by_risk_from_the_highest(store: Store):
    publish(store, [a_customer(f"C{n}", pd_12m=pd) for n, pd in enumerate((0.2, 0.9, 0.5))])
    assert [line.customer_id for line in store.customers_by_risk(2)] == ["C1", "C2"]


def test_search_finds_names_whatever_their_case_and_accents(store: Store):
    publish(store, [a_customer("1", name="Électricité du Cœur"), a_customer("2", name="Bâtir SA")])
    assert names(store, "ELECTRICITE") == ["Électricité du Cœur"]
    assert names(store, "coeur") == ["Électricité du Cœur"]
    assert names(store, "bâtir") == ["Bâtir SA"]
    assert names(store, "  ") == ["Bâtir SA", "Électricité du Cœur"]


def test_search_finds_the_start_of_a_siren_or_of_an_id(store: Store):
    one = a_customer("CLI-7", name="One", siren="732829320")
    publish(
        store, [one, a_customer("X", name="Other", siren="552100554"), a_customer("Y", name=None, siren=None)]
    )
    assert names(store, "732 829") == ["One"]
    assert names(store, "829320") == []
    assert names(store, "cli-") == ["One"]


@pytest.mark.parametrize("wild", ["%", "_", "\\", "/", "'", '"; DROP TABLE customers; --', "100%_"])
def test_wildcards_and_quotes_in_a_search_stand_for_themselves(store: Store, wild: str):
    publish(store, [a_customer("1", name="Plain"), a_customer("2", name=f"Odd {wild} one")])
    assert names(store, wild) == [f"Odd {wild} one"]
    assert store.search("").total == 2


def test_pages_cut_the_list_and_count_it_whole(store: Store):
    publish(store, [a_customer(f"C{n}", name=f"N{n}") for n in range(5)])
    page = store.search("n", limit=2, offset=4)
    assert (page.total, page.limit, page.offset) == (5, 2, 4)
    assert [line.name for line in page.items] == ["N4"]


def test_a_list_that_began_in_a_run_goes_on_in_it_whatever_is_published_meanwhile(store: Store):
    publish(store, [a_customer(f"C{n}", name=f"N{n}") for n in range(3)])
    began = store.current_run()
    assert began is not None
    first = store.search("", limit=2, run_id=began.run_id).items
    run = store.begin_run(a_key(data_hash="another"))
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C9", name="A9")], []))
    store.publish(run.run_id, {})
    rest = store.search("", limit=2, offset=2, run_id=began.run_id).items
    assert [line.customer_id for line in (*first, *rest)] == ["C0", "C1", "C2"]
    assert store.portfolio(began.run_id) is None
    assert store.chased(run_id=began.run_id).total == 0


def test_every_answer_of_the_published_run_is_read_once_in_batches(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    assert list(store.assessments()) == []
    monkeypatch.setattr("serving.store.store.ASSESSMENTS_AT_ONCE", 2)
    publish(store, [a_customer(f"C{n}", assessment={"n": n}) for n in (3, 1, 0, 2)])
    hidden = store.begin_run(a_key(data_hash="another"))
    store.write_partition(hidden.run_id, 0, PackedPartition.of([a_customer("C9")], []))
    assert list(store.assessments()) == [(f"C{n}", {"n": n}) for n in range(4)]


def test_a_reading_of_answers_stays_with_the_run_it_began_in(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("serving.store.store.ASSESSMENTS_AT_ONCE", 1)
    publish(store, [a_customer(f"C{n}", assessment={"n": n}) for n in range(2)])
    reading = store.assessments()
    first = next(reading)
    later = store.begin_run(a_key(data_hash="another"))
    store.write_partition(later.run_id, 0, PackedPartition.of([a_customer("C9", assessment={"n": 9})], []))
    store.publish(later.run_id, {})
    assert [first, *reading] == [("C0", {"n": 0}), ("C1", {"n": 1})]
