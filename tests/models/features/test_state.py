"""A stored state is read by names: where its numbers are does not matter."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.features.build import STATE_SCHEMA
from models.features.state import aligned, lacking
from models.features.state_schema import StateField, StateSchema, StateVector
from models.features.table import RENAMED
from tests.models.features.versions import (
    NEWER,
    in_order,
    renamed,
    stored_by,
    with_newer,
    without,
)

TODAY = StateVector(STATE_SCHEMA, np.arange(float(STATE_SCHEMA.length)))
NAMES = [one.name for one in STATE_SCHEMA.fields]
orders = st.permutations(range(len(NAMES)))
some_names = st.sets(st.sampled_from(NAMES), max_size=20)


def test_a_state_of_today_stays_what_it_is():
    assert aligned(TODAY) is TODAY
    assert lacking(STATE_SCHEMA) == frozenset()


@given(orders)
def test_whatever_their_order_columns_are_found(order: list[int]):
    stored = stored_by(TODAY, in_order(STATE_SCHEMA, order))
    assert aligned(stored).hash == TODAY.hash
    assert lacking(stored.schema) == frozenset()


@given(orders, some_names, st.integers(0, len(NAMES)))
def test_what_a_state_lacks_is_unknown_and_the_rest_as_it_was(order: list[int], gone: set[str], place: int):
    schema = with_newer(without(in_order(STATE_SCHEMA, order), *gone), place)
    found = aligned(stored_by(TODAY, schema))
    assert lacking(schema) == gone
    assert found.schema == STATE_SCHEMA
    for one in STATE_SCHEMA.fields:
        where = STATE_SCHEMA.place(one.name)
        expected = np.full(one.size, np.nan) if one.name in gone else TODAY.values[where]
        np.testing.assert_array_equal(found.values[where], expected)


@given(orders, st.sets(st.sampled_from(NAMES), max_size=20))
def test_a_field_that_was_renamed_is_read_under_its_earlier_name(order: list[int], names: set[str]):
    earlier = {name: f"earlier_{name}" for name in names}
    today = {then: now for now, then in earlier.items()}
    schema = renamed(in_order(STATE_SCHEMA, order), earlier)
    assert lacking(schema) == names
    assert lacking(schema, renamed=today) == frozenset()
    assert aligned(stored_by(TODAY, schema, today), renamed=today).hash == TODAY.hash


def test_a_state_that_holds_both_names_is_read_under_todays():
    schema = StateSchema((*STATE_SCHEMA.fields, StateField("earlier")))
    stored = StateVector(schema, np.append(TODAY.values, -1.0))
    assert aligned(stored, renamed={"earlier": "open_eur"}).hash == TODAY.hash


def test_a_block_of_other_axes_counts_as_absent():
    fields = [
        StateField(one.name, (*one.axes[:-1], one.axes[-1][:-1])) if one.axes else one
        for one in STATE_SCHEMA.fields
    ]
    smaller = StateSchema(tuple(fields))
    blocks = {one.name for one in STATE_SCHEMA.fields if one.axes}
    assert lacking(smaller) == blocks == {"past_invoices", "open_invoices", "parent_hazards"}
    found = aligned(StateVector(smaller, np.zeros(smaller.length)))
    assert all(np.isnan(found.block(name)).all() for name in blocks)


def test_what_a_newer_version_added_is_dropped():
    stored = stored_by(TODAY, with_newer(STATE_SCHEMA, 7))
    assert NEWER.name in stored.schema
    assert aligned(stored).hash == TODAY.hash


def test_renamed_features_are_fields_of_today_under_their_new_names_only():
    assert all(today in STATE_SCHEMA and earlier not in STATE_SCHEMA for earlier, today in RENAMED.items())
