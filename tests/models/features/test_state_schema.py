"""A state's schema names every number, and its hash tells any other schema apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import StateError
from models.features.build import CUSTOMER_FEATURES, STANDING, STATE_COLUMNS, STATE_SCHEMA
from models.features.curves import PARENT, PARENT_FIELD
from models.features.open_invoices import OPEN, OPEN_FIELD
from models.features.similar_invoices import PAST, PAST_FIELD
from models.features.state_schema import (
    StateField,
    StateSchema,
    StateVector,
    unversioned,
    unversioned_schemas,
)
from models.features.table import names

labels = st.text("abcxyz", min_size=1, max_size=3)
axes = st.lists(st.lists(labels, min_size=1, max_size=3, unique=True).map(tuple), max_size=2).map(tuple)
schemas = st.lists(st.builds(StateField, labels, axes), unique_by=lambda one: one.name, max_size=6).map(
    lambda fields: StateSchema(tuple(fields))
)


@given(schemas)
def test_a_schema_comes_back_from_its_document(schema: StateSchema):
    again = StateSchema.from_document(schema.document())
    assert (again, again.fields, again.length) == (schema, schema.fields, schema.length)


@given(schemas, schemas)
def test_schemas_of_other_fields_have_other_hashes(one: StateSchema, other: StateSchema):
    assert (one == other) == (one.hash == other.hash) == (one.fields == other.fields)


def test_a_name_that_is_there_twice_is_refused():
    with pytest.raises(StateError, match="'open_eur' twice"):
        StateSchema((StateField("open_eur"), StateField("open_eur", (("a", "b"),))))


def test_a_vector_of_another_length_than_its_schema_is_refused():
    with pytest.raises(StateError, match=r"shape \(2,\) has a schema of 1 numbers"):
        StateVector(StateSchema((StateField("open_eur"),)), np.zeros(2))


def test_every_number_of_a_state_has_the_name_of_its_column():
    assert STATE_SCHEMA.length == len(STATE_COLUMNS) == len(set(STATE_COLUMNS))
    for name in (*names(CUSTOMER_FEATURES), *STANDING, "usual_eur"):
        assert STATE_COLUMNS[STATE_SCHEMA.place(name)] == (name,)
    for one, columns in ((PAST_FIELD, PAST), (OPEN_FIELD, OPEN), (PARENT_FIELD, PARENT)):
        assert STATE_COLUMNS[STATE_SCHEMA.place(one.name)] == tuple(columns)


def test_the_labels_of_the_past_are_those_of_its_columns():
    figures, weekdays, places = PAST_FIELD.axes
    assert [f"past{day}_{place}_{name}" for name in figures for day in weekdays for place in places] == PAST
    figures, places = OPEN_FIELD.axes
    assert [f"open{place}_{name}" for name in figures for place in places] == OPEN
    assert [f"parent_hazard_{bound}" for bound in PARENT_FIELD.axes[0]] == PARENT


def test_a_block_is_read_and_written_in_its_shape():
    schema = StateSchema((StateField("first"), StateField("past", (("late", "cents"), ("0", "1", "2")))))
    vector = StateVector(schema, np.arange(7.0))
    assert vector.block("past").tolist() == [[1, 2, 3], [4, 5, 6]]
    vector.block("past")[1, 2] = 9.0
    assert (vector.values[-1], vector.number("first")) == (9.0, 0.0)
    assert vector.with_numbers({"first": 5.0}).values.tolist() == [5, 1, 2, 3, 4, 5, 9]
    assert vector.number("first") == 0.0


def test_states_of_before_schemas_were_stored_keep_the_names_that_they_had():
    """Stored states and the log's answers are read by these: they never change."""
    assert {length: schema.hash for length, schema in unversioned_schemas().items()} == {
        1192: "3168df46b5860dd2",
        1376: "b6b1dde6f354d417",
    }


@given(st.integers(0, 40))
def test_of_an_unknown_length_the_numbers_have_no_meaning(length: int):
    schema = unversioned(length)
    assert schema.length == length
    assert not {one.name for one in schema.fields} & {one.name for one in STATE_SCHEMA.fields}
