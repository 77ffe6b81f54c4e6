"""Writes answers as an earlier version did: a template kept once, and what fills its gaps."""

import hashlib

from zstandard import ZstdCompressionDict, ZstdCompressor

from serving.store import AuditEntry, PreparedEntry, Store, audit, packing, versions
from serving.store.answer_templates import EDGE, FILLED
from serving.store.engine import transaction
from serving.store.schema import KEPT_FORMS
from tests.serving.store.builders import an_entry


def filled(gaps: bytes, template: bytes) -> bytes:
    """Pack the text between the parts of a template, `EDGE` in between."""
    words = ZstdCompressionDict(packing.GAPS.read_bytes())
    compressor = ZstdCompressor(level=1, dict_data=words, write_dict_id=False)
    return FILLED + hashlib.sha256(template).digest() + compressor.compress(gaps)


def keep_template(store: Store, template: bytes) -> None:
    """Keep a template under its hash, once."""
    row = {"form_hash": hashlib.sha256(template).hexdigest(), "form": packing.pack_text(template)}
    with transaction(store._engine, writes=True) as connection:
        versions.insert_once(connection, KEPT_FORMS, [row])


def record_filled(store: Store, gaps: bytes, template: bytes, entry: AuditEntry | None = None) -> None:
    """Add an entry whose answer fills in a template that is kept."""
    told = entry or an_entry()
    columns = {
        **{name: getattr(told, name) for name in audit.PLAIN},
        "question": packing.to_json(told.question, "a question"),
        "answer": filled(gaps, template),
        "state_hash": told.state_hash,
    }
    store.record_prepared([PreparedEntry({**columns, "seal": audit.seal(columns)}, None)])


def a_template(name: str = "Société C1") -> bytes:
    """Return a template of three parts."""
    return EDGE.join([f'{{"name":"{name}","grade":"'.encode(), b'","limit_eur":', b"}"])


def record_one(store: Store, answer_id: str, grade: str = "B", name: str = "Société C1") -> bytes:
    """Add an entry that fills in `a_template`; return its answer as it went out."""
    template = a_template(name)
    keep_template(store, template)
    record_filled(store, EDGE.join([grade.encode(), b"28000.5"]), template, an_entry(answer_id))
    return f'{{"name":"{name}","grade":"{grade}","limit_eur":28000.5}}'.encode()
