"""Field types of the policy's sections: what a value may be, and in which order values rise or fall."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError, ValidationInfo
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from models.policy.grades import GRADES

T = TypeVar("T")
Order = Literal["any", "rising", "falling"]
ORDER_UNCHECKED: Final = "order_unchecked"
"""The context under which values may stand in any order."""


class PolicySection(BaseModel):
    """A table of the policy: frozen, without unknown keys, its values not converted."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    def with_fields(self, values: Mapping[str, Any]) -> Self:
        """Return a copy with other values, not validated, of fields that there are."""
        unknown = values.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no fields {', '.join(sorted(unknown))}")
        return self.model_copy(update=dict(values))


@dataclass(frozen=True, slots=True)
class OneOf:
    """Allow some values only."""

    values: tuple[str | int, ...]

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the values."""
        return core_schema.literal_schema(list(self.values))


@dataclass(frozen=True, slots=True)
class OneForEach:
    """Require one value for each name, none of which breaks the order of the names."""

    names: tuple[str, ...]
    order: Order = "any"

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a mapping type whose keys are the names."""
        value = handler.generate_schema(get_args(source)[1])
        table = core_schema.typed_dict_schema(
            {name: core_schema.typed_dict_field(value) for name in self.names},
            extra_behavior="forbid",
            # A table of a section does not inherit what its model says of values.
            config=core_schema.CoreConfig(strict=True, allow_inf_nan=False),
        )
        return core_schema.with_info_after_validator_function(self._ordered, table)

    def _ordered(self, values: dict[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
        _check([((name,), values[name]) for name in self.names], self.order, info)
        return MappingProxyType(values)


@dataclass(frozen=True, slots=True)
class Rising:
    """Require the rows of a list to rise by one key, no two of them equal, and not to fall by another."""

    key: str
    other: str | None = None

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a tuple of rows."""
        return core_schema.with_info_after_validator_function(self._rising, handler(source))

    def _rising(self, rows: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        for key in (self.key, self.other):
            if key is not None:
                keyed = [((at, key), getattr(row, key)) for at, row in enumerate(rows)]
                _check(keyed, "rising", info, apart=key == self.key)
        return rows


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Read an object of another package by a section of the same fields."""

    section: type[PolicySection]

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the section, made into the object."""
        return core_schema.no_info_after_validator_function(
            lambda read: source(**dict(read)), handler.generate_schema(self.section)
        )


def _check(
    keyed: Iterable[tuple[tuple[int | str, ...], float]],
    order: Order,
    info: ValidationInfo,
    *,
    apart: bool = False,
) -> None:
    """Refuse each value that breaks an order, by its key; `apart` allows no two equal ones."""
    if order == "any" or info.context == ORDER_UNCHECKED:
        return
    faults: list[InitErrorDetails] = []
    for (_, last), (key, value) in itertools.pairwise(keyed):
        if (value < last if order == "rising" else value > last) or (apart and value == last):
            broken = PydanticCustomError(order, "not {order} after {last}", {"order": order, "last": last})
            faults.append({"type": broken, "loc": key, "input": value})
    if faults:
        raise ValidationError.from_exception_data("order", faults)


Share = Annotated[float, Field(ge=0, le=1)]
PositiveShare = Annotated[float, Field(gt=0, le=1)]
Euros = Annotated[float, Field(ge=0)]
Text = Annotated[str, Field(pattern=r"\S", description="text")]
Rows = Annotated[tuple[T, ...], Field(strict=False)]
"""A list of TOML."""
FallingByGrade = Annotated[Mapping[str, T], OneForEach(GRADES, "falling")]
