"""Answers that an earlier version kept as what fills in a template come back to the byte."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from serving.store import AuditKeys, Store, answer_templates, open_store
from serving.store.answer_templates import EDGE
from serving.store.engine import transaction
from serving.store.schema import AUDIT
from tests.serving.store.builders import an_entry
from tests.serving.store.templated import a_template, filled, keep_template, record_filled, record_one

JSON_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(str.encode)
LOG = Path(__file__).with_name("log_of_schema_0008.sql")
"""A log as the last version that wrote templates left it: three whole answers and three that fill them in."""
SENT = ["3067b90ff40b", "c9f412131d77", "c81c13d896e2", "6353b1a72c54", "6edb8614b08a", "05fe66a2d866"]
"""The beginnings of the hashes of its answers as they went out."""


def texts(store: Store) -> list[bytes | None]:
    """Return the answers of the log as they went out, the oldest first."""
    with transaction(store._engine) as connection:
        packed = connection.scalars(select(AUDIT.c.answer).order_by(AUDIT.c.audit_id)).all()
        return answer_templates.texts(connection, packed)


def test_a_log_of_the_last_version_that_wrote_templates_is_read_to_the_byte(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "encours.db")) as connection:
        connection.executescript(LOG.read_text(encoding="utf-8"))
    keys = AuditKeys.read("k" * 40)
    with closing(open_store(f"sqlite:///{tmp_path}/encours.db", audit_keys=keys)) as store:
        read = texts(store)
        assert [hashlib.sha256(text or b"").hexdigest()[:12] for text in read] == SENT
        assert all(entry.sound and entry.answer["grade"] == "B" for entry in store.audit().items)
        found = store.check_audit()
        assert (found.sound, found.entries, found.keyed) == (True, len(SENT), len(SENT))
        store.record_answers([an_entry("f" * 32)])
        assert store.check_audit().sound


def test_answers_that_fill_in_a_template_come_back_to_the_byte(store: Store):
    sent = [record_one(store, f"{n:032x}", grade) for n, grade in enumerate("BCD")]
    sent.append(record_one(store, "4" * 32, "E", "Ó"))
    assert texts(store) == sent
    entry = store.audit_entry("2".zfill(32))
    assert entry is not None
    assert entry.answer == {"name": "Société C1", "grade": "D", "limit_eur": 28000.5}
    assert entry.sound


def test_whole_answers_and_such_that_fill_in_a_template_stand_side_by_side(store: Store):
    store.record_answers([an_entry("1" * 32)])
    record_one(store, "2" * 32)
    store.record_answers([an_entry("3" * 32)])
    assert [entry.answer["grade"] for entry in store.audit().items] == ["B", "B", "B"]
    assert all(entry.sound for entry in store.audit().items)
    assert store.check_audit().sound


@pytest.mark.parametrize("gaps", [b"B", EDGE.join([b"B", b"1", b"2"]), EDGE.join([b'"', b"1"])])
def test_gaps_that_do_not_fit_their_template_are_not_sound(store: Store, gaps: bytes):
    keep_template(store, a_template())
    record_filled(store, gaps, a_template())
    (entry,) = store.audit().items
    assert (entry.answer, entry.sound) == ({}, False)


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Store]:
    with closing(open_store("sqlite://")) as opened:
        yield opened


@given(pairs=st.lists(st.tuples(JSON_TEXT, JSON_TEXT), min_size=2, max_size=6), last=JSON_TEXT)
def test_whatever_stands_in_the_parts_and_the_gaps_comes_back(in_memory, pairs, last):
    template, gaps = EDGE.join([*(part for part, _ in pairs), last]), EDGE.join([gap for _, gap in pairs])
    keep_template(in_memory, template)
    with transaction(in_memory._engine) as connection:
        found = answer_templates.texts(connection, [filled(gaps, template)])
    assert found == [b"".join(part + gap for part, gap in pairs) + last]
