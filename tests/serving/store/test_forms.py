"""What answers about one customer share is kept once, and each comes back to the byte, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.errors import StoreError
from serving.api.schemas.questions import AssessmentIn
from serving.known.writing import Written
from serving.services import Services
from serving.settings import Settings
from serving.store import Store, forms, open_store
from serving.store.audit import PreparedEntry, prepare_written
from serving.store.engine import transaction
from serving.store.forms import EDGE, Filling, hash_of
from serving.store.schema import AUDIT, KEPT_FORMS
from tests.serving.fakes import FakeAssessor, publish_into
from tests.serving.known.asking import ask_together
from tests.serving.store.builders import a_filling, a_filling_entry, an_entry

JSON_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(str.encode)


def texts(store: Store) -> list[bytes | None]:
    """Return the answers of the log as they went out, the oldest first."""
    with transaction(store._engine) as connection:
        packed = connection.scalars(select(AUDIT.c.answer).order_by(AUDIT.c.audit_id)).all()
        return forms.texts(connection, packed)


def form_count(store: Store) -> int:
    with transaction(store._engine) as connection:
        return connection.scalar(select(func.count()).select_from(KEPT_FORMS)) or 0


def test_answers_that_fill_in_a_form_come_back_to_the_byte_and_it_is_kept_once(store: Store):
    store.record_prepared(prepare_written([a_filling_entry("1" * 32, "B", brings_form=True)]))
    later = [a_filling_entry("2" * 32, "C", brings_form=True), a_filling_entry("3" * 32, "D")]
    store.record_prepared(prepare_written([*later, a_filling_entry("4" * 32, "E", "Ó", brings_form=True)]))
    bodies = [a_filling(grade)[0] for grade in "BCD"]
    assert texts(store) == [*bodies, a_filling("E", "Ó")[0]]
    assert form_count(store) == 2
    entry = store.audit_entry("3" * 32)
    assert entry is not None
    assert entry.answer == {"name": "Société C1", "grade": "D", "limit_eur": 28000.5}
    assert entry.sound


def test_whole_answers_and_such_that_fill_in_a_form_stand_side_by_side(store: Store):
    store.record_answers([an_entry("1" * 32)])
    store.record_prepared(prepare_written([a_filling_entry("2" * 32, brings_form=True)]))
    store.record_answers([an_entry("3" * 32)])
    assert [entry.answer["grade"] for entry in store.audit().items] == ["B", "B", "B"]
    assert all(entry.sound for entry in store.audit().items)
    assert store.check_audit().sound


def test_an_answer_whose_form_the_log_does_not_hold_is_not_written(store: Store):
    store.record_prepared(prepare_written([a_filling_entry("1" * 32, brings_form=True)]))
    known, unknown = a_filling_entry("2" * 32), a_filling_entry("3" * 32, name="Nobody")
    with pytest.raises(StoreError, match="holds 1 of the 2 forms"):
        store.record_prepared(prepare_written([known, unknown]))
    assert len(store.audit().items) == 1
    store.record_prepared(prepare_written([known]))
    assert len(store.audit().items) == 2


def test_a_form_of_a_transaction_that_fails_is_not_kept(store: Store):
    store.record_answers([an_entry("1" * 32)])
    with pytest.raises(StoreError):
        store.record_prepared(prepare_written([a_filling_entry("1" * 32, brings_form=True)]))
    assert form_count(store) == 0


def test_several_who_bring_the_same_form_at_once_keep_it_once(store_url: str):
    stores = [open_store(store_url) for _ in range(3)]

    def write(n: int) -> None:
        entry = a_filling_entry(f"{n:032x}", name=f"C{n // 6}", brings_form=True)
        stores[n % 3].record_prepared(prepare_written([entry]))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(24)))
    assert form_count(stores[0]) == 4
    assert (stores[0].check_audit().sound, stores[0].check_audit().entries) == (True, 24)
    for opened in stores:
        opened.close()


def test_what_a_server_answers_is_kept_so_on_both_databases_and_is_read_by_another(
    store: Store, store_url: str
):
    services = Services(Settings(_env_file=None), FakeAssessor(), publish_into(store))
    sent = []
    for amount in (1.0, 2.0, 3.0):
        (found,) = ask_together(services, AssessmentIn(customer_id="C1", amount_eur=amount))
        assert isinstance(found, Written)
        sent.append(found.body)
    services.close()
    with closing(open_store(store_url)) as other:
        assert texts(other) == sent
        assert form_count(other) == 1
        assert [entry.answer for entry in other.audit().items[::-1]] == [orjson.loads(one) for one in sent]
        assert other.check_audit().sound


@pytest.mark.parametrize("gaps", [b"B", EDGE.join([b"B", b"1", b"2"]), EDGE.join([b'"', b"1"])])
def test_gaps_that_do_not_fit_their_form_are_not_sound(store: Store, gaps: bytes):
    _, filling = a_filling(brings_form=True)
    (honest,) = prepare_written([a_filling_entry(brings_form=True)])
    packed, _ = forms.pack([Filling(gaps, filling.form_hash, None)])
    store.record_prepared([PreparedEntry({**honest.columns, "answer": packed[0]}, None, honest.form)])
    (entry,) = store.audit().items
    assert (entry.answer, entry.sound) == ({}, False)


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


@given(pairs=st.lists(st.tuples(JSON_TEXT, JSON_TEXT), min_size=2, max_size=6), last=JSON_TEXT)
def test_whatever_stands_in_the_parts_and_the_gaps_comes_back(in_memory, pairs, last):
    form, gaps = EDGE.join([*(part for part, _ in pairs), last]), EDGE.join([gap for _, gap in pairs])
    packed, brought = forms.pack([b"{}", Filling(gaps, hash_of(form), form)])
    body = b"".join(part + gap for part, gap in pairs) + last
    with transaction(in_memory._engine, writes=True) as connection:
        forms.keep(connection, list(brought.values()), packed)
        assert forms.texts(connection, packed) == [b"{}", body]
