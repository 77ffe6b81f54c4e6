"""Reading and validation of rule suites from TOML: all faults in one message, by key.

`rules` defines the vocabulary. The packaged suites are in `suites/`; a custom folder overrides the tables
that it has a file for.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import LedgerError
from models.ledger.tables import TABLES
from pipelines.validation.derived import DERIVED
from pipelines.validation.rules import MEASURED, Level, TableRule, What

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGED = Path(__file__).parent / "suites"
_FIGURES = ("cents", "eur", "number")
_COLUMNS: dict[What, tuple[int, int]] = {"unique": (1, 9), "in_order": (2, 2), "some_rows": (0, 0)}
_COLUMNS |= dict.fromkeys(MEASURED, (0, 0))
_BOUNDS: dict[What, tuple[str, ...]] = {
    "between": ("low", "high"),
    "above": ("low",),
    "volume": ("low", "high"),
    "newest": ("low", "high"),
    "age": ("high",),
    "inferred": ("high",),
    "inferred_rise": ("high",),
}
ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class _Given(BaseModel):
    """A rule as written in TOML."""

    model_config = ConfigDict(extra="forbid", strict=True)

    fr: ShortText
    en: ShortText
    level: Level
    what: What
    columns: list[str] = []
    low: Annotated[float, Field(allow_inf_nan=False)] | None = None
    high: Annotated[float, Field(allow_inf_nan=False)] | None = None
    allowed: list[str | int] = []
    pattern: str = ""


def load_rules(folder: Path | None = None) -> tuple[TableRule, ...]:
    """Read the rules of every table.

    Parameters
    ----------
    folder
        Custom suites, `<table>.toml` each; other tables use the packaged ones.

    Raises
    ------
    LedgerError
        A file cannot be read or contains invalid rules; all faults of all files are in one message.
    """
    own = {path.stem: path for path in _files(folder)} if folder else {}
    faults = [f"{path}: no such table; known are {', '.join(TABLES)}" for name, path in own.items()
              if name not in TABLES]  # fmt: skip
    rules: list[TableRule] = []
    for table in TABLES:
        rules += _suite(table, own.get(table, PACKAGED / f"{table}.toml"), faults)
    if faults:
        raise LedgerError("; ".join(faults))
    return tuple(rules)


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not found:
        raise LedgerError(f"{folder} holds no suite; copy one such as {PACKAGED / 'invoices.toml'} there")
    return found


def _suite(table: str, path: Path, faults: list[str]) -> list[TableRule]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{path} cannot be read: {error.strerror}")
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path} is not TOML: {error}")
        return []
    faults += [f"{path}: {key}: unknown key; write rules as [[rule]]" for key in raw if key != "rule"]
    given = raw.get("rule", [])
    if not isinstance(given, list):
        faults.append(f"{path}: rule: write it as [[rule]], once for each rule")
        return []
    rules: list[TableRule] = []
    for at, one in enumerate(given, 1):
        key = f"{path}: rule[{at}]"
        rule = _rule(table, one, key, faults)
        if rule is None:
            continue
        faults += [f"{key}.{fault}" for fault in _strange(rule)]
        if any(rule.name == other.name for other in rules):
            faults.append(f"{key}.en: another rule of {table} says {rule.name!r} too")
        rules.append(rule)
    return rules


def _rule(table: str, raw: object, key: str, faults: list[str]) -> TableRule | None:
    try:
        given = _Given.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join([key, *(str(step) for step in fault["loc"])])
            hint = f"known are {', '.join(_Given.model_fields)}" if fault["type"] == "extra_forbidden" else ""
            came: Any = fault["input"]
            faults.append(f"{where}: {hint or fault['msg'].lower()}; it is {came!r:.60}")
        return None
    return TableRule(
        table=table,
        name=given.en,
        what=given.what,
        columns=tuple(given.columns),
        level=given.level,
        low=given.low,
        high=given.high,
        allowed=tuple(given.allowed),
        pattern=given.pattern,
        name_fr=given.fr,
    )


def _strange(rule: TableRule) -> Iterator[str]:
    """Yield inconsistencies of a rule, each as `key: words`."""
    least, most = _COLUMNS.get(rule.what, (1, 1))
    if not least <= len(rule.columns) <= most:
        yield f"columns: {rule.what} takes {least if least == most else 'some'}, not {len(rule.columns)}"
        return
    yield from _strange_columns(rule)
    wanted = _BOUNDS.get(rule.what, ())
    given = {name: getattr(rule, name) for name in ("low", "high") if getattr(rule, name) is not None}
    if wanted and not given.keys() & set(wanted):
        yield f"{wanted[0]}: {rule.what} needs {' or '.join(wanted)}"
    yield from (f"{name}: {rule.what} takes no {name}" for name in given if name not in wanted)
    if rule.low is not None and rule.high is not None and rule.low > rule.high:
        yield f"low: {rule.low:g} is above high, {rule.high:g}"
    if (rule.what in {"among", "not_equal"}) != bool(rule.allowed):
        yield f"allowed: {rule.what} {'takes none' if rule.allowed else 'needs some values'}"
    if (rule.what == "pattern") != bool(rule.pattern):
        yield f"pattern: {rule.what} {'takes none' if rule.pattern else 'needs one'}"
    try:
        re.compile(rule.pattern)
    except re.error as error:
        yield f"pattern: {rule.pattern!r} is no regular expression: {error}"


def _strange_columns(rule: TableRule) -> Iterator[str]:
    table = TABLES[rule.table]
    known = DERIVED[rule.table] if rule.what == "none" else table.column_names
    for name in rule.columns:
        if name not in known:
            yield f"columns: {name!r} is none that {rule.what} looks at; those are {', '.join(known)}"
            continue
        kind = None if rule.what == "none" else table.column(name).kind
        if rule.what in {"between", "above"} and kind not in _FIGURES:
            yield f"columns: {name} holds no figures"
        if rule.what == "in_order" and kind != "date":
            yield f"columns: {name} holds no dates"
        if rule.what == "pattern" and kind not in {"id", "text"}:
            yield f"columns: {name} holds no text"
