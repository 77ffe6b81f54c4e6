"""A stored state read as one of today: the only place where a state of another version is interpreted.

Owns the alignment by name. A field that is gone is dropped, one that was renamed is read under its earlier
name (`models.features.table.RENAMED`), and one that the state lacks is NaN. Whether an answer can do without
it is for the reader to say: `lacking` names what is missing, and `models.assessment.assessor` refuses what
its models or the policy read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.features.build import STATE_SCHEMA
from models.features.state_schema import StateVector
from models.features.table import RENAMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.features.state_schema import StateSchema


def lacking(
    stored: StateSchema, wanted: StateSchema = STATE_SCHEMA, renamed: Mapping[str, str] = RENAMED
) -> frozenset[str]:
    """Return the fields of today that a stored state cannot fill, such as a block of other axes."""
    if stored == wanted:
        return frozenset()
    return frozenset({one.name for one in wanted.fields} - _sources(stored, wanted, renamed).keys())


def aligned(
    vector: StateVector, wanted: StateSchema = STATE_SCHEMA, renamed: Mapping[str, str] = RENAMED
) -> StateVector:
    """Return a stored state with today's fields, NaN where it lacks one; itself where nothing differs.

    Parameters
    ----------
    renamed
        Today's names by earlier ones.
    """
    stored = vector.schema
    if stored == wanted:
        return vector
    values = np.full(wanted.length, np.nan)
    for name, source in _sources(stored, wanted, renamed).items():
        values[wanted.place(name)] = vector.values[stored.place(source)]
    return StateVector(wanted, values)


def _sources(stored: StateSchema, wanted: StateSchema, renamed: Mapping[str, str]) -> dict[str, str]:
    """Return under which name a stored state holds each field of today; today's own name comes first."""
    axes = {one.name: one.axes for one in stored.fields}
    earlier = {today: name for name, today in renamed.items() if name in axes and name not in wanted}
    found = {one.name: one.name if one.name in axes else earlier.get(one.name) for one in wanted.fields}
    return {
        one.name: source
        for one in wanted.fields
        if (source := found[one.name]) is not None and axes[source] == one.axes
    }
