"""Statements on what answers are computed again from: states and policies, each kept once.

Owns how they are kept. Neither is ever changed; keeping the same again does nothing.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from serving.store import packing
from serving.store.record_rows import KeptPolicy, KeptState
from serving.store.schema import KEPT_POLICIES, KEPT_STATES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table


def state_columns(state: KeptState) -> dict[str, Any]:
    """Return a state as columns.

    Raises
    ------
    StoreError
        It is no vector, or what surrounds it is not JSON.
    """
    return {
        "state_hash": state.state_hash,
        "features_hash": state.features_hash,
        "as_of": state.as_of,
        "party": packing.to_json(state.party, "the party of a state"),
        "state": packing.vector_bytes(state.values),
        "surroundings": packing.to_json(state.surroundings, "the surroundings of a state"),
    }


def keep_states(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep states, as columns, those that are not kept yet."""
    keep_once(connection, KEPT_STATES, rows)


def keep_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows whose key is the hash of what they hold, those that are not kept yet."""
    (key,) = table.primary_key.columns
    new = {row[key.name]: row for row in rows}
    known = _known(connection, table, list(new))
    _insert_once(connection, table, [row for found, row in new.items() if found not in known])


def state(connection: Connection, state_hash: str) -> KeptState | None:
    """Return a kept state by its hash, None where it was not kept."""
    query = select(KEPT_STATES).where(KEPT_STATES.c.state_hash == state_hash)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _state(row)


def is_state_sound(row: RowMapping) -> bool:
    """Tell whether a row of the kept states holds what its hash says."""
    try:
        return bool(_state(row).state_hash == row["state_hash"])
    except (ValueError, zlib.error):
        return False


def _state(row: RowMapping) -> KeptState:
    return KeptState(
        row["features_hash"],
        row["as_of"],
        packing.from_json(row["party"]),
        packing.bytes_vector(row["state"]),
        packing.from_json(row["surroundings"]),
    )


def keep_policy(connection: Connection, policy: KeptPolicy, now: dt.datetime) -> bool:
    """Keep a policy's text by its hash; return whether it was not kept yet."""
    if _known(connection, KEPT_POLICIES, [policy.policy_hash]):
        return False
    row = {"policy_hash": policy.policy_hash, "version": policy.version, "text": policy.text}
    _insert_once(connection, KEPT_POLICIES, [{**row, "kept_at": now}])
    return True


def policy_text(connection: Connection, policy_hash: str) -> str | None:
    """Return the text of the policy of a hash, None where it was not kept."""
    query = select(KEPT_POLICIES.c.text).where(KEPT_POLICIES.c.policy_hash == policy_hash)
    found: str | None = connection.scalars(query).one_or_none()
    return found


def _known(connection: Connection, table: Table, hashes: Sequence[str]) -> set[str]:
    (key,) = table.primary_key.columns
    return set(connection.scalars(select(key).where(key.in_(hashes)))) if hashes else set()


def _insert_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that nobody had; on PostgreSQL another process may have had them since."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql_insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(insert(table), list(rows))
