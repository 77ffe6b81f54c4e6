"""Customers of the fitted demo as of its last days, as the assessor takes them."""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np

from models.assessment.assessment import CustomerState
from models.assessment.party import Party
from models.features.build import STATE_SCHEMA
from models.features.state_schema import StateVector
from tests.models.fitted import fitted

AS_OF = dt.date(2026, 9, 1)


@cache
def _rows() -> np.ndarray:
    day = (AS_OF - dt.date(1970, 1, 1)).days
    return fitted().builder.states(np.arange(300), np.full(300, day)).to_numpy(np.float64)


def some_states(count: int) -> list[CustomerState]:
    """Return customers that are in no default and under no stop."""
    rows = _rows()
    read = STATE_SCHEMA.places(("in_default", "oldest_overdue_days", "proceedings"))
    in_default, oldest, proceedings = rows[:, read].T
    sound = (in_default == 0) & (oldest <= 120) & ~(proceedings > 0)
    return [
        CustomerState(Party(str(place)), AS_OF, StateVector(STATE_SCHEMA, rows[place].copy()))
        for place in np.flatnonzero(sound)[:count]
    ]


def with_overdue(count: int) -> list[CustomerState]:
    """Return those among them that owe something past due."""
    return [one for one in some_states(300) if one.vector.number("overdue_eur") > 0][:count]


def changed(state: CustomerState, **values: float) -> CustomerState:
    """Return a state with some of its values changed."""
    return replace(state, vector=state.vector.with_numbers(values))
