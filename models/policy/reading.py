"""Reads checked values out of a policy's text, collecting every fault with its line before complaining once.

Owns what a value may look like; which keys a policy has is `models.policy.document`'s and its sections'.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from models.errors import PolicyError
from models.policy.toml_lines import key_lines, line_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy import toml_lines as places

Order = Literal["any", "rising", "falling"]
T = TypeVar("T")
_CURRENCY = re.compile(r"[A-Z]{3}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r"\[(\d+)\]|([^.\[]+)")


@dataclass(frozen=True, slots=True, order=True)
class PolicyFault:
    """What is wrong with one key: its line in the file, its name, what came and what is allowed."""

    line: int
    key: str
    words: str

    def told(self, source: str) -> str:
        """Return the fault as `file:line: key: words`."""
        return f"{source}:{self.line}: {self.key}: {self.words}"


class PolicyReader:
    """Hands out the values of a policy by dotted key, and remembers what was wrong with them.

    A faulty value is answered with a stand-in, so that reading goes on; `finish` then raises.

    Parameters
    ----------
    values
        The parsed policy: nested tables.
    source
        What to call it in a message; of a path, only the file's name is shown beside a line.
    lines
        On which line each key stands; without them every fault is on the first.
    """

    def __init__(
        self, values: Mapping[str, object], source: str, lines: Mapping[places.Path, int] | None = None
    ) -> None:
        self._source = source
        self.values = values
        self._lines = lines or {}
        found = flatten(values)
        self._flat = {key: value for key, _, value in found}
        self._paths = {key: path for key, path, _ in found}
        self._asked: set[str] = set()
        self._faults: list[PolicyFault] = []

    @classmethod
    def of_text(cls, text: str, source: str) -> Self:
        """Read a policy in TOML.

        Raises
        ------
        PolicyError
            The text is no TOML.
        """
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"policy file {source} cannot be read: {error}; give a TOML file") from error
        return cls(values, source, key_lines(text))

    def has(self, key: str) -> bool:
        """Tell whether the policy has a key, or a table, that it may leave out."""
        self._asked.add(key)
        return any(known == key or known.startswith(f"{key}.") for known in self._flat)

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        """Return a non-empty text, one of `choices` where they are given."""
        allowed = f"one of {', '.join(choices)}" if choices else "a text that is not empty"
        value = self._take(key, allowed)
        if isinstance(value, str) and value.strip() and (not choices or value in choices):
            return value
        return self._fault(key, value, allowed, choices[0] if choices else "")

    def number(self, key: str, low: float, high: float = math.inf, *, above_low: bool = False) -> float:
        """Return a finite number from `low` to `high`; `above_low` leaves `low` itself out."""
        allowed = _span(low, high, above_low)
        value = self._take(key, allowed)
        if isinstance(value, int | float) and not isinstance(value, bool):
            above = value > low if above_low else value >= low
            if math.isfinite(value) and above and value <= high:
                return float(value)
        return self._fault(key, value, allowed, low)

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        allowed = f"a whole number from {low} to {high}"
        value = self._take(key, allowed)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return self._fault(key, value, allowed, low)

    def currency(self, key: str) -> str:
        """Return an ISO 4217 code."""
        allowed = "a currency of three capital letters, such as EUR"
        value = self._take(key, allowed)
        if isinstance(value, str) and _CURRENCY.fullmatch(value):
            return value
        return self._fault(key, value, allowed, "EUR")

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._take(key, "true or false")
        return value if isinstance(value, bool) else self._fault(key, value, "true or false", stand_in=False)

    def numbers(
        self, key: str, names: Sequence[str], low: float, high: float = math.inf, order: Order = "any"
    ) -> Mapping[str, float]:
        """Return one number a name of the table `key`, in the order of `names`, each from `low` to `high`.

        Parameters
        ----------
        order
            Whether the numbers, in the order of `names`, may not fall (`rising`) or not rise (`falling`).
        """
        before = len(self._faults)
        found = {name: self.number(f"{key}.{name}", low, high) for name in names}
        if len(self._faults) == before:
            self.in_order([f"{key}.{name}" for name in names], list(found.values()), order)
        return MappingProxyType(found)

    def whole_numbers(
        self, key: str, names: Sequence[str], low: int, high: int, order: Order = "any"
    ) -> Mapping[str, int]:
        """Return one whole number a name of the table `key`, as `numbers` does."""
        before = len(self._faults)
        found = {name: self.whole(f"{key}.{name}", low, high) for name in names}
        if len(self._faults) == before:
            self.in_order([f"{key}.{name}" for name in names], list(found.values()), order)
        return MappingProxyType(found)

    def texts(self, key: str, names: Sequence[str], choices: Sequence[str]) -> Mapping[str, str]:
        """Return one of `choices` for each name of the table `key`."""
        return MappingProxyType({name: self.text(f"{key}.{name}", choices) for name in names})

    def list_of_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        allowed = "a list of texts, none of them empty"
        value = self._take(key, allowed)
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        return self._fault(key, value, allowed, ())

    def rows(self, key: str) -> tuple[str, ...]:
        """Return the keys of a list's tables, such as `starter.steps[0]`; read on below each of them."""
        allowed = "a list of tables"
        value = self._take(key, allowed)
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return tuple(f"{key}[{place}]" for place in range(len(value)))
        return self._fault(key, value, allowed, ())

    def steps(self, key: str, threshold: str, value: str) -> tuple[tuple[int, float], ...]:
        """Return a list of tables as pairs of a threshold (whole, from 1, rising) and an amount (rising)."""
        rows, before = self.rows(key), len(self._faults)
        pairs = tuple(
            (self.whole(f"{row}.{threshold}", 1, 1_000_000), self.number(f"{row}.{value}", 0.0))
            for row in rows
        )
        if len(self._faults) == before:
            self.in_order([f"{row}.{threshold}" for row in rows], [p[0] for p in pairs], "rising", apart=True)
            self.in_order([f"{row}.{value}" for row in rows], [p[1] for p in pairs], "rising")
        return pairs

    def in_order(
        self, keys: Sequence[str], values: Sequence[float], order: Order, *, apart: bool = False
    ) -> None:
        """Find fault with each value that breaks an order; `apart` allows no two equal ones."""
        for key, last, value in zip(keys[1:], values[:-1], values[1:], strict=True):
            wrong = {"any": False, "rising": value < last, "falling": value > last}[order]
            if wrong or (apart and value == last):
                self.refuse(key, f"got {value!r} after {last!r}; allowed are {order} numbers")

    def refuse(self, key: str, words: str) -> None:
        """Find fault with a key for a reason that no single value shows."""
        self._faults.append(PolicyFault(self.line(key), key, words))

    def line(self, key: str) -> int:
        """Return the line of a key, or of the table where it belongs."""
        return line_of(self._paths.get(key) or _path(key), self._lines)

    def faults(self) -> tuple[PolicyFault, ...]:
        """Return every fault in the order of lines, unknown keys among them."""
        return tuple(sorted({*self._faults, *self._unknown()}))

    def _unknown(self) -> set[PolicyFault]:
        """Find keys that no rule asked for; of a table that is unknown as a whole, the table alone."""
        asked = [_path(key) for key in self._asked]
        found: set[PolicyFault] = set()
        for key, path in self._paths.items():
            empty = self._flat[key] == {}
            if key in self._asked or (empty and any(one[: len(path)] == path for one in asked)):
                continue
            size = next(
                (n for n in range(1, len(path)) if not any(one[:n] == path[:n] for one in asked)), len(path)
            )
            if isinstance(path[size - 1], int):
                size -= 1
            names = sorted(
                {
                    str(one[size - 1])
                    for one in asked
                    if one[: size - 1] == path[: size - 1] and len(one) >= size
                }
            )
            found.add(
                PolicyFault(
                    line_of(path[:size], self._lines),
                    _name(path[:size]),
                    f"no such key; allowed are {', '.join(names)}",
                )
            )
        return found

    def finish(self) -> None:
        """Raise every fault at once, unknown keys among them.

        Raises
        ------
        PolicyError
            Where there is any fault: one line each, with the line in the file.
        """
        faults = self.faults()
        if faults:
            name = Path(self._source).name
            told = "\n".join(fault.told(name) for fault in faults)
            raise PolicyError(f"{self._source}: {len(faults)} to correct:\n{told}")

    def _take(self, key: str, allowed: str) -> object:
        self._asked.add(key)
        if key not in self._flat:
            self.refuse(key, f"missing; allowed is {allowed}")
            return None
        return self._flat[key]

    def _fault(self, key: str, came: object, allowed: str, stand_in: T) -> T:
        if came is not None:
            self.refuse(key, f"got {came!r}; allowed is {allowed}")
        return stand_in


def _span(low: float, high: float, above_low: bool) -> str:  # noqa: FBT001  # private, passed on
    start = f"above {low:,.10g}" if above_low else f"from {low:,.10g}"
    return f"a number {start}" if high == math.inf else f"a number {start} to {high:,.10g}"


def flatten(
    values: Mapping[str, object], prefix: str = "", above: places.Path = ()
) -> list[tuple[str, places.Path, object]]:
    """Return the dotted key, the path and the value of everything in nested tables.

    A list of tables stands there whole and table by table.
    """
    flat: list[tuple[str, places.Path, object]] = []
    for key, value in values.items():
        name, path = prefix + (key if _BARE.fullmatch(key) else f'"{key}"'), (*above, key)
        if isinstance(value, dict) and value:
            flat.extend(flatten(value, f"{name}.", path))
            continue
        flat.append((name, path, value))
        if isinstance(value, list):
            for place, row in enumerate(value):
                if isinstance(row, dict):
                    flat.extend(flatten(row, f"{name}[{place}].", (*path, place)))
    return flat


def _path(key: str) -> places.Path:
    """Return the parts of a key that the text lacks, `a.b[0].c` as `("a", "b", 0, "c")`."""
    return tuple(int(place) if place else bare for place, bare in _PART.findall(key))


def _name(path: places.Path) -> str:
    """Return the dotted key of a path."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            shown = part if _BARE.fullmatch(part) else f'"{part}"'
            name += f".{shown}" if name else shown
    return name
