"""Schema of a customer's state: named columns, and named blocks with labelled axes.

Owns the schema, its hash, a vector with its schema, and the schemas of states stored before schemas existed.
`models.features.build` defines the current columns, and `models.features.state` reads states of other
versions.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_UNVERSIONED = Path(__file__).with_name("unversioned_states.json")


@dataclass(frozen=True, slots=True)
class StateField:
    """One column of a state, or a block of columns.

    Parameters
    ----------
    name
        Identifies the meaning: a field whose meaning or unit changes gets a new name.
    axes
        The labels along each axis of a block, stored in row-major order; none for a single column.
    """

    name: str
    axes: tuple[tuple[str, ...], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the block, `()` for a single column."""
        return tuple(len(labels) for labels in self.axes)

    @property
    def size(self) -> int:
        """Return the number of values in the field."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class StateSchema:
    """The fields of a state vector, in order; two schemas are equal when their hashes are.

    Parameters
    ----------
    fields
        In the order of the vector; names are unique.

    Raises
    ------
    StateError
        A name occurs twice.

    Examples
    --------
    >>> schema = StateSchema((StateField("open_eur"), StateField("past", (("late", "cents"), ("1", "2")))))
    >>> schema.length, schema.place("past")
    (5, slice(1, 5, None))
    """

    fields: tuple[StateField, ...] = field(compare=False)
    hash: str = field(init=False)
    length: int = field(init=False, compare=False)
    _places: Mapping[str, slice] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places: dict[str, slice] = {}
        length = 0
        for one in self.fields:
            if one.name in places:
                raise StateError(f"a state's schema names {one.name!r} twice; each field needs its own name")
            places[one.name] = slice(length, length + one.size)
            length += one.size
        text = json.dumps(self.document(), separators=(",", ":"))
        object.__setattr__(self, "hash", hashlib.sha256(text.encode()).hexdigest()[:16])
        object.__setattr__(self, "length", length)
        object.__setattr__(self, "_places", places)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def place(self, name: str) -> slice:
        """Return the position of a field in the vector."""
        return self._places[name]

    def places(self, names: Iterable[str]) -> NDArray[np.int64]:
        """Return the positions of single columns in the vector, shape `(n,)`."""
        return np.array([self._places[name].start for name in names], dtype=np.int64)

    def document(self) -> dict[str, Any]:
        """Return the schema as plain JSON values: names, and blocks as objects."""
        return {
            "fields": [
                {"name": one.name, "axes": [list(labels) for labels in one.axes]} if one.axes else one.name
                for one in self.fields
            ]
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Build a schema from the JSON values of `document`."""
        return cls(
            tuple(
                StateField(one)
                if isinstance(one, str)
                else StateField(one["name"], tuple(tuple(labels) for labels in one["axes"]))
                for one in document["fields"]
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class StateVector:
    """A customer's state: its values with their schema.

    Parameters
    ----------
    values
        Shape `(schema.length,)`, NaN where unknown.

    Raises
    ------
    StateError
        The schema has another length.
    """

    schema: StateSchema
    values: Floats

    def __post_init__(self) -> None:
        if self.values.shape != (self.schema.length,):
            raise StateError(
                f"a state of shape {self.values.shape} has a schema of {self.schema.length} numbers; "
                "run `encours nightly`"
            )

    @property
    def hash(self) -> str:
        """Return the hash of the exact values: 16 hex digits."""
        return hashlib.sha256(self.values.tobytes()).hexdigest()[:16]

    def number(self, name: str) -> float:
        """Return the value of a single column."""
        return float(self.values[self.schema.place(name)].item())

    def block(self, name: str) -> Floats:
        """Return a view of a block in its shape."""
        where = self.schema.place(name)
        shape = next(one.shape for one in self.schema.fields if one.name == name)
        return self.values[where].reshape(shape)

    def with_numbers(self, numbers: Mapping[str, float]) -> StateVector:
        """Return a copy with some single columns replaced."""
        values = self.values.copy()
        for name, value in numbers.items():
            values[self.schema.place(name)] = value
        return StateVector(self.schema, values)


def unversioned(length: int) -> StateSchema:
    """Return the schema of a state stored before schemas existed, by its length.

    An unknown length gives columns without a meaning: such a state can be hashed, and lacks everything that a
    model or the policy reads.
    """
    return unversioned_schemas().get(length) or StateSchema(
        tuple(StateField(f"unnamed_{place}") for place in range(length))
    )


@cache
def unversioned_schemas() -> Mapping[int, StateSchema]:
    """Return the schemas of states stored before schemas existed, by length."""
    documents = json.loads(_UNVERSIONED.read_text(encoding="utf-8"))
    return {one.length: one for one in map(StateSchema.from_document, documents)}
