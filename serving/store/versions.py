"""Statements on the inputs of replays: states, their schemas and policies, each stored once.

Owns their storage. None is ever changed; storing the same again does nothing.
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from models.errors import StateError, StoreError
from models.features.state_schema import StateSchema, StateVector, unversioned
from serving.store import packing
from serving.store.record_rows import StoredPolicy, StoredState
from serving.store.schema import KEPT_POLICIES, KEPT_STATES, STATE_SCHEMAS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table


SCHEMA = "schema"
"""Column alias of a state's schema."""


def state_columns(state: StoredState) -> dict[str, Any]:
    """Return a state as columns, and its schema.

    Raises
    ------
    StoreError
        It is no vector, or its context is not JSON.
    """
    return {
        "state_hash": state.state_hash,
        "features_hash": state.features_hash,
        "as_of": state.as_of,
        "party": packing.to_json(state.party, "the party of a state"),
        "state": packing.vector_bytes(state.vector.values),
        "surroundings": packing.to_json(state.surroundings, "the surroundings of a state"),
        "state_schema": state.vector.schema.hash,
        SCHEMA: state.vector.schema,
    }


def add_states(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new states, as columns, and new schemas."""
    if rows:
        add_schemas(connection, (row[SCHEMA] for row in rows))
        insert_once(connection, KEPT_STATES, rows)


def add_schemas(connection: Connection, schemas: Iterable[StateSchema]) -> None:
    """Store new state schemas."""
    rows = [{"schema_hash": one.hash, "document": schema_text(one)} for one in set(schemas)]
    insert_once(connection, STATE_SCHEMAS, rows)


@lru_cache(maxsize=16)
def schema_text(schema: StateSchema) -> str:
    """Return a schema as it is stored."""
    return packing.to_json(schema.document(), "the schema of a state")


def schemas(connection: Connection, hashes: Iterable[str]) -> dict[str, StateSchema]:
    """Return schemas of states by their hashes.

    Raises
    ------
    StoreError
        One is gone, or was changed.
    """
    wanted = set(hashes)
    query = select(STATE_SCHEMAS).where(STATE_SCHEMAS.c.schema_hash.in_(wanted))
    found = {row.schema_hash: _schema(row.document) for row in connection.execute(query)} if wanted else {}
    sound = {name: one for name, one in found.items() if one is not None and one.hash == name}
    if lost := sorted(wanted - sound.keys()):
        raise StoreError(
            f"the schema {lost[0]!r} of stored states is gone or was changed; put a copy of the store in "
            "place, or run `encours nightly` to score anew"
        )
    return sound


@lru_cache(maxsize=16)
def _schema(text: str) -> StateSchema | None:
    """Parse a schema; None if it is invalid."""
    try:
        return StateSchema.from_document(json.loads(text))
    except (ValueError, LookupError, TypeError, StateError):
        return None


def insert_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new rows whose key is the hash of their content; of their values, those that the table has."""
    (key,) = table.primary_key.columns
    new = {row[key.name]: row for row in rows}
    lacking, columns = new.keys() - _known(connection, table, list(new)), list(table.columns.keys())
    _insert_once(connection, table, [{name: new[one][name] for name in columns} for one in sorted(lacking)])


def state(connection: Connection, state_hash: str) -> StoredState | None:
    """Return a stored state by its hash, None if there is none."""
    query = select(KEPT_STATES).where(KEPT_STATES.c.state_hash == state_hash)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _state(connection, row)


def is_state_sound(connection: Connection, row: RowMapping) -> bool:
    """Return whether a stored state matches its hash, and its schema is unchanged."""
    try:
        return bool(_state(connection, row).state_hash == row["state_hash"])
    except (ValueError, zlib.error, StateError, StoreError):
        return False


def _state(connection: Connection, row: RowMapping) -> StoredState:
    values, named = packing.bytes_vector(row["state"]), row["state_schema"]
    # Rows that name no schema are of before schemas were stored.
    known = unversioned(len(values)) if named is None else schemas(connection, [named])[named]
    return StoredState(
        row["features_hash"],
        row["as_of"],
        packing.from_json(row["party"]),
        StateVector(known, values),
        packing.from_json(row["surroundings"]),
    )


def add_policy(connection: Connection, policy: StoredPolicy, now: dt.datetime) -> bool:
    """Store a policy's text by its hash; return whether it is new."""
    if _known(connection, KEPT_POLICIES, [policy.policy_hash]):
        return False
    row = {"policy_hash": policy.policy_hash, "version": policy.version, "text": policy.text}
    _insert_once(connection, KEPT_POLICIES, [{**row, "kept_at": now}])
    return True


def policy_text(connection: Connection, policy_hash: str) -> str | None:
    """Return the policy text of a hash, None if it is not stored."""
    query = select(KEPT_POLICIES.c.text).where(KEPT_POLICIES.c.policy_hash == policy_hash)
    found: str | None = connection.scalars(query).one_or_none()
    return found


def _known(connection: Connection, table: Table, hashes: Sequence[str]) -> set[str]:
    (key,) = table.primary_key.columns
    return set(connection.scalars(select(key).where(key.in_(hashes)))) if hashes else set()


def _insert_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert missing rows; on PostgreSQL another process may have inserted them meanwhile."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415  # only there

        connection.execute(postgresql_insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(insert(table), list(rows))
