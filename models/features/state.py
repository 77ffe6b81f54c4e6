"""Conversion of stored states to the current schema: the only place that interprets other versions.

Owns the alignment by name. A removed field is dropped, a renamed one is read under its earlier name
(`models.features.table.RENAMED`), and one that the state lacks is NaN. The reader decides whether it can do
without: `lacking` returns the missing fields, and `models.assessment.assessor` refuses states that lack what
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
    """Return the current fields that a stored state cannot fill, such as a block with other axes."""
    if stored == wanted:
        return frozenset()
    return frozenset({one.name for one in wanted.fields} - _sources(stored, wanted, renamed).keys())


def aligned(
    vector: StateVector, wanted: StateSchema = STATE_SCHEMA, renamed: Mapping[str, str] = RENAMED
) -> StateVector:
    """Return a stored state with the current fields, NaN where missing; unchanged if the schemas are equal.

    Parameters
    ----------
    renamed
        Current names by earlier ones.
    """
    stored = vector.schema
    if stored == wanted:
        return vector
    values = np.full(wanted.length, np.nan)
    for name, source in _sources(stored, wanted, renamed).items():
        values[wanted.place(name)] = vector.values[stored.place(source)]
    return StateVector(wanted, values)


def _sources(stored: StateSchema, wanted: StateSchema, renamed: Mapping[str, str]) -> dict[str, str]:
    """Return the name under which a stored state holds each current field; the current name comes first."""
    axes = {one.name: one.axes for one in stored.fields}
    earlier = {today: name for name, today in renamed.items() if name in axes and name not in wanted}
    found = {one.name: one.name if one.name in axes else earlier.get(one.name) for one in wanted.fields}
    return {
        one.name: source
        for one in wanted.fields
        if (source := found[one.name]) is not None and axes[source] == one.axes
    }
