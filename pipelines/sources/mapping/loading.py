"""Loading and validation of a mapping's TOML: all faults in one message, by key.

`shape` defines the keys.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from models.errors import LedgerError
from models.ledger.tables import TABLES, Column, Table
from pipelines.sources.mapping.shape import (
    CellRule,
    FileShape,
    Heading,
    Mapping,
    Matching,
    RowCondition,
    TableBlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.validation.source_readings import StoredReading

Model = TypeVar("Model", bound=BaseModel)
PARTS = ("file", "skip", "heading", "matching", *TABLES)
HEADING = ("as", "column", "where", "ends")
_CONDITIONS: TypeAdapter[dict[str, RowCondition]] = TypeAdapter(dict[str, RowCondition])
_FIGURES = ("cents", "eur", "number")


@dataclass(slots=True)
class _Faults:
    found: list[str] = field(default_factory=list)

    def add(self, key: str, message: str) -> None:
        self.found.append(f"{key}: {message}")

    def unknown(self, key: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        near = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
        self.add(f"{key}.{name}" if key else name, f"unknown key; {hint}")

    def model(self, kind: type[Model], given: object, key: str) -> Model | None:
        try:
            return kind.model_validate(given)
        except ValidationError as error:
            self._explain(error, key, _keys(kind))
            return None

    def conditions(self, given: object, key: str) -> dict[str, RowCondition]:
        try:
            return _CONDITIONS.validate_python(given)
        except ValidationError as error:
            columns = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors() if fault["loc"])
            for column in columns or [""]:
                where = f"{key}.{column}" if column else key
                self.add(
                    where,
                    "a condition is a list of texts, filled, empty, positive, negative, or "
                    '{ starts = ["Total"] }',
                )
            return {}

    def _explain(self, error: ValidationError, key: str, known: list[str]) -> None:
        for fault in error.errors():
            path = [str(step) for step in fault["loc"]]
            if fault["type"] == "extra_forbidden":
                fields = known if len(path) == 1 else _keys(CellRule)
                self.unknown(".".join([key, *path[:-1]]), path[-1], fields)
            else:
                message = fault["msg"].removeprefix("Value error, ")
                self.add(".".join([key, *path]), f"{message[0].lower()}{message[1:]}")


def _keys(kind: type[BaseModel]) -> list[str]:
    """List the keys allowed in a part of the TOML, as the TOML writes them."""
    return [known.alias or name for name, known in kind.model_fields.items()]


def load_mapping(path: Path) -> Mapping:
    """Read a mapping and check it against the canonical tables.

    Raises
    ------
    LedgerError
        The file cannot be read, is no TOML, or is invalid; all faults are in one message.
    """
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LedgerError(f"{path} is not TOML: {error}") from error


def parse_mapping(text: str, path: Path) -> Mapping:
    """Load a mapping from its text; `path` names it in faults.

    Raises
    ------
    LedgerError
        The text is no TOML, or is invalid; all faults are in one message.
    """
    raw = _toml(text, path)
    faults = _Faults()
    for name in raw:
        if name not in PARTS:
            faults.unknown("", name, PARTS)
    shape = faults.model(FileShape, raw.get("file", {}), "file")
    matching = faults.model(Matching, raw["matching"], "matching") if "matching" in raw else None
    skip = [
        faults.conditions(given, f"skip[{at}]") for at, given in enumerate(_array(raw, "skip", faults), 1)
    ]
    headings = [
        _heading(given, f"heading[{at}]", faults)
        for at, given in enumerate(_array(raw, "heading", faults), 1)
    ]
    blocks = [
        _block(given, table, f"{name}[{at}]", faults)
        for name, table in TABLES.items()
        for at, given in enumerate(_array(raw, name, faults), 1)
    ]
    if not blocks and not faults.found:
        faults.add("(whole file)", f"no table; give at least one of {', '.join(f'[[{n}]]' for n in TABLES)}")
    if matching:
        _check_matching(matching, blocks, faults)
    if faults.found or shape is None:
        raise LedgerError(f"{path}: {'; '.join(faults.found)}")
    return _with_columns(Mapping(shape, tuple(blocks), tuple(skip), tuple(headings), matching, text=text))


def mapping_of(how: StoredReading) -> Mapping:
    """Return the stored mapping that files were read through.

    Raises
    ------
    LedgerError
        The stored text is no longer a valid mapping.
    """
    mapping = parse_mapping(how.mapping, Path(f"mapping {how.mapping_digest[:12]}"))
    return replace(mapping, file=FileShape.model_validate_json(how.shape))


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LedgerError(f"{path} is not TOML: {error}") from error


def _array(raw: dict[str, Any], name: str, faults: _Faults) -> list[dict[str, Any]]:
    given = raw.get(name, [])
    if isinstance(given, dict):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(block, dict) for block in given):
        faults.add(name, f"write it as [[{name}]], once for each kind of row")
        return []
    return given


def _heading(given: dict[str, Any], key: str, faults: _Faults) -> Heading:
    for name in given:
        if name not in HEADING:
            faults.unknown(key, name, HEADING)
    for name in ("as", "column"):
        if not isinstance(given.get(name), str) or not given[name].strip():
            faults.add(f"{key}.{name}", "missing; a heading names a column, and what rows below call it")
    where = faults.conditions(given.get("where", {}), f"{key}.where")
    if not given.get("where"):
        faults.add(f"{key}.where", "missing; without it every row would be a heading line")
    ends = faults.conditions(given.get("ends", {}), f"{key}.ends")
    return Heading(str(given.get("as")), str(given.get("column")), where, ends)


def _block(given: dict[str, Any], table: Table, key: str, faults: _Faults) -> TableBlock:
    where = faults.conditions(given.get("where", {}), f"{key}.where")
    cells: dict[str, CellRule] = {}
    for name, source in given.items():
        if name == "where":
            continue
        if name not in table.column_names:
            faults.unknown(key, name, ["where", *table.column_names])
            continue
        cell = faults.model(CellRule, source, f"{key}.{name}")
        if cell is not None:
            cells[name] = cell
            _check_cell(cell, table.column(name), f"{key}.{name}", faults)
    for column in table.columns:
        if not column.nullable and column.kind != "flag" and column.name not in given:
            faults.add(f"{key}.{column.name}", f"missing; {table.name} needs it ({column.doc})")
    _check_after(cells, table, key, faults)
    return TableBlock(table.name, where, cells)


def _check_cell(cell: CellRule, column: Column, key: str, faults: _Faults) -> None:
    figure = column.kind in _FIGURES
    if (cell.minus or cell.negate) and not figure:
        faults.add(key, "minus and negate are for figures only")
    if cell.scale != 1.0 and column.kind not in {"eur", "number"}:
        faults.add(key, "scale is for figures that are not cents")
    if (cell.plus_days or cell.after) and column.kind != "date":
        faults.add(key, "after, days and plus_days are for dates only")
    strange = sorted(set(cell.meanings.values()) - set(column.choices)) if column.choices else []
    if strange:
        faults.add(f"{key}.values", f"{strange[0]!r} is not one of {', '.join(column.choices)}")


def _check_after(cells: dict[str, CellRule], table: Table, key: str, faults: _Faults) -> None:
    for name, cell in cells.items():
        if cell.after and cell.after not in cells:
            dates = [c.name for c in table.columns if c.kind == "date" and c.name in cells]
            faults.add(f"{key}.{name}.after", f"{cell.after!r} is not a date of this block: {dates}")
            continue
        seen, at = {name}, cell.after
        while at in cells:
            if at in seen:
                faults.add(f"{key}.{name}.after", f"{name} and {at} wait for one another")
                break
            seen.add(at)
            at = cells[at].after


def _check_matching(matching: Matching, blocks: list[TableBlock], faults: _Faults) -> None:
    if not any(block.table == "invoices" for block in blocks):
        faults.add("matching", "it needs [[invoices]]")
    for number in matching.numbers:
        if number.minus or number.meanings or number.default is not None or number.after:
            key = "number" if number is matching.number else "own_number"
            faults.add(f"matching.{key}", "it takes column, join, prefix, suffix and optional only")
    if any(block.table == "payments" and "invoice_id" in block.cells for block in blocks):
        faults.add("payments.invoice_id", "matching finds the invoice; leave one of the two out")


def _with_columns(mapping: Mapping) -> Mapping:
    """Determine the file's columns to read, their headers, which are optional, and their types."""
    aliases: dict[str, list[str]] = {}
    needed: set[str] = set()
    made = {heading.name for heading in mapping.headings}
    matching = mapping.matching
    cells = [cell for block in mapping.blocks for cell in block.cells.values()]
    for cell in [*cells, *(matching.numbers if matching else [])]:
        for name in cell.inputs:
            aliases.setdefault(name, [name])
            if cell.column:
                aliases[name] = list(dict.fromkeys([*aliases[name], *cell.column]))
            if not cell.optional:
                needed.add(name)
    headed = [given for heading in mapping.headings for given in (heading.where, heading.ends)]
    conditions = [*mapping.skip, *headed, *(block.where for block in mapping.blocks)]
    plain = [name for given in conditions for name in given]
    plain += [heading.column for heading in mapping.headings]
    plain += [matching.settled_on] if matching and matching.settled_on else []
    for name in plain:
        aliases.setdefault(name, [name])
        needed.add(name)
    aliases = {name: found for name, found in aliases.items() if name not in made}
    optional = frozenset(set(aliases) - needed)
    return replace(mapping, aliases=aliases, optional=optional, kinds=_kinds(mapping, aliases))


def _kinds(mapping: Mapping, names: Iterable[str]) -> dict[str, Literal["date", "figure"]]:
    """Determine which columns are read as dates and which as numbers; a column read as both is neither."""
    dates = {mapping.matching.settled_on} if mapping.matching else set()
    figures = set()
    for block in mapping.blocks:
        figures |= {name for name, given in block.where.items() if given in ("positive", "negative")}
        for column, cell in block.cells.items():
            kind = TABLES[block.table].column(column).kind
            if not cell.meanings and not cell.prefix and not cell.suffix and not cell.join:
                dates |= set(cell.inputs) if kind == "date" else set()
                figures |= set(cell.inputs) if kind in _FIGURES else set()
    kinds: dict[str, Literal["date", "figure"]] = {}
    for name in names:
        if (name in dates) != (name in figures):
            kinds[name] = "date" if name in dates else "figure"
    return kinds
