"""Model of a mapping: the format of the file, and the origin of each canonical column.

Owns the vocabulary of the TOML; `loading` reads it and reports its faults. A mapping holds names and
constants only; nothing in it is evaluated.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Starts(BaseModel):
    """A condition on the prefix of a cell's text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    starts: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


RowCondition = list[str] | Literal["filled", "empty", "positive", "negative"] | Starts
Constant = str | bool | int | float | dt.date


def _date_format(text: str) -> str:
    """Validate a `strptime` format that determines a whole day."""
    day = dt.date(2024, 11, 28)
    try:
        known = dt.datetime.strptime(day.strftime(text), text).date() == day  # noqa: DTZ007  # a day, no clock
    except ValueError:
        known = False
    if not known:
        raise ValueError(f"{text!r} does not name a day, a month and a year, such as %d/%m/%Y")
    return text


def _encoding(name: str) -> str:
    """Validate an encoding name known to Python."""
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f"{name!r} is no encoding; utf-8-sig, cp1252 and iso-8859-15 are usual") from error
    return name


class FileShape(BaseModel):
    """Format of the export.

    Parameters
    ----------
    format
        `csv` or `excel`; left out, the file's name decides. Either may be gzipped.
    quote
        The sign around a text; empty where the export quotes nothing and a text may hold the sign itself.
    dates
        `strptime` formats, tried in order.
    empty
        Texts that mean nothing, such as SAP's 00.00.0000.
    skip_rows
        Lines above the header.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["csv", "excel"] | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(max_length=1)] = '"'
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8-sig"
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    dates: Annotated[list[Annotated[str, AfterValidator(_date_format)]], Field(min_length=1)] = ["%Y-%m-%d"]
    empty: list[str] = []
    skip_rows: Annotated[int, Field(ge=0)] = 0
    sheet: str | None = None

    @model_validator(mode="after")
    def _two_signs(self) -> FileShape:
        if self.decimal == self.thousands:
            raise ValueError("decimal and thousands are the same sign; leave thousands out")
        return self


class CellRule(BaseModel):
    """Origin of one canonical column's value, and its transformations.

    Parameters
    ----------
    column
        The file's column; where a list, the first of these headers that the file has.
    join
        Columns joined with a slash; empty where one of them is.
    minus
        Two numeric columns, the second subtracted from the first; of two amounts, one may be empty.
    constant, default
        A value for every row, and a value for rows with an empty cell.
    values
        Translation of each text of the file; an unlisted text is a fault of its row.
    after, days
        For an empty or absent cell: that date column of the same table plus this number of days.
    optional
        The file may lack the column.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: list[str] = []
    join: list[str] = []
    minus: list[str] = []
    constant: Constant | None = None
    default: Constant | None = None
    meanings: dict[str, str] = Field({}, alias="values")
    prefix: str = ""
    suffix: str = ""
    negate: bool = False
    scale: float = 1.0
    plus_days: int = 0
    after: str = ""
    days: int = 0
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:  # noqa: ANN401  # pydantic passes any value of the TOML
        if isinstance(given, str):
            return {"column": [given]}
        if isinstance(given, dict) and isinstance(given.get("column"), str):
            return {**given, "column": [given["column"]]}
        return given

    @model_validator(mode="after")
    def _one_source(self) -> CellRule:
        sources = [bool(self.column), bool(self.join), bool(self.minus), self.constant is not None]
        if sum(sources) > 1:
            raise ValueError("more than one of column, join, minus and constant; give one")
        if not any(sources) and not self.after:
            raise ValueError("no source; give one of column, join, minus, constant or after")
        if self.minus and len(self.minus) != 2:
            raise ValueError(f"minus takes two columns, not {len(self.minus)}")
        if self.minus and (self.meanings or self.prefix or self.suffix or self.default is not None):
            raise ValueError("minus takes no values, default, prefix or suffix")
        if self.days and not self.after:
            raise ValueError("days goes with after; to move a date of the file, use plus_days")
        return self

    @property
    def inputs(self) -> list[str]:
        """The file's columns that it reads, under the mapping's primary names."""
        return self.column[:1] or self.join or self.minus


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Canonical rows of one table, built from the file's rows that meet every condition of `where`."""

    table: str
    where: dict[str, RowCondition]
    cells: dict[str, CellRule]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line whose value applies to the rows below it, as in a report grouped by customer.

    Parameters
    ----------
    name
        Name of the value in the rows below: a column that the file must not have.
    column
        The column that contains the value.
    where
        Conditions that make a row a heading line, all met.
    ends
        Conditions of a row, such as a sub-total, below which the value holds no more; none: up to the next.
    """

    name: str
    column: str
    where: dict[str, RowCondition]
    ends: dict[str, RowCondition]


class Matching(BaseModel):
    """Matching of payments with invoices.

    Parameters
    ----------
    number
        The matching or clearing number: lines of one customer with the same number settle one another.
    own_number
        The number of the row itself, where `number` is that of the row which closed it ("closed by"): rows
        of one customer connected by such links settle one another, in order of closing.
    settled_on
        A date column: the rest of an invoice after its number's lines is settled by one payment that day,
        and money of such a row is spent: without an invoice it is left out.
    cleared
        Whether a number alone means that its lines are settled: money whose number no other line has is then
        left out too. Links always mean so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: CellRule | None = None
    own_number: CellRule | None = None
    settled_on: str | None = None
    cleared: bool = False

    @model_validator(mode="after")
    def _something(self) -> Matching:
        if self.number is None and self.settled_on is None:
            raise ValueError("give number, settled_on or both")
        if self.number is None and (self.own_number is not None or self.cleared):
            raise ValueError("own_number and cleared go with number")
        return self

    @property
    def numbers(self) -> list[CellRule]:
        """The cells that hold numbers."""
        return [cell for cell in (self.number, self.own_number) if cell is not None]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A complete, validated mapping.

    Parameters
    ----------
    aliases
        The file's columns that are read, by the mapping's name: their alternative headers.
    optional
        Those of them that a file may lack.
    kinds
        Types of the columns read as dates or as numbers; others are text.
    text
        The TOML it was read from.
    """

    file: FileShape
    blocks: tuple[TableBlock, ...]
    skip: tuple[dict[str, RowCondition], ...] = ()
    headings: tuple[Heading, ...] = ()
    matching: Matching | None = None
    aliases: dict[str, list[str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    kinds: dict[str, Literal["date", "figure"]] = field(default_factory=dict)
    text: str = field(default="", repr=False, compare=False)

    def of(self, table: str) -> list[TableBlock]:
        """Return the blocks that build rows of `table`."""
        return [block for block in self.blocks if block.table == table]
