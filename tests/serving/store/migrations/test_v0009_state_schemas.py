"""A store of the version before schemas were stored: brought up to date, nothing in it changes or is lost."""

import hashlib
import json
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Table, event, func, insert, inspect, select, text

from models.errors import StoreError
from models.features.state_schema import StateField, StateSchema, StateVector, unversioned
from serving.store import Store, open_store, packing
from serving.store.engine import MIGRATIONS, migrate, migration, open_engine, transaction
from serving.store.schema import (
    ALERTS,
    CUSTOMERS,
    DOCUMENTS,
    INVOICES,
    KEPT_STATES,
    PARTITIONS,
    POINTERS,
    PORTFOLIO,
    RUNS,
)
from tests.serving.store.builders import (
    NOW,
    a_customer,
    a_key,
    a_state,
    an_entry,
    an_invoice,
    vector_bytes_of_before,
)

LENGTHS = (1376, 1192, 7)
"""Of the states of each run: of the last version, of the first, of none that is known."""
CHILDREN = (CUSTOMERS, DOCUMENTS, INVOICES, PARTITIONS, PORTFOLIO, ALERTS)
RUN = ("as_of", "late_model", "default_model", "policy_hash", "data_hash")


def numbers(length: int) -> np.ndarray:
    return np.random.default_rng(length).normal(size=length)


def to(url: str, revision: str) -> None:
    """Bring a database, empty or of today, to the tables of an earlier version."""
    engine = open_engine(url)
    try:
        with migration(engine) as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(MIGRATIONS))
            move = command.downgrade if inspect(connection).has_table("runs") else command.upgrade
            move(config, revision)
    finally:
        engine.dispose()


def a_run(connection: Connection, run_id: int, length: int) -> None:
    """Write a run as the version before did, with everything that refers to it."""
    key = {name: getattr(a_key(data_hash=f"data{run_id}"), name) for name in RUN}
    moments = {"started_at": NOW, "published_at": NOW}
    connection.execute(insert(RUNS).values(run_id=run_id, **key, **moments, context='{"customers":1}'))
    connection.execute(insert(PARTITIONS).values(run_id=run_id, partition=0, written_at=NOW))
    row, invoice = a_customer(), an_invoice()
    figures = ("pd_12m", "p_late30", "grade", "limit_eur", "open_eur", "overdue_eur", "name", "siren")
    connection.execute(
        insert(CUSTOMERS).values(
            run_id=run_id,
            customer_id="C1",
            partition=0,
            name_folded="societe c1",
            **{name: getattr(row, name) for name in figures},
        )
    )
    connection.execute(
        insert(DOCUMENTS).values(
            run_id=run_id,
            customer_id="C1",
            party=json.dumps(row.party),
            state=vector_bytes_of_before(numbers(length)),
            assessment=packing.pack(row.assessment, "an assessment"),
        )
    )
    told = {name: getattr(invoice, name) for name in INVOICES.c.keys() if name != "run_id"}  # noqa: SIM118  # columns
    connection.execute(insert(INVOICES).values(run_id=run_id, **told))
    connection.execute(insert(PORTFOLIO).values(run_id=run_id, document=packing.pack({}, "a portfolio")))


def state_hash_of_before(length: int) -> str:
    """Return the hash of a kept state as the version before counted it."""
    state = a_state()
    told = json.dumps([state.as_of.isoformat(), state.party, state.surroundings], sort_keys=True)
    return hashlib.sha256(told.encode() + numbers(length).tobytes()).hexdigest()[:32]


def kept_before(connection: Connection, length: int) -> None:
    state = a_state()
    connection.execute(
        insert(KEPT_STATES).values(
            state_hash=state_hash_of_before(length),
            features_hash=hashlib.sha256(numbers(length).tobytes()).hexdigest()[:16],
            as_of=state.as_of,
            party=packing.to_json(state.party, "a party"),
            state=vector_bytes_of_before(numbers(length)),
            surroundings=packing.to_json(state.surroundings, "surroundings"),
        )
    )


def counts(connection: Connection, tables: Sequence[Table] = CHILDREN) -> dict[str, int]:
    return {one.name: connection.scalar(select(func.count()).select_from(one)) for one in tables}


@pytest.fixture
def before(store_url: str) -> str:
    """The URL of a store of the version before, with three runs, of which the first is published."""
    to(store_url, "0008")
    engine = open_engine(store_url)
    with transaction(engine, writes=True) as connection:
        for run_id, length in enumerate(LENGTHS, start=3):
            a_run(connection, run_id, length)
            kept_before(connection, length)
        connection.execute(insert(POINTERS).values(name="current", run_id=3))
        if engine.dialect.name == "sqlite":
            connection.execute(text("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'runs'"))
    engine.dispose()
    return store_url


@pytest.fixture
def updated(before: str) -> Iterator[Store]:
    opened = open_store(before, clock=lambda: NOW)
    yield opened
    opened.close()


def test_every_run_keeps_its_number_and_all_that_refers_to_it(updated: Store):
    with transaction(updated._engine) as connection:
        assert set(counts(connection).values()) == {len(LENGTHS), 0}
        assert counts(connection, [ALERTS]) == {"alerts": 0}
        runs = connection.execute(select(RUNS).order_by(RUNS.c.run_id)).all()
    assert [run.run_id for run in runs] == [3, 4, 5]
    assert [run.state_schema for run in runs] == [unversioned(length).hash for length in LENGTHS]
    current = updated.current_run()
    assert current is not None
    assert (current.run_id, current.started_at, current.context) == (3, NOW, {"customers": 1})


def test_every_state_comes_back_bit_for_bit_with_its_schema(updated: Store):
    for run_id, length in enumerate(LENGTHS, start=3):
        (row,) = updated.scored_of(run_id, ["C1"])
        assert row.state.values.tobytes() == numbers(length).tobytes()
        assert row.state.schema == unversioned(length)


def test_every_kept_state_is_found_under_the_hash_that_the_log_names(updated: Store):
    for length in LENGTHS:
        found = updated.stored_state(state_hash_of_before(length))
        assert found is not None
        assert found.state_hash == state_hash_of_before(length)
        assert (found.vector.schema, found.vector.hash) == (unversioned(length), found.features_hash)
    assert updated.check_audit().sound


def test_the_same_state_kept_again_is_the_one_that_is_there(updated: Store):
    same = a_state(vector=StateVector(unversioned(1376), numbers(1376)))
    assert same.state_hash == state_hash_of_before(1376)
    updated.record_answers([an_entry(state=same)])
    with transaction(updated._engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept_states")) == len(LENGTHS)
    assert updated.check_audit().sound


def test_a_night_of_the_same_data_by_another_schema_is_another_run(updated: Store):
    key = a_key(data_hash="data3", state_schema=unversioned(1376).hash)
    assert updated.begin_run(key).run_id == 3
    other = updated.begin_run(a_key(data_hash="data3"))
    assert other.run_id not in {3, 4, 5}
    assert not other.complete


def test_a_number_that_was_given_once_is_not_given_again(updated: Store):
    if updated._engine.dialect.name != "sqlite":
        pytest.skip("a sequence of PostgreSQL is not rebuilt")
    assert updated.begin_run(a_key()).run_id == 41


def test_what_refers_to_a_run_still_goes_with_it(updated: Store):
    with transaction(updated._engine, writes=True) as connection:
        connection.execute(text("DELETE FROM runs WHERE run_id = 4"))
        assert {name: count for name, count in counts(connection).items() if count} == {
            "customers": 2, "documents": 2, "invoices": 2, "partitions": 2, "portfolio": 2
        }  # fmt: skip


def test_foreign_keys_are_enforced_again_afterwards(updated: Store):
    if updated._engine.dialect.name == "sqlite":
        with transaction(updated._engine) as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(StoreError, match="refused a row"), transaction(updated._engine, writes=True) as one:
        one.execute(insert(PARTITIONS).values(run_id=99, partition=0, written_at=NOW))


def test_an_update_that_would_leave_rows_without_their_run_changes_nothing(before: str):
    engine = open_engine(before)
    if engine.dialect.name != "sqlite":
        engine.dispose()
        pytest.skip("PostgreSQL enforces it itself")
    with pytest.raises(StoreError, match="1 rows would refer"), migration(engine) as connection:
        connection.execute(insert(PARTITIONS).values(run_id=99, partition=0, written_at=NOW))
    with transaction(engine) as connection:
        assert counts(connection)["partitions"] == len(LENGTHS)
    engine.dispose()


def test_a_store_that_is_up_to_date_is_not_read_over_at_each_start(store: Store):
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    migrate(store._engine)
    assert told
    assert "PRAGMA foreign_key_check" not in told


def test_the_update_goes_back_and_forth(before: str):
    open_store(before).close()
    to(before, "0008")
    engine = open_engine(before)
    with transaction(engine) as connection:
        assert not inspect(connection).has_table("state_schemas")
        assert "state_schema" not in {one["name"] for one in inspect(connection).get_columns("runs")}
        assert counts(connection)["documents"] == len(LENGTHS)
    engine.dispose()
    again = open_store(before)
    assert again.scored_of(5, ["C1"])[0].state.schema == unversioned(7)
    assert again.check_audit().sound
    again.close()


def test_with_states_of_a_newer_schema_there_is_no_way_back(before: str):
    store = open_store(before)
    schema = StateSchema((StateField("open_eur"), StateField("turnover")))
    store.record_answers([an_entry(state=a_state(vector=StateVector(schema, np.zeros(2))))])
    store.close()
    with pytest.raises(StoreError, match="cannot read; to go back, put the copy in place"):
        to(before, "0008")
    again = open_store(before)
    assert again.check_audit().sound
    again.close()


def test_a_schema_that_was_changed_behind_our_back_is_told(store: Store):
    schema = StateSchema((StateField("open_eur"), StateField("turnover")))
    state = a_state(vector=StateVector(schema, np.array([1.0, 2.0])))
    store.record_answers([an_entry(state=state)])
    refused = "UPDATE state_schemas SET document = 'x'"
    with pytest.raises(StoreError, match="stays as it is"), transaction(store._engine, writes=True) as one:
        one.execute(text(refused))
    if store._engine.dialect.name != "sqlite":
        return
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER state_schemas_no_update")
        swapped = {"fields": ["turnover", "open_eur"]}
        connection.execute(text("UPDATE state_schemas SET document = :text"), {"text": json.dumps(swapped)})
    assert [fault.why for fault in store.check_audit().faults] == ["state"]
    with pytest.raises(StoreError, match="is gone or was changed"):
        store.stored_state(state.state_hash)
