"""Reads for the in-memory cache of a serving process: customer states with overrides, and a stamp of both.

Owns the statements and their part of the store. While the stamp is unchanged, so is the data; the cache
itself is in `serving.usecases.customer_cache`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from models.features.state_schema import StateVector
from serving.store import overrides, packing, runs, versions
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.schema import CUSTOMERS, DOCUMENTS, OVERRIDES, RUNS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from serving.store.record_rows import Override


class Stamp(NamedTuple):
    """The published run and the newest entry of the overrides; None without one."""

    run_id: int | None
    override_id: int | None


@dataclass(frozen=True, slots=True, eq=False)
class StateWithOverrides:
    """A customer's state in the published run, and all its overrides, the oldest first.

    Parameters
    ----------
    party
        `models.assessment.party.Party` as plain JSON values.
    state
        The state, of the run's schema.
    """

    run_id: int
    as_of: dt.date
    customer_id: str
    party: dict[str, Any]
    state: StateVector
    open_eur: float
    overrides: tuple[Override, ...]


class StateStore(Database):
    """Read the data cached in memory."""

    def stamp(self) -> Stamp:
        """Return a stamp that changes whenever cached data change."""
        with transaction(self._engine) as connection:
            return Stamp(*connection.execute(select(runs.current_run_id(), _newest())).one())

    def states_with_overrides(self, customer_ids: Sequence[str]) -> tuple[StateWithOverrides, ...]:
        """Return customers of the published run, in any order; unknown ones are omitted."""
        with transaction(self._engine) as connection:
            return _read(connection, customer_ids)


def _newest() -> Any:  # noqa: ANN401  # a subquery
    return select(func.max(OVERRIDES.c.override_id)).scalar_subquery()


def _read(connection: Connection, customer_ids: Sequence[str]) -> tuple[StateWithOverrides, ...]:
    same = (DOCUMENTS.c.run_id == CUSTOMERS.c.run_id) & (DOCUMENTS.c.customer_id == CUSTOMERS.c.customer_id)
    asked = CUSTOMERS.c.customer_id.in_(customer_ids)
    query = (
        select(
            RUNS.c.run_id,
            RUNS.c.as_of,
            RUNS.c.state_schema,
            CUSTOMERS.c.customer_id,
            DOCUMENTS.c.party,
            DOCUMENTS.c.state,
            CUSTOMERS.c.open_eur,
        )
        .select_from(CUSTOMERS.join(DOCUMENTS, same).join(RUNS, RUNS.c.run_id == CUSTOMERS.c.run_id))
        .where(CUSTOMERS.c.run_id == runs.current_run_id(), asked)
    )
    found = connection.execute(query).all()
    schemas = versions.schemas(connection, {row.state_schema for row in found})
    overridden = select(OVERRIDES.c.customer_id).where(OVERRIDES.c.customer_id.in_(customer_ids)).distinct()
    own = {one: overrides.history(connection, one, None) for one in connection.scalars(overridden)}
    return tuple(
        StateWithOverrides(
            row.run_id,
            row.as_of,
            row.customer_id,
            packing.from_json(row.party),
            StateVector(schemas[row.state_schema], packing.bytes_vector(row.state)),
            row.open_eur,
            own.get(row.customer_id, ()),
        )
        for row in found
    )
