"""States as other versions of the program would have stored them."""

from collections.abc import Iterable, Mapping

import numpy as np

from models.features.state_schema import StateField, StateSchema, StateVector

NEWER = StateField("a_feature_of_a_newer_version")


def without(schema: StateSchema, *names: str) -> StateSchema:
    """Return a schema without some fields."""
    return StateSchema(tuple(one for one in schema.fields if one.name not in names))


def with_newer(schema: StateSchema, at: int = 0) -> StateSchema:
    """Return a schema with one field more, put in at a place."""
    return StateSchema((*schema.fields[:at], NEWER, *schema.fields[at:]))


def in_order(schema: StateSchema, order: Iterable[int]) -> StateSchema:
    """Return a schema of the same fields in another order."""
    return StateSchema(tuple(schema.fields[at] for at in order))


def renamed(schema: StateSchema, names: Mapping[str, str]) -> StateSchema:
    """Return a schema in which some fields have other names."""
    return StateSchema(tuple(StateField(names.get(one.name, one.name), one.axes) for one in schema.fields))


def stored_by(
    vector: StateVector, schema: StateSchema, names: Mapping[str, str] | None = None
) -> StateVector:
    """Return a state as a version with another schema would have stored it.

    Parameters
    ----------
    names
        The state's own names by that version's, for those that differ.
    """
    values = np.full(schema.length, 123.456)
    for one in schema.fields:
        own = (names or {}).get(one.name, one.name)
        if own in vector.schema:
            values[schema.place(one.name)] = vector.values[vector.schema.place(own)]
    return StateVector(schema, values)
