"""The database itself refuses to change what only grows."""

import pytest
from sqlalchemy import text

from models.errors import StoreError
from models.portfolio.collection_actions import CollectionAction
from serving.store import Assignment, Review, Store, StoredModel, StoredPolicy
from serving.store.engine import transaction
from tests.models.portfolio.provision_cases import a_closing
from tests.serving.store.builders import AS_OF, a_state, an_entry, an_override
from tests.serving.store.templated import record_one

TABLES = (
    *("overrides", "audit", "kept_states", "kept_forms", "kept_policies", "models"),
    *("reviews", "assignments", "collection_actions", "closings"),
)
COLUMNS = ("reason", "who", "party", "form_hash", "text", "target", "note", "assignee", "kind", "who")


@pytest.fixture
def filled(store: Store) -> Store:
    made = store.add_override(an_override())
    store.withdraw_override(made.override_id, "anne", "no longer needed")
    store.record_answers([an_entry(state=a_state())])
    record_one(store, "b" * 32)
    store.add_policy(StoredPolicy("abc", "1", "text"))
    store.add_reviews([Review("C1", "anne", AS_OF)], [])
    store.add_assignments([Assignment("C1", "anne", "claire")], [])
    store.add_action(CollectionAction("C1", "call", "anne"), an_entry("c" * 32))
    store.add_model(StoredModel("late30", "abc", {"model.json": "{}"}))
    store.keep_closing(a_closing(), "anne", an_entry("d" * 32))
    return store


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    with transaction(store._engine) as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]


def refused(store: Store, statement: str) -> None:
    with (
        pytest.raises(StoreError, match=r"only grows|stays as it is"),
        transaction(store._engine, writes=True) as connection,
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_deleted_or_truncated_away(filled: Store, table: str):
    before = rows(filled, table)
    column = dict(zip(TABLES, COLUMNS, strict=True))[table]
    refused(filled, f"UPDATE {table} SET {column} = 'x'")
    refused(filled, f"DELETE FROM {table}")
    if filled._engine.dialect.name == "postgresql":
        refused(filled, f"TRUNCATE {table} CASCADE")
    assert rows(filled, table) == before


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(filled: Store, table: str):
    if filled._engine.dialect.name != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    before = rows(filled, table)
    refused(filled, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    assert rows(filled, table) == before


def test_no_row_is_replaced_by_one_with_the_same_unique_column(filled: Store):
    if filled._engine.dialect.name != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    columns = "answer_id, at, who, role, via, action, question, answer, seal"
    refused(
        filled,
        f"INSERT OR REPLACE INTO audit ({columns}) SELECT answer_id, at, 'x', role, via, action, question, "
        "answer, seal FROM audit LIMIT 1",
    )
    assert {entry.who for entry in filled.audit().items} == {"claire"}
