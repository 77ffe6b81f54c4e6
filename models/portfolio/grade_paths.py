"""Grades of customers over time, as the spells that migration is estimated from.

Owns the states and the spells between two days. A path begins on the first night that knew the customer; a
default ends with the customer's return to a grade, from which on its time counts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from models.policy.grades import GRADES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from models.arrays import Ints

DEFAULT: Final = "default"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (*GRADES, DEFAULT)
"""States of a migration matrix, in its order; the last one absorbs."""
DEFAULT_CODE: Final = len(GRADES)
_CODES: Final = {name: code for code, name in enumerate((*STATES, WITHDRAWN))}
_NO_STATE: Final = -1


@dataclass(frozen=True, slots=True)
class StillCustomers:
    """Customers that kept one state since a day."""

    since: dt.date
    state: str
    customers: int


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A customer's state from a day on: of `STATES`, or `WITHDRAWN` where it left the portfolio."""

    customer_id: str
    as_of: dt.date
    state: str


@dataclass(frozen=True, slots=True, eq=False)
class GradePaths:
    """Spells of equal state of many customers between two days; days count from 0001-01-01.

    Parameters
    ----------
    path, begin, end, state, following
        One entry per spell, by path and day, shape `(n_spells,)`: its path, its days, the code of its state
        in `STATES` and that of the next spell; withdrawn has the code after them. `following` is -1 where
        the spell lasts until the last day.
    customers
        Number of customers with each path, shape `(n_paths,)`.
    """

    path: Ints
    begin: Ints
    end: Ints
    state: Ints
    following: Ints
    customers: Ints

    @classmethod
    def of(
        cls, still: Iterable[StillCustomers], changes: Iterable[GradeChange], since: dt.date, until: dt.date
    ) -> GradePaths:
        """Return the spells between two days, both included.

        Parameters
        ----------
        still
            Customers with one state only, counted together.
        changes
            Of all other customers, by customer and day.
        """
        same = list(still)
        customers = [one.customers for one in same]
        path, day = list(range(len(same))), [one.since.toordinal() for one in same]
        state = [_CODES[one.state] for one in same]
        last = None
        for change in changes:
            if change.customer_id != last:
                last = change.customer_id
                customers.append(1)
            path.append(len(customers) - 1)
            day.append(change.as_of.toordinal())
            state.append(_CODES[change.state])
        changed, on, codes, numbers = (
            np.array(column, dtype=np.int64) for column in (path, day, state, customers)
        )
        return _between(changed, on, codes, numbers, (since.toordinal(), until.toordinal()))

    def on(self, day: int) -> Ints:
        """Return the code of each path's state at the end of a day, -1 where it has none, `(n_paths,)`."""
        found = np.full(len(self.customers), _NO_STATE, dtype=np.int64)
        lasts = (self.begin <= day) & ((day < self.end) | (self.following == _NO_STATE))
        found[self.path[lasts]] = self.state[lasts]
        return found

    def defaulted(self, after: int, until: int) -> NDArray[np.bool_]:
        """Return whether each path entered default after a day and up to another one, `(n_paths,)`."""
        found = np.zeros(len(self.customers), dtype=bool)
        entered = (self.state == DEFAULT_CODE) & (self.begin > after) & (self.begin <= until)
        found[self.path[entered]] = True
        return found


def _between(path: Ints, day: Ints, state: Ints, customers: Ints, days: tuple[int, int]) -> GradePaths:
    """Cut changes, by path and day, to the spells between two days."""
    since, until = days
    known = day <= until
    path, day, state = path[known], day[known], state[known]
    current = np.ones(len(path), dtype=bool)
    current[:-1] = (path[1:] != path[:-1]) | (day[1:] > since)
    path, begin, state = path[current], np.maximum(day[current], since), state[current]
    goes_on = np.flatnonzero(path[1:] == path[:-1])
    end, following = np.full(len(path), until, dtype=np.int64), np.full(len(path), _NO_STATE, dtype=np.int64)
    end[goes_on], following[goes_on] = begin[goes_on + 1], state[goes_on + 1]
    return GradePaths(path, begin, end, state, following, customers)
